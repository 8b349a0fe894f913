//! The stream of one open page.

use std::collections::HashSet;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use futures::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use watchfire_core::access::Identity;
use watchfire_engine::{Engine, Error};

use super::parts::parts;
use crate::AppState;
use crate::auth::visitor;
use crate::cookies::Secret;
use crate::pages::names::{Names, within};
use crate::pages::query::Query;
use crate::pages::visit::{Visit, theme};
use crate::serve::Draining;
use crate::telemetry::names::LIVE_STREAMS;

/// Open streams at once; a page without one says since when it stands still and asks again later.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1_024)));
/// Looks at once, never closed: after a change all open pages want to look, and whoever clicks or sends meanwhile must not wait
/// for them all.
static LOOKS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get) * 2));
/// Changes within this time are shown together.
const GATHER: Duration = Duration::from_millis(60);
/// The least time between two looks of one stream, so that a storm of alerts does not become a storm of pages.
const PACE: Duration = Duration::from_millis(250);
/// How long a stream says nothing before it looks whether the session still holds and says that it is alive. A page that hears
/// nothing for twice as long takes the connection for dead.
const BEAT: Duration = Duration::from_secs(15);

/// What is not found when the session is over.
const SESSION: &str = "session";

/// Sends the parts of a page that differ from what was sent before, each time that something changed which the reader
/// may see. The first answer sends all of them, so that nothing between loading and listening is missed; after a lost
/// connection `Last-Event-ID` leads to the same.
pub(crate) async fn stream(
    State(state): State<AppState>,
    draining: Option<Extension<Draining>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let who = match visitor(&state, &headers).await {
        Ok(Some(who)) => who,
        Ok(None) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let Ok(place) = Arc::clone(&PLACES).try_acquire_owned() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let page = query.get("page").unwrap_or_default();
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let progress = state.engine.subscribe();
    let open = Open {
        secret: Secret::Session.read(&headers).unwrap_or_default().to_owned(),
        seen: last_event(&headers).unwrap_or_default(),
        path: path.to_owned(),
        query: query.to_owned(),
        theme: theme(&headers),
        sent: HashSet::new(),
        begun: false,
        access_seen: 0,
        looked: Instant::now(),
        said: Instant::now(),
        who,
        progress,
        sharing: state.engine.sharing_answers(),
        draining: draining.map_or_else(CancellationToken::new, |Extension(Draining(stop))| stop),
        state,
        _place: Place::take(place),
    };
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, Sse::new(events(open))).into_response()
}

/// What one stream knows.
struct Open<P> {
    state: AppState,
    /// What is looked at after each change; sessions are looked up anew.
    sharing: Engine,
    who: Identity,
    secret: String,
    path: String,
    query: String,
    theme: &'static str,
    progress: watch::Receiver<P>,
    /// The server is about to stop: the page asks again and finds the next one.
    draining: CancellationToken,
    /// The last entry that the reader's page knows of.
    seen: i64,
    /// Hashes of the parts as they were sent last.
    sent: HashSet<u64>,
    begun: bool,
    /// The last entry after which nothing changed who sees what.
    access_seen: i64,
    looked: Instant,
    /// When something was sent last.
    said: Instant,
    _place: Place,
}

/// A stream's place among those that are open; counted while it is held.
struct Place(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl Place {
    fn take(permit: OwnedSemaphorePermit) -> Self {
        metrics::gauge!(LIVE_STREAMS).increment(1.0);
        Self(permit)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        metrics::gauge!(LIVE_STREAMS).decrement(1.0);
    }
}

fn events<P: Send + Sync + 'static>(open: Open<P>) -> impl Stream<Item = Result<Event, Infallible>> {
    let batches = stream::unfold(Some(open), |open| async move {
        let mut open = open?;
        match open.next().await {
            Ok(events) => Some((events, Some(open))),
            // The session is over, or the reader may not see the page any more: the page is told and the stream ends.
            Err(Error::NotFound(SESSION)) => Some((vec![Event::default().event("out").data("signed out")], None)),
            Err(Error::NotFound(_) | Error::Denied(_)) => Some((vec![Event::default().event("gone").data(nothing_here())], None)),
            Err(_) => None,
        }
    });
    futures::StreamExt::flat_map(batches, |events| stream::iter(events.into_iter().map(Ok)))
}

