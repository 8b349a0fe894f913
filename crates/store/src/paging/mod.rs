//! Paging: contacts of people, pages, attempts, and the links that acknowledge.

mod attempt;
mod budget;
mod contact;
mod link;
mod page;
mod preference;
mod roster;
mod stall;

pub use attempt::{Attempt, AttemptStatus, add_attempt, attempt_by_key, attempts, save_attempt};
pub use budget::{Told, told_between};
pub use contact::{Code, Contact, add_contact, contact, contacts, contacts_of, remove_contact, save_contact};
pub use link::{Link, add_link, expire_links, link};
pub use page::{Filter, Page, insert, list, of_incident, open_of_person, page, save, teams_of};
pub use preference::{Preference, preference, preferences, save_preference};
pub use roster::{Somebody, everybody, gone, incidents_of};
pub use stall::{last_change, last_changes};

#[cfg(test)]
pub(crate) const STATEMENTS: [&[(&str, crate::statements::Sql)]; 7] =
    [attempt::ALL, contact::ALL, link::ALL, page::ALL, preference::ALL, roster::ALL, stall::ALL];
