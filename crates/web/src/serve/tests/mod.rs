//! The listener against real sockets. Limits are short, so that every test waits for a close, never for a time.

mod client;
mod door;
mod drain;
mod http1;
mod http2;
mod secure;
mod server;
