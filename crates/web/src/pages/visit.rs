//! Who looks at a page, at what, and what stands around it.

use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use watchfire_core::access::{Identity, Right};
use watchfire_core::incident::Phase;
use watchfire_engine::{Engine, Error, IncidentFilter, PageRequest};

use super::failed::Failed;
use super::frame::{Counts, Frame, Mine, Page, Room};
use super::names::{Names, learn, within};
use super::query::{Query, encode};
use super::{done, due};
use crate::AppState;
use crate::auth::visitor;

/// What a handler answers with: a page, or why there is none.
pub(crate) type Answer = Result<Response, Failed>;

/// A signed-in reader at an address. Who is not signed in is sent to the sign-in page.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) who: Identity,
    pub(crate) engine: Engine,
    pub(crate) query: Query,
    pub(crate) path: String,
    pub(crate) theme: &'static str,
    pub(crate) now: Timestamp,
    /// What the reader has just done, in words; empty is nothing.
    pub(crate) done: String,
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let who = match visitor(state, &parts.headers).await {
            Ok(Some(who)) => who,
            Ok(None) => return Err(to_sign_in(parts)),
            Err(error) => return Err(Failed::from(error).into_response()),
        };
        match Names::read(&state.engine, &who).await {
            Ok(names) => learn(names),
            Err(error) => return Err(Failed::from(error).into_response()),
        }
        Ok(Self::at(state.engine.clone(), who, parts.uri.path(), parts.uri.query().unwrap_or_default(), theme(&parts.headers)))
    }
}

impl Visit {
    /// Makes a visit of an identity to an address.
    pub(crate) fn at(engine: Engine, who: Identity, path: &str, query: &str, theme: &'static str) -> Self {
        let now = engine.now();
        let query = Query::parse(query);
        let done = done::words(&query);
        // It is said once: no link, no form and no live stream of the page carries it on.
        Self { who, engine, query: query.without(done::NAME), path: path.to_owned(), theme, now, done }
    }

    /// Returns the reader's login.
    pub(crate) fn login(&self) -> &str {
        self.who.actor.id()
    }

    /// Tells whether the reader has a right.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.who.may(right).is_ok()
    }

    /// Returns which page of a list the address asks for.
    pub(crate) fn page(&self) -> PageRequest {
        PageRequest { cursor: self.query.get("cursor").map(str::to_owned), limit: 0 }
    }

    /// Gathers what stands around a room.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn frame(&self, title: impl Into<String>, room: Room, live: bool) -> Result<Frame, Error> {
        let counts = self.engine.counts(&self.who).await?;
        super::scheme::choose(self.engine.organisation(&self.who).await?.severity_display);
        Ok(Frame {
            title: title.into(),
            room,
            login: self.login().to_owned(),
            role: self.who.role.as_str(),
            counts: Counts {
                incidents_open: counts.open(),
                practice_open: counts.practice_open(),
                alerts_firing: counts.alerts.get("firing").copied().unwrap_or(0),
                quarantined: counts.quarantined,
            },
            mine: self.mine().await?,
            now: self.now,
            theme: self.theme,
            address: self.query.href(&self.path),
            live,
            told: self.told().await?,
            done: self.done.clone(),
        })
    }

    /// Answers with a room in its frame.
    ///
    /// # Errors
    /// The store does not answer, or the template does not render.
    pub(crate) async fn show(&self, title: impl Into<String>, room: Room, live: bool, content: impl Template) -> Answer {
        self.show_as(StatusCode::OK, title, room, live, content).await
    }

    /// Answers as [`Visit::show`], with another status.
    pub(crate) async fn show_as(
        &self,
        status: StatusCode,
        title: impl Into<String>,
        room: Room,
        live: bool,
        content: impl Template,
    ) -> Answer {
        let frame = self.frame(title, room, live).await?;
        Ok((status, Html(Page { frame, content }.render()?)).into_response())
    }

    /// Returns what owners are told on every page.
    async fn told(&self) -> Result<String, Error> {
        let used = self.engine.break_glass(&self.who).await?;
        Ok(used.map_or_else(String::new, |used| {
            let at = super::words::minute(used.at);
            format!("{} signed in here beside the identity provider at {at} UTC.", used.login)
        }))
    }

    /// Returns the reader's own next duty: a page to them, or what is due in the incidents that they lead.
    async fn mine(&self) -> Result<Option<Mine>, Error> {
        if let Some(page) = self.engine.my_open_pages(&self.who).await?.into_iter().next() {
            let severity = page.incident.severity.map_or("no severity", watchfire_core::Severity::label);
            // Somebody may be paged who is no person with wishes of their own: a token's owner that is gone.
            let wish = self.engine.paging_preference(&self.who, self.login()).await;
            return Ok(Some(Mine {
                href: format!("/pages/{}", page.id),
                what: format!("You are paged: {severity}"),
                incident: page.incident.short_id,
                paged: Some(page.id.to_string()),
                sound: wish.is_ok_and(|wish| wish.sound),
            }));
        }
        let filter = IncidentFilter {
            phases: Phase::ALL.into_iter().filter(|phase| phase.is_open()).collect(),
            commander: Some(self.login().to_owned()),
            ..IncidentFilter::default()
        };
        let led = self.engine.incidents(&self.who, filter, PageRequest { cursor: None, limit: 20 }).await?;
        let due = |row: &watchfire_engine::IncidentRow| {
            Some((due::in_list(&row.incident, row.update_due, row.stalled_since, self.login())?, row.incident.short_id.clone()))
        };
        Ok(led.items.iter().find_map(due).map(|(due, incident)| Mine {
            href: format!("/incidents/{incident}"),
            what: due.what,
            incident,
            paged: None,
            sound: false,
        }))
    }
}

tokio::task_local! {
    /// The theme of the page that this task answers with, for pages that no visit leads to.
    static THEME: &'static str;
}

/// Gives whatever answers a request its reader's theme and a place for the names that they may know.
pub(crate) async fn around(request: Request, next: Next) -> Response {
    let theme = theme(request.headers());
    THEME.scope(theme, within(Names::default(), next.run(request))).await
}

/// Returns the theme of the present request; empty, the system's, where there is none.
pub(crate) fn present_theme() -> &'static str {
    THEME.try_with(|theme| *theme).unwrap_or_default()
}

/// Reads the chosen theme; empty is the system's.
pub(crate) fn theme(headers: &HeaderMap) -> &'static str {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let chosen = cookies.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix("wf-theme="));
    match chosen {
        Some("dark") => "dark",
        Some("light") => "light",
        _ => "",
    }
}

/// Returns a path on this host, or the list of incidents for anything else.
pub(crate) fn local(path: &str) -> &str {
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if plain { path } else { "/incidents" }
}

fn to_sign_in(parts: &Parts) -> Response {
    let accepts = |kind: &str| {
        parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains(kind))
    };
    if accepts("text/event-stream") || accepts("application/json") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let wanted = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let reading = parts.method == Method::GET && wanted != "/";
    let target = if reading { format!("/sign-in?next={}", encode(wanted)) } else { "/sign-in".to_owned() };
    Redirect::to(&target).into_response()
}

#[cfg(test)]
mod tests;
