//! A store of its own for each test.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use watchfire_core::Severity;
use watchfire_core::access::{Identity, Role, Scope};
use watchfire_core::alert::{Current, DedupKey, Status};
use watchfire_core::event::Status as EventStatus;
use watchfire_core::id::{IncidentId, SourceId};
use watchfire_core::incident::{Class, Incident, Kind, Phase, Postmortem, SignalState, Visibility};
use watchfire_core::source::Headers;
use watchfire_core::time::{Clock, Timestamp, from_micros};

use crate::alert::Alert;
use crate::event::NewEvent;
use crate::source::Source;
use crate::{Error, Settings, Store, Work, random};

/// A clock that stands still until it is moved.
pub(super) struct Hands(Mutex<Timestamp>);

impl Hands {
    pub(super) fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().expect("no test panics while it holds the clock");
        *now = from_micros(now.as_microsecond() + seconds * 1_000_000);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no test panics while it holds the clock")
    }
}

/// A directory that is deleted with the test.
pub(super) struct Dir(PathBuf);

impl Dir {
    pub(super) fn new() -> Self {
        let name = watchfire_core::text::hex(&random::bytes::<8>().expect("the system has random bytes"));
        let path = std::env::temp_dir().join(format!("watchfire-store-{name}"));
        std::fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// An open store with its directory and, on PostgreSQL, its own database.
pub(super) struct Fixture {
    pub(super) store: Store,
    pub(super) clock: Arc<Hands>,
    pub(super) dir: Dir,
    database: Option<Database>,
}

/// An empty database to restore into.
pub(super) struct Target {
    dir: Dir,
    database: Database,
}

impl Target {
    pub(super) fn settings(&self) -> Settings {
        settings(&self.dir, Some(&self.database))
    }

    pub(super) async fn drop_database(self) {
        admin(&self.database.server, &format!("DROP DATABASE {} WITH (FORCE)", self.database.name)).await;
    }
}

struct Database {
    server: String,
    name: String,
}

impl Fixture {
    pub(super) async fn sqlite() -> Self {
        Self::open(Dir::new(), None).await
    }

    /// `None`, said plainly, where there is no server to test on.
    pub(super) async fn postgres() -> Option<Self> {
        let server = server()?;
        let name = format!("wf_{}", watchfire_core::text::hex(&random::bytes::<8>().expect("the system has random bytes")));
        admin(&server, &format!("CREATE DATABASE {name}")).await;
        Some(Self::open(Dir::new(), Some(Database { server, name })).await)
    }

    /// An empty database of PostgreSQL to restore into, without a store.
    pub(super) async fn postgres_empty() -> Option<Target> {
        let server = server()?;
        let name = format!("wf_{}", watchfire_core::text::hex(&random::bytes::<8>().expect("the system has random bytes")));
        admin(&server, &format!("CREATE DATABASE {name}")).await;
        Some(Target { dir: Dir::new(), database: Database { server, name } })
    }

    async fn open(dir: Dir, database: Option<Database>) -> Self {
        let now = from_micros(1_790_000_000_000_000);
        let clock = Arc::new(Hands(Mutex::new(now)));
        let settings = settings(&dir, database.as_ref());
        let store = Store::open(settings, Arc::clone(&clock) as Arc<dyn Clock>).await.expect("the store opens");
        Self { store, clock, dir, database }
    }

    pub(super) fn settings(&self) -> Settings {
        settings(&self.dir, self.database.as_ref())
    }

    /// Opens another store on the same database, as another node would.
    pub(super) async fn second(&self) -> Result<Store, Error> {
        Store::open(self.settings(), Arc::clone(&self.clock) as Arc<dyn Clock>).await
    }

    pub(super) async fn reopen(&mut self) {
        self.store.close().await;
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        self.store = Store::open(self.settings(), clock).await.expect("the store opens again");
    }

    pub(super) async fn end(self) {
        self.store.close().await;
        if let Some(Database { server, name }) = &self.database {
            admin(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }

    /// Returns a connection past the writer, as an administrator of the database has one.
    pub(super) async fn behind_our_back(&self) -> crate::db::Link {
        let pool = match self.settings().database_url {
            None => crate::db::Pool::sqlite(&self.settings().sqlite_path(), 1).await,
            Some(url) => crate::db::Pool::postgres(&url, 3).await,
        };
        pool.expect("a pool").writer().await.expect("a connection")
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) async fn source(&self, name: &str) -> SourceId {
        let source = Source {
            id: random::id(self.now()).expect("an id"),
            kind: "generic".to_owned(),
            name: name.to_owned(),
            key: format!("key-of-{name}"),
            secrets: vec![format!("secret-of-{name}")],
            settings: [("topic".to_owned(), "one".to_owned())].into(),
            created_at: self.now(),
            disabled_at: None,
        };
        let id = source.id;
        self.store
            .write(move |tx| {
                let source = source.clone();
                Box::pin(async move { crate::source::insert(tx, &source).await }) as Work<'_, ()>
            })
            .await
            .expect("a source");
        id
    }

    pub(super) fn event(&self, source: SourceId, delivery: Option<&str>, body: &[u8]) -> NewEvent {
        NewEvent {
            id: random::id(self.now()).expect("an id"),
            source,
            received_at: self.now(),
            trust: "signed".to_owned(),
            delivery_id: delivery.map(str::to_owned),
            headers: Headers::from_iter([("content-type", "application/json")]),
            body: Bytes::copy_from_slice(body),
            status: EventStatus::Pending,
            reason: None,
        }
    }

    pub(super) fn alert(&self, source: SourceId, key: &str) -> Alert {
        let now = self.now();
        let event = random::id(now).expect("an id");
        Alert {
            id: random::id(now).expect("an id"),
            source_id: source,
            source_name: String::new(),
            source_kind: String::new(),
            dedup_key: DedupKey::new("test", 1, key),
            group: None,
            speaks_for_group: false,
            current: Current {
                status: Status::Firing,
                episode: 1,
                count: 1,
                occurred_at: now,
                ended_at: None,
                changed_at: now,
                turns: vec![now],
                flapping: false,
                settled_at: None,
                acknowledged_here: false,
            },
            title: format!("alert {key}"),
            description: "it burns".to_owned(),
            severity: Some(Severity::Sev2),
            source_severity: Some("page".to_owned()),
            class: Some(Class::Reliability),
            resource: Some("host-1".to_owned()),
            link: Some("https://example.org/a".to_owned()),
            labels: [("job".to_owned(), "api".to_owned())].into(),
            sample: false,
            first_event: event,
            event,
            first_seen_at: now,
            last_seen_at: now,
            snapshot_scope: None,
            team: "platform".to_owned(),
            rule: "default".to_owned(),
            suppressed_by: None,
            acknowledged_by: None,
            version: 0,
        }
    }

    pub(super) fn incident(&self, title: &str, visibility: Visibility) -> Incident {
        let now = self.now();
        let id: IncidentId = random::id(now).expect("an id");
        Incident {
            id,
            short_id: watchfire_core::codename::short_id(random::bytes().expect("random bytes")),
            codename: "quiet-heron".to_owned(),
            title: title.to_owned(),
            summary: String::new(),
            class: Class::Intrusion,
            severity: Some(Severity::Sev2),
            phase: Phase::Reported,
            team: "security".to_owned(),
            visibility,
            sensitivity: watchfire_core::incident::Sensitivity::Normal,
            kind: Kind::Real,
            signal: SignalState::None,
            roles: Vec::new(),
            postmortem: Postmortem::NotDue,
            occurred_at: None,
            detected_at: now,
            acknowledged_at: None,
            declared_at: None,
            resolved_at: None,
            closed_at: None,
            scope_known_at: None,
            signalled: None,
            merged_into: None,
            rule: String::new(),
            plan_version: "v1".to_owned(),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
}

/// The scope of Watchfire's own work.
pub(super) fn everything() -> Scope {
    Identity::machine("test").scope()
}

/// What somebody of a role may see.
pub(super) fn scope(login: &str, role: Role) -> Scope {
    Identity::person(login, role).scope()
}

fn settings(dir: &Dir, database: Option<&Database>) -> Settings {
    let mut settings = Settings::new(dir.path().join("data"));
    settings.database_url = database.map(|database| with_database(&database.server, &database.name));
    settings
}

fn server() -> Option<String> {
    let url = std::env::var("WATCHFIRE_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        say_left_out();
    }
    url
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must learn which were left out")]
fn say_left_out() {
    eprintln!("left out on PostgreSQL: WATCHFIRE_TEST_POSTGRES_URL is not set");
}

fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let slashes = base.find("://").map_or(0, |at| at + 3);
    let end = base.get(slashes..).and_then(|rest| rest.find('/')).map_or(base.len(), |at| slashes + at);
    let base = base.get(..end).unwrap_or(base);
    query.map_or_else(|| format!("{base}/{name}"), |query| format!("{base}/{name}?{query}"))
}

async fn admin(server: &str, text: &str) {
    let options: sqlx::postgres::PgConnectOptions = server.parse().expect("an address of PostgreSQL");
    let mut conn = options.connect().await.expect("the test server answers");
    // Safe: the only changing part is a name of hex digits made above.
    sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut conn).await.expect("databases may be made here");
    conn.close().await.ok();
}

/// Writes one test for both databases.
macro_rules! on_both {
    (async fn $name:ident($fixture:ident: Fixture) $body:block) => {
        mod $name {
            use super::*;

            async fn story($fixture: Fixture) {
                $body
                $fixture.end().await;
            }

            on_both!(@tests story);
        }
    };
    // For stories that open the store again.
    (async fn $name:ident(mut $fixture:ident: Fixture) $body:block) => {
        mod $name {
            use super::*;

            async fn story(mut $fixture: Fixture) {
                $body
                $fixture.end().await;
            }

            on_both!(@tests story);
        }
    };
    (@tests $story:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_sqlite() {
            $story(Fixture::sqlite().await).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_postgres() {
            if let Some(fixture) = Fixture::postgres().await {
                $story(fixture).await;
            }
        }
    };
}
pub(super) use on_both;

/// Runs an operation given as an async block over `tx`, with what it uses cloned in.
macro_rules! commit {
    ($store:expr, |$tx:ident| [$($name:ident),*] $body:expr) => {{
        $(let $name = $name.clone();)*
        $store.write(move |$tx| {
            $(let $name = $name.clone();)*
            futures::FutureExt::boxed(async move { $body })
        }).await
    }};
}
pub(super) use commit;
