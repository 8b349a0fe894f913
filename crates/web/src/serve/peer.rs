//! What a handler can know about the connection that a request came on.

use std::net::SocketAddr;

use tokio_util::sync::CancellationToken;

/// The other end of the connection; an extension of every request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer {
    /// The address that connected: the client's, or a proxy's.
    pub address: SocketAddr,
    /// Whether the connection is TLS of our own.
    pub secure: bool,
}

/// Tells that the server is about to stop; an extension of every request.
///
/// Server-sent events end by themselves then; any other answer without an end is cut off when the drain is over.
#[derive(Clone, Debug)]
pub struct Draining(pub CancellationToken);
