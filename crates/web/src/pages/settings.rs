//! What can be set, and where: one line each, with what is set now.

use askama::Template;
use watchfire_core::access::Right;

use super::filters;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "settings.html")]
pub(crate) struct Settings {
    pub(crate) items: Vec<Item>,
}

/// One thing that can be set.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) icon: &'static str,
    pub(crate) href: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    /// What is set now.
    pub(crate) now: String,
}

/// Answers with what can be set by this reader.
pub(crate) async fn show(visit: Visit) -> Answer {
    let sources = visit.engine.source_names(&visit.who).await.map(|sources| sources.len()).ok();
    let plans = visit.engine.plans();
    let item = |icon, href, title, about, now: String| Item { icon, href, title, about, now };
    let mut items = Vec::new();
    if let Some(sources) = sources {
        items.push(item("source", "/sources", "Sources", "Who sends alerts, with what secret", format!("{sources} set up")));
    }
    if visit.may(Right::Act) {
        let teams = plans.teams.len();
        let now = format!("version {}, {} rules, {teams} teams", plans.version, plans.routes.len());
        items.push(item("plan", "/plans", "Plans", "Routing, severities, on-call, escalation: files in git", now));
    }
    items.push(item("lock", "/tokens", "Tokens", "Credentials for programs and for the command line", String::new()));
    items.extend(
        super::routes::MORE_SETTINGS.iter().map(|(icon, href, title, about)| item(icon, href, title, about, String::new())),
    );
    visit.show("Settings", Room::Settings, false, Settings { items }).await
}
