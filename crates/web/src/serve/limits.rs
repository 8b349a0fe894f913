//! The stated limits of a connection.

use std::time::Duration;

/// How long and how large everything on a connection may be.
///
/// Durations are fields so that tests can make them short; the defaults are what a server runs with.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at a time. For one more, the oldest that sent no request makes room, then the oldest idle
    /// one; when all are busy, it is answered 503.
    pub connections: usize,
    /// Connections at a time from one IPv4 address or one IPv6 /64, in the same way, answered 429; 0 is no
    /// limit. Behind a proxy all connections come from the proxy.
    pub per_address: usize,
    /// The TLS handshake.
    pub handshake: Duration,
    /// From the connection, or from the first byte of a further request, until its head is whole.
    pub head: Duration,
    /// Between requests on a kept connection.
    pub idle: Duration,
    /// Waiting for body bytes before the least rate counts.
    pub body_grace: Duration,
    /// The least rate of a body, bytes per second of waiting for it.
    pub body_rate: u64,
    /// Waiting for one body altogether.
    pub body_total: Duration,
    /// How long a client may leave an answer untaken.
    pub stalled: Duration,
    /// Bytes of the request target; more is 414.
    pub target_bytes: usize,
    /// Bytes of all header names and values; more is 431.
    pub header_bytes: usize,
    /// Streams at a time on one HTTP/2 connection.
    pub streams: u32,
    /// HTTP/2 streams that the client opened and reset before we took them up (rapid reset).
    pub pending_resets: usize,
    /// Finishing what runs after the request to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4_096,
            per_address: 64,
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            body_grace: Duration::from_secs(5),
            body_rate: 1_024,
            body_total: Duration::from_secs(120),
            stalled: Duration::from_secs(30),
            target_bytes: 8 * 1024,
            header_bytes: 32 * 1024,
            streams: 100,
            pending_resets: 20,
            drain: Duration::from_secs(25),
        }
    }
}
