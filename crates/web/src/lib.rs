//! HTTP: API, pages, hooks and live streams; no SQL, no vendor, no business rule.

pub mod limit;
pub mod problem;
pub mod serve;
pub mod telemetry;
