//! Speaking with a running server.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use watchfire_connect::clients::watchfire as client;

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
    /// Print data as JSON, as the API gives it
    #[arg(long, global = true, help_heading = "Connection")]
    json: bool,
}

/// The words of an HTTP call that the commands use.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
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
        let token = self.token()?;
        let inner = client::Client::new(&self.server, &token)
            .map_err(|error| Failure::usage(error.to_string()).hint("set WATCHFIRE_URL or --server"))?;
        Ok(Client { inner, server: self.server.clone() })
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
    inner: client::Client,
    server: String,
}

impl Client {
    /// Reads a document.
    pub(crate) async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value, Failure> {
        self.call(Verb::Get, path, query, None).await
    }

    /// Sends a body and returns the answer; an answer without a body is null.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.call(Verb::Post, path, &[], Some(body)).await
    }

    /// Sends a body that replaces something.
    pub(crate) async fn put(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.call(Verb::Put, path, &[], Some(body)).await
    }

    /// Makes one call.
    ///
    /// # Errors
    /// The server cannot be reached, or answers with a problem.
    pub(crate) async fn call(
        &self,
        verb: Verb,
        path: &str,
        query: &[(&str, String)],
        body: Option<Value>,
    ) -> Result<Value, Failure> {
        let method = match verb {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        };
        let mut target = format!("/api/v1{path}");
        for (at, (name, value)) in query.iter().enumerate() {
            target.push(if at == 0 { '?' } else { '&' });
            target.push_str(&format!("{name}={}", segment(value)));
        }
        let answer = self.inner.call(method, &target, body.as_ref()).await.map_err(|error| {
            let failure = Failure::new(Exit::Unreachable, format!("{}: {error}", self.server));
            failure.hint("is the server running, and is this its address?")
        })?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        Err(refused(answer.status, answer.body))
    }
}

/// Turns an answer that is no success into the command's failure.
fn refused(status: u16, problem: Value) -> Failure {
    let text = |name: &str| problem.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (title, detail) = (text("title"), text("detail"));
    let message = match (title.is_empty(), detail.is_empty()) {
        (_, false) => detail,
        (false, true) => title,
        (true, true) => format!("the server answered {status}"),
    };
    let exit = match status {
        401 | 403 => Exit::NotAllowed,
        502..=504 | 429 => Exit::Unreachable,
        500.. => Exit::Fault,
        _ => Exit::Refused,
    };
    let mut failure = Failure::new(exit, message);
    if status == 401 {
        failure = failure.hint("the token is wrong, has expired or was revoked");
    }
    if let Some(errors) = problem.get("errors").and_then(Value::as_array) {
        let lines: Vec<String> = errors.iter().map(fault_line).collect();
        failure.message = format!("{}\n{}", failure.message, lines.join("\n"));
    }
    failure.problem = Some(problem);
    failure
}

/// Writes one of a problem's `errors` as `field: what was wrong`.
fn fault_line(error: &Value) -> String {
    format!("{}: {}", super::output::at(error, "field"), super::output::at(error, "detail"))
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
