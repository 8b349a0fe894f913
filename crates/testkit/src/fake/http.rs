//! A recorder of HTTP requests that answers what a closure says.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: String,
    /// With the query.
    pub path: String,
    /// Lower-case names; of a repeated header the last value.
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

impl Recorded {
    /// Returns the body as JSON, null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Returns a header's text, empty if it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// Waits so long before it answers.
    pub after: Duration,
}

impl Reply {
    /// Answers a status and a text at once.
    #[must_use]
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), after: Duration::ZERO }
    }

    /// Answers JSON at once.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, body.to_string()).header("content-type", "application/json")
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Answers later than any caller waits.
    #[must_use]
    pub fn never(mut self) -> Self {
        self.after = Duration::from_hours(1);
        self
    }
}

type Answering = Arc<dyn Fn(&Recorded) -> Reply + Send + Sync>;

/// The recorder; it ends with the test's runtime.
#[derive(Clone)]
pub struct HttpFake {
    pub address: SocketAddr,
    recorded: Arc<Mutex<Vec<Recorded>>>,
}

impl HttpFake {
    /// Listens on a free loopback port; every request is recorded before `answering` is asked.
    ///
    /// # Panics
    /// When no loopback port is free.
    pub async fn start(answering: impl Fn(&Recorded) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
        let address = listener.local_addr().expect("it is bound");
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let (kept, answering): (_, Answering) = (Arc::clone(&recorded), Arc::new(answering));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, answering) = (Arc::clone(&kept), Arc::clone(&answering));
                let service = service_fn(move |request| answer(request, Arc::clone(&kept), Arc::clone(&answering)));
                tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok() });
            }
        });
        Self { address, recorded }
    }

    /// Returns `http://` and the address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns what came so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn answer(
    request: hyper::Request<hyper::body::Incoming>,
    kept: Arc<Mutex<Vec<Recorded>>>,
    answering: Answering,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let headers = head.headers.iter();
    let recorded = Recorded {
        method: head.method.to_string(),
        path: head.uri.path_and_query().map_or_else(|| head.uri.path().to_owned(), ToString::to_string),
        headers: headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body,
    };
    kept.lock().unwrap_or_else(PoisonError::into_inner).push(recorded.clone());
    let reply = answering(&recorded);
    tokio::time::sleep(reply.after).await;
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    Ok(response.body(Full::new(Bytes::from(reply.body))).unwrap_or_default())
}