impl<P: Send + Sync> Open<P> {
    /// Waits for something to show and returns it; a beat when there was nothing for a while. A comment would not do: a page's
    /// script does not hear it.
    async fn next(&mut self) -> Result<Vec<Event>, Error> {
        let events = self.wait().await?;
        self.said = Instant::now();
        Ok(events)
    }

    async fn wait(&mut self) -> Result<Vec<Event>, Error> {
        if !self.begun {
            self.begun = true;
            // After a restart all pages come back at once.
            let Ok(_look) = LOOKS.acquire().await else { return Err(Error::Unavailable) };
            let head = self.state.engine.head().await?;
            self.access_seen = head;
            let mut events = self.changed(head).await?;
            events.push(Event::default().event("ready").data("live"));
            return Ok(events);
        }
        loop {
            // The beat comes first: changes that are not this reader's to see are no sign of life.
            let woken = tokio::select! {
                biased;
                () = self.draining.cancelled() => return Err(Error::Unavailable),
                () = sleep_until(self.said + BEAT) => None,
                woken = self.progress.changed() => Some(woken),
            };
            match woken {
                None => {
                    self.check_session().await?;
                    return Ok(vec![Event::default().event("beat").data("live")]);
                }
                // The engine has stopped: so does the stream.
                Some(Err(_)) => return Err(Error::Unavailable),
                Some(Ok(())) => {}
            }
            sleep_until((Instant::now() + GATHER).max(self.looked + PACE)).await;
            let Ok(_look) = LOOKS.acquire().await else { return Err(Error::Unavailable) };
            self.looked = Instant::now();
            self.progress.mark_unchanged();
            // Whoever was shut out is shut out before the next byte, and a right that was taken away is an entry that
            // the reader may not see any more: so it is looked for beside what they may see.
            self.check_session().await?;
            let (access_changed, head) = self.sharing.access_changed_after(self.access_seen).await?;
            self.access_seen = head;
            let seq = match self.sharing.news_after(&self.who, self.seen).await? {
                Some(seq) => seq,
                None if access_changed => self.seen,
                None => continue,
            };
            let events = self.changed(seq).await?;
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }

    /// Renders the page's parts and returns those that were not sent like this before.
    async fn changed(&mut self, seq: i64) -> Result<Vec<Event>, Error> {
        let visit = Visit::at(self.sharing.clone(), self.who.clone(), &self.path, &self.query, self.theme);
        let names = Names::read(&self.sharing, &self.who).await?;
        let parts = within(names, parts(&visit)).await?;
        let hashed: Vec<(u64, String)> = parts.into_iter().map(|part| (hash(&part), part)).collect();
        let present: HashSet<u64> = hashed.iter().map(|(hash, _)| *hash).collect();
        let fresh = hashed.into_iter().filter(|(hash, _)| !self.sent.contains(hash));
        let events = fresh.map(|(_, part)| Event::default().id(seq.to_string()).event("part").data(part)).collect();
        (self.sent, self.seen) = (present, seq);
        Ok(events)
    }

    /// Looks whether the session still holds and how far it reaches now.
    async fn check_session(&mut self) -> Result<(), Error> {
        match self.state.engine.session(&self.secret).await? {
            Some(who) => {
                self.who = who;
                Ok(())
            }
            // Whose session ran out keeps what they typed; whoever was shut out keeps nothing on the screen.
            None if self.state.engine.is_active(&self.who).await? => Err(Error::NotFound(SESSION)),
            None => Err(Error::NotFound("person")),
        }
    }
}

/// Returns what the page itself would show: the same for what was withdrawn and for what never was.
fn nothing_here() -> String {
    crate::pages::failed::Failed::not_found().fragment().replace(['\r', '\n'], " ")
}

fn last_event(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

fn hash(part: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    part.hash(&mut hasher);
    hasher.finish()
}
