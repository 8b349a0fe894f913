//! A running server of a test.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Client, Database, Folder, Process, Program, free_port};

/// How long a server may take until it is ready.
const READY: Duration = Duration::from_secs(60);

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    /// Variables for the server alone.
    pub environment: Vec<(String, String)>,
    /// Arguments after `serve`.
    pub arguments: Vec<String>,
    /// The data folder; without one the test gets its own.
    pub data: Option<PathBuf>,
}

/// A server on a free loopback port, killed at the end.
#[derive(Debug)]
pub struct Server {
    program: Program,
    process: Process,
    data: PathBuf,
    port: u16,
    token: String,
    database_url: Option<String>,
    options: ServerOptions,
    // Not in the data folder: a test may look for texts in everything that the server keeps, or fill its disk.
    logs: Folder,
    // Dropped last: the process has ended when its files and its database go.
    _folder: Option<Folder>,
    _database: Option<Database>,
}

/// What `POST /api/v1/sources` answered.
#[derive(Clone, Debug)]
pub struct NewSource {
    pub id: String,
    pub key: String,
    pub secret: String,
    /// Path of its deliveries: `/hooks/<kind>/<key>`.
    pub path: String,
}

impl Server {
    /// Sets a server up (`init`) and starts it.
    ///
    /// # Panics
    /// When either fails; the text holds what the program said.
    pub async fn start(program: &str, database: Database) -> Self {
        Self::start_with(program, database, ServerOptions::default()).await
    }

    /// As [`Server::start`], with options.
    ///
    /// # Panics
    /// When it fails; the text holds what the program said.
    pub async fn start_with(program: &str, database: Database, options: ServerOptions) -> Self {
        let url = database.url().map(str::to_owned);
        let folder = options.data.is_none().then(Folder::new);
        let data = match (&options.data, &folder) {
            (Some(data), _) => data.clone(),
            (None, Some(folder)) => folder.path().join("data"),
            (None, None) => unreachable!("there is one of them"),
        };
        let program = Program::new(program);
        let token = init(&program, &data, url.as_deref()).await;
        let mut server = Self::serve(program, data, url, token, free_port(), options).await;
        server._folder = folder;
        server._database = Some(database);
        server
    }

    /// As [`Server::start_with`], on a port that the test has chosen: others have to know it before.
    ///
    /// # Panics
    /// When it fails; the text holds what the program said.
    pub async fn start_at(program: &str, database: Database, port: u16, options: ServerOptions) -> Self {
        let (folder, program) = (Folder::new(), Program::new(program));
        let (data, url) = (folder.path().join("data"), database.url().map(str::to_owned));
        let token = init(&program, &data, url.as_deref()).await;
        let mut server = Self::serve(program, data, url, token, port, options).await;
        (server._folder, server._database) = (Some(folder), Some(database));
        server
    }

    /// As [`Server::start_at`], without setting it up: nobody has an account, and there is no token.
    ///
    /// # Panics
    /// As there.
    pub async fn start_bare(program: &str, database: Database, port: u16, options: ServerOptions) -> Self {
        let (folder, program) = (Folder::new(), Program::new(program));
        let (data, url) = (folder.path().join("data"), database.url().map(str::to_owned));
        let mut server = Self::serve(program, data, url, String::new(), port, options).await;
        (server._folder, server._database) = (Some(folder), Some(database));
        server
    }

