//! Where senders deliver: our own addresses under `/hooks`, and the addresses of the vendors whose senders we take in.
//!
//! Every delivery is one [`Engine::accept`](watchfire_engine::Engine::accept); a 2xx is answered after it returned, so
//! after the bytes are on stable storage. An address that is not there and a wrong credential are the same answer.

mod delivery;
mod direct;
mod opsgenie;
mod pagerduty;
mod router;
mod slack;

pub(crate) use router::router;
