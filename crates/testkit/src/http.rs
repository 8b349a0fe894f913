//! A small HTTP/1.1 client that hides nothing.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// No answer of the server may take longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// Returns the body as JSON, null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Returns the body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns a header's text, empty if it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Says whether it is a 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Speaks with one server; each call has its own connection.
#[derive(Clone, Debug)]
pub struct Client {
    address: String,
    token: Option<String>,
}

impl Client {
    /// Makes a client for `host:port`; with a token every call carries it.
    #[must_use]
    pub fn new(address: impl Into<String>, token: Option<String>) -> Self {
        Self { address: address.into(), token }
    }

    /// Returns a client for the same server with another credential.
    #[must_use]
    pub fn with_token(&self, token: Option<&str>) -> Self {
        Self { address: self.address.clone(), token: token.map(str::to_owned) }
    }

    /// Makes one call.
    ///
    /// # Errors
    /// No connection, or it broke before the answer was whole.
    pub async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Result<Answer> {
        Connection::open(&self.address).await?.call(method, path, &self.headers(headers), body).await
    }

    /// Reads a document.
    ///
    /// # Panics
    /// When there is no answer or it is no 2xx.
    pub async fn get(&self, path: &str) -> Value {
        let answer = self.call("GET", path, &[], Bytes::new()).await.unwrap_or_else(|error| panic!("GET {path}: {error:#}"));
        assert!(answer.is_success(), "GET {path}: {} {}", answer.status, answer.text());
        answer.json()
    }

    /// Reads a document, or nothing while the server cannot answer.
    pub async fn try_get(&self, path: &str) -> Option<Value> {
        let answer = self.call("GET", path, &[], Bytes::new()).await.ok()?;
        answer.is_success().then(|| answer.json())
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.call("POST", path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// Sends JSON by any method.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Result<Answer> {
        self.call(method, path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// Reads a list to its end, page by page.
    ///
    /// # Panics
    /// When a page cannot be read, or the pages do not end.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), None::<String>);
        for _ in 0..10_000 {
            let mark = if path.contains('?') { '&' } else { '?' };
            let from = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = self.get(&format!("{path}{mark}limit=200{from}")).await;
            items.extend(page["items"].as_array().cloned().unwrap_or_default());
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
        panic!("the pages of {path} do not end");
    }

    /// Opens a connection that is kept.
    ///
    /// # Errors
    /// Nobody listens.
    pub async fn connect(&self) -> Result<Connection> {
        Connection::open(&self.address).await
    }

    fn headers<'a>(&self, headers: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        all.extend(self.token.iter().map(|token| ("authorization".to_owned(), format!("Bearer {token}"))));
        all
    }
}

/// One kept connection.
#[derive(Debug)]
pub struct Connection {
    address: String,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects to `host:port`.
    ///
    /// # Errors
    /// Nobody listens, or not within the limit.
    pub async fn open(address: &str) -> Result<Self> {
        let stream = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await.context("connecting took too long")??;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move { connection.await.ok() });
        Ok(Self { address: address.to_owned(), sender })
    }

    /// Makes one call.
    ///
    /// # Errors
    /// The connection broke before the answer was whole, or that took too long.
    pub async fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let mut request = http::Request::builder().method(method).uri(path).header("host", &self.address);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(body.into()))?;
        tokio::time::timeout(PATIENCE, async {
            self.sender.ready().await?;
            let response = self.sender.send_request(request).await?;
            let (head, body) = response.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
        })
        .await
        .map_err(|_| anyhow!("{method} {path}: no answer within {} s", PATIENCE.as_secs()))?
    }
}

/// Writes a text so that it may stand in an address: every byte but letters and digits as `%XX`.
pub fn percent(text: &str) -> String {
    let one = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}
