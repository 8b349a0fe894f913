//! Chats: people command from there, once their account there is linked with the one here.

mod acts;
mod call;
mod door;
mod link;

pub use door::{ChatAnswer, ChatError};
pub use link::{ChatCode, ChatLink};