    /// Starts a second server on the same PostgreSQL database, with the same data folder (blobs), key and token.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn beside(&self) -> Self {
        let options = ServerOptions { data: Some(self.data.clone()), ..self.options.clone() };
        Self::serve(self.program.clone(), self.data.clone(), self.database_url.clone(), self.token.clone(), free_port(), options)
            .await
    }

    async fn serve(
        program: Program,
        data: PathBuf,
        url: Option<String>,
        token: String,
        port: u16,
        options: ServerOptions,
    ) -> Self {
        let logs = Folder::new();
        let log = logs.path().join("server.log");
        let process = spawn(&program, &data, url.as_deref(), port, &options, &log);
        let database_url = url;
        let mut server =
            Self { program, process, data, port, token, database_url, options, logs, _folder: None, _database: None };
        server.ready().await;
        server
    }

    /// Waits until the server says that it is ready and returns how long that took.
    ///
    /// # Panics
    /// When it ends instead or takes too long.
    pub async fn ready(&mut self) -> Duration {
        let began = Instant::now();
        let client = Client::new(self.address(), None);
        while began.elapsed() < READY {
            if client.try_get("/readyz").await.is_some() {
                return began.elapsed();
            }
            if let Some(status) = self.process.ended() {
                panic!("the server ended with {status} before it was ready:\n{}", self.process.log());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("the server was not ready within {} s:\n{}", READY.as_secs(), self.process.log());
    }

    /// Kills the server and starts it again on the same data; returns how long it took to be ready.
    ///
    /// # Panics
    /// When it does not come back.
    pub async fn kill_and_restart(&mut self) -> Duration {
        self.process.kill();
        self.restart().await
    }

    /// Starts the ended server again on the same port and data; returns how long it took to be ready.
    ///
    /// # Panics
    /// When it does not come back.
    pub async fn restart(&mut self) -> Duration {
        let log = self.logs.path().join("server.log");
        self.process = spawn(&self.program, &self.data, self.database_url.as_deref(), self.port, &self.options, &log);
        self.ready().await
    }

    /// Returns `host:port`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns the address for people and senders.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Returns a client with the owner's token.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.address(), Some(self.token.clone()))
    }

    /// Returns a client without a credential, as senders are.
    #[must_use]
    pub fn stranger(&self) -> Client {
        Client::new(self.address(), None)
    }

    /// Returns the owner's token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Signs the owner in with the token, as a browser does, and returns the session's cookie.
    ///
    /// # Panics
    /// If the server does not let them in.
    pub async fn sign_in(&self) -> String {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let answer = self.stranger().call("POST", "/sign-in", &headers, format!("token={}", self.token)).await;
        let answer = answer.unwrap_or_else(|error| panic!("signing in: {error:#}"));
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }

    /// Returns the command line, set up to reach this server.
    #[must_use]
    pub fn cli(&self) -> Program {
        self.program.clone().env("WATCHFIRE_URL", &self.url()).env("WATCHFIRE_TOKEN", &self.token)
    }

    /// Returns the folder of its log, for tests that look for texts in everything that it writes.
    #[must_use]
    pub fn logs(&self) -> &Folder {
        &self.logs
    }

    /// Returns the one-time sign-in link that the server printed last, if it did.
    #[must_use]
    pub fn sign_in_link(&self) -> Option<String> {
        let log = self.process.log();
        log.split_whitespace().rfind(|word| word.contains("/sign-in/")).map(str::to_owned)
    }

    /// Returns the data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Returns the address of its PostgreSQL database, nothing on SQLite.
    #[must_use]
    pub fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref()
    }

    /// Returns the process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Connects a source.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn add_source(&self, kind: &str, name: &str) -> NewSource {
        self.add_source_with(kind, name, json!({})).await
    }

    /// Connects a source with settings.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn add_source_with(&self, kind: &str, name: &str, settings: Value) -> NewSource {
        let body = json!({ "kind": kind, "name": name, "settings": settings });
        let answer = self.client().post("/api/v1/sources", &body).await.expect("the server answers");
        assert!(answer.is_success(), "source {kind}: {} {}", answer.status, answer.text());
        let value = answer.json();
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let key = text("key");
        assert!(!key.is_empty(), "a new source shows its key: {value}");
        NewSource { id: text("id"), path: format!("/hooks/{kind}/{key}"), secret: text("secret"), key }
    }

    /// Waits until every event that was accepted has been processed.
    ///
    /// # Panics
    /// When that takes longer than the limit.
    pub async fn settled(&self, within: Duration) -> Duration {
        let client = self.client();
        crate::eventually("every accepted event is processed", within, || async {
            let pending = client.try_get("/api/v1/events?status=pending&limit=1").await;
            pending.is_some_and(|page| page["items"].as_array().is_some_and(Vec::is_empty))
        })
        .await
    }
}

fn spawn(program: &Program, data: &Path, url: Option<&str>, port: u16, options: &ServerOptions, log: &Path) -> Process {
    let mut command = program.command(["serve", "--data"]);
    command.arg(data).args(["--listen", &format!("127.0.0.1:{port}")]);
    command.args(url.into_iter().flat_map(|url| ["--database-url", url]));
    command.args(&options.arguments).envs(options.environment.iter().map(|(name, value)| (name, value)));
    Process::start("watchfire", &mut command, log).expect("the built server starts")
}

async fn init(program: &Program, data: &Path, url: Option<&str>) -> String {
    let folder = data.to_string_lossy();
    let mut arguments = vec!["init", "--data", &folder, "--email", "owner@example.com", "--json"];
    arguments.extend(url.into_iter().flat_map(|url| ["--database-url", url]));
    let made = program.json(&arguments).await;
    made["admin_token"].as_str().expect("init prints the owner's token").to_owned()
}
