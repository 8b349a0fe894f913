//! HTTP: API, pages, hooks and live streams; no SQL, no vendor, no business rule.
