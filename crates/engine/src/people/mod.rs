//! People, teams and what the organisation has decided about itself.

mod adopt;
mod change;
mod meant;
mod organisation;
mod read;
mod team;

pub use change::{NewPerson, PersonChange};
pub(crate) use change::{fresh, insert};
pub(crate) use organisation::write as write_organisation;
pub use organisation::{Organisation, SeverityDisplay};
pub(crate) use read::KnownPeople;
pub use read::{PeopleFilter, PersonRow};
pub use team::TeamRow;
