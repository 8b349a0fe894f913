//! HTTP: API, pages, hooks and live streams; no SQL, no vendor, no business rule.

mod assets;
mod pages;
