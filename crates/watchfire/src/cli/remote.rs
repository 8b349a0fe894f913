//! Speaking with a running server.

use std::path::PathBuf;

use clap::Args;
use http::Method;
use serde_json::{Value, json};
use watchfire_connect::clients::watchfire::{ClientError, Options, Problem, Watchfire, Write};
use watchfire_core::text::hex;

use super::failure::{Exit, Failure};
use super::output::Output;

/// Where the server is and who asks.
#[derive(Args, Clone, Debug)]
pub(crate) struct Remote {
    /// Address of the server
    #[arg(
        long,
        value_name = "URL",
        env = "WATCHFIRE_URL",
        default_value = "http://127.0.0.1:7117",
        global = true,
        help_heading = "Connection"
    )]
    server: String,
    /// File that holds the token; without it WATCHFIRE_TOKEN is read
    #[arg(long, value_name = "FILE", env = "WATCHFIRE_TOKEN_FILE", global = true, help_heading = "Connection")]
    token_file: Option<PathBuf>,
    /// Send the token over plain HTTP to another machine
    #[arg(long, env = "WATCHFIRE_ALLOW_PLAIN", global = true, help_heading = "Connection")]
    allow_plain: bool,
    /// Print data as JSON, as the API gives it
    #[arg(long, global = true, help_heading = "Connection")]
    json: bool,
}

impl Remote {
    /// Returns how the command speaks.
    pub(crate) fn output(&self) -> Output {
        Output { json: self.json }
    }

    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    /// There is no token, its file cannot be read, or the address is none.
    pub(crate) fn connect(&self) -> Result<Client, Failure> {
        let options =
            Options { url: self.server.clone(), token: Some(self.token()?), allow_plain: self.allow_plain, ..Options::default() };
        let inner = Watchfire::new(options).map_err(failure)?;
        Ok(Client { inner })
    }

    fn token(&self) -> Result<String, Failure> {
        let text = match &self.token_file {
            Some(file) => std::fs::read_to_string(file)
                .map_err(|error| Failure::new(Exit::Unreachable, format!("cannot read {}: {error}", file.display())))?,
            None => std::env::var("WATCHFIRE_TOKEN").unwrap_or_default(),
        };
        let token = text.trim();
        if token.is_empty() {
            let failure = Failure::new(Exit::NotAllowed, "there is no token");
            return Err(failure.hint("set WATCHFIRE_TOKEN or --token-file; `watchfire init` and `watchfire token add` make one"));
        }
        Ok(token.to_owned())
    }
}

/// A server with a credential.
pub(crate) struct Client {
    inner: Watchfire,
}

impl Client {
    /// Reads a document.
    pub(crate) async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value, Failure> {
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.inner.get(&format!("/api/v1{path}"), &query).await.map_err(failure)
    }

    /// Reads what is no JSON: an export.
    pub(crate) async fn bytes(&self, path: &str, query: &[(&str, String)]) -> Result<Vec<u8>, Failure> {
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.inner.bytes(&format!("/api/v1{path}"), &query).await.map_err(failure)
    }

    /// Sends a body and returns the answer; an answer without a body is null.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.write(Method::POST, path, Some(body)).await
    }

    /// Sends a body that replaces something.
    pub(crate) async fn put(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.write(Method::PUT, path, Some(body)).await
    }

    /// Sends a body that changes parts of something.
    pub(crate) async fn patch(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.write(Method::PATCH, path, Some(body)).await
    }

    /// Takes something away.
    pub(crate) async fn delete(&self, path: &str) -> Result<Value, Failure> {
        self.write(Method::DELETE, path, None).await
    }

    /// Sends a write under a key of its own: sent again after a lost answer, it is done once.
    async fn write(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        let key = hex(&rand::random::<[u8; 16]>());
        let write = Write { body: body.as_ref(), idempotency_key: Some(&key) };
        self.inner.write(method, &format!("/api/v1{path}"), write).await.map_err(failure)
    }
}

/// Turns the client's error into the command's failure.
fn failure(error: ClientError) -> Failure {
    let exit = match error.status() {
        None if matches!(error, ClientError::Unreachable { .. }) => Exit::Unreachable,
        None => Exit::Fault,
        Some(401 | 403) => Exit::NotAllowed,
        Some(429 | 502..=504) => Exit::Unreachable,
        Some(500..) => Exit::Fault,
        Some(_) => Exit::Refused,
    };
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        message.push_str(&format!(": {error}"));
        cause = error.source();
    }
    let mut failure = Failure::new(exit, message);
    match &error {
        ClientError::Unreachable { .. } => {
            failure = failure.hint("is the server running, and is WATCHFIRE_URL or --server its address?");
        }
        ClientError::Refused(problem) => failure.problem = Some(document(problem)),
        _ => {}
    }
    failure
}

/// Writes a problem as the server wrote it.
fn document(problem: &Problem) -> Value {
    let errors: Vec<Value> = problem.errors.iter().map(|error| json!({ "field": error.field, "detail": error.detail })).collect();
    json!({
        "type": problem.kind,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": problem.instance,
        "errors": errors,
    })
}

/// Escapes a text for one segment of a path or one value of a query (RFC 3986 unreserved characters stay).
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Collects the query of a list: only what was given.
pub(crate) fn query<'a>(pairs: &[(&'a str, Option<String>)]) -> Vec<(&'a str, String)> {
    pairs.iter().filter_map(|(name, value)| value.clone().map(|value| (*name, value))).collect()
}

/// Which page of a list.
#[derive(Args, Clone, Debug)]
pub(crate) struct PageArgs {
    /// Rows, at most 200
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=200))]
    limit: u16,
    /// Where the last page ended
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

impl PageArgs {
    /// Adds the page to a list's query.
    pub(crate) fn onto<'a>(&self, mut query: Vec<(&'a str, String)>) -> Vec<(&'a str, String)> {
        query.push(("limit", self.limit.to_string()));
        query.extend(self.cursor.clone().map(|cursor| ("cursor", cursor)));
        query
    }
}
