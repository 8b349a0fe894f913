//! E-mail over SMTP: one plain text part, TLS, and both sides of the conversation kept as evidence.
//!
//! The client is our own: it has to know at which byte a conversation broke, since before the final dot nothing has
//! happened and after it everything may have (docs/adr/0008).

mod channel;
mod letter;
mod pool;
mod reply;
mod session;

pub(super) use channel::Smtp;
#[cfg(test)]
pub(super) use letter::letter;
