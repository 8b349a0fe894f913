//! The listener: our own accept loop, so that nobody can hold a connection open for nothing.
//!
//! `axum::serve` waits for ever on a half-sent header and bounds neither connections nor their number per
//! address. Here every state of a connection has a deadline ([`Limits`]): the TLS handshake, the head, the
//! body, the idle pause, and a reader that does not take its answer. It knows nothing of routes.

mod activity;
mod admission;
mod body;
mod connection;
mod descriptors;
mod head;
mod io;
mod limits;
mod listen;
mod peer;
mod response;
mod tls;

pub use body::TooSlow;
pub use limits::Limits;
pub use listen::{Drained, Server};
pub use peer::{Draining, Peer};
pub use tls::{Tls, TlsError};

#[cfg(test)]
mod tests;
