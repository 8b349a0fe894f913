//! Small servers that stand for vendors: they record what they got, and answer or fail as they are told.

mod http;
mod slack;
mod smtp;

pub use http::{HttpFake, Recorded, Reply};
pub use slack::{SlackFake, SlackFault, SlackMessage};
pub use smtp::{Letter, Manners, SmtpFake};
