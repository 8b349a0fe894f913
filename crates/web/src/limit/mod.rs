//! What every request passes before it reaches a handler: bounds, headers, numbers, checks.
//!
//! [`protect`] puts all layers around a router in the one right order; [`body`] and [`StrictJson`] read what a
//! client sent within stated limits. It knows nothing of incidents.

mod access_log;
pub mod body;
mod client;
mod csrf;
mod headers;
pub mod json;
mod panic;
mod rate;
mod request_id;
mod sign_in;
mod stack;

pub use body::{BodyError, BodyLimit};
pub use client::{ClientAddress, TrustedProxies};
pub use headers::CONTENT_SECURITY_POLICY;
pub use json::StrictJson;
pub use rate::{Rate, Wait};
pub use request_id::{RequestId, current_request_id};
pub use sign_in::{Attempt, SignIns};
pub use stack::{Protection, protect};
