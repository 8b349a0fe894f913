//! HTTP: API, pages, hooks and live streams; no SQL, no vendor, no business rule.

pub mod api;
mod assets;
mod auth;
mod cookies;
mod csv;
mod health;
mod hooks;
pub mod limit;
mod live;
mod pages;
pub mod problem;
mod router;
pub mod serve;
mod state;
pub mod telemetry;

pub use router::router;
pub use state::AppState;
