//! HTTP: API, pages, hooks and live streams; no SQL, no vendor, no business rule.

pub mod api;
mod auth;
mod health;
mod hooks;
pub mod limit;
pub mod problem;
mod router;
pub mod serve;
mod state;
pub mod telemetry;

pub use router::router;
pub use state::AppState;
