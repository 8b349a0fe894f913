//! The list of pages.

use super::{api, commands, configuration};

/// Returns all pages: file name and text.
pub(crate) fn pages() -> Vec<(&'static str, String)> {
    let document = watchfire_web::api::openapi();
    let mut json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.push('\n');
    vec![
        ("api.md", api::page(&serde_json::to_value(&document).unwrap_or_default())),
        ("cli.md", commands::page()),
        ("configuration.md", configuration::page()),
        ("openapi.json", json),
        ("secret-rules.md", watchfire_scan::rule::reference::page(watchfire_scan::rule::RuleSet::builtin())),
        ("sources.md", watchfire_connect::sources::render_reference()),
    ]
}
