//! HTTP: API, pages, hooks and live streams; no SQL, no vendor, no business rule.

mod assets;
pub mod limit;
mod pages;
pub mod problem;
pub mod serve;
pub mod telemetry;
