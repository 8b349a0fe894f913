//! The client.

use std::net::IpAddr;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use rustls_pki_types::CertificateDer;
use serde_json::Value;

use super::error::{ClientError, Problem};
use super::retry::pause;
use crate::egress::{Answer, Call, Egress, Exceptions, Hosts, Limits, Settings, Url};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Answers of the API are pages of lists and single objects, exports the largest.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;
const TOTAL: Duration = Duration::from_secs(60);

/// How to reach a server.
#[derive(Clone, Default)]
pub struct Options {
    /// Its address, such as `http://127.0.0.1:7117` or `https://watch.example.org/base`.
    pub url: String,
    /// The token, if there is one; never written anywhere.
    pub token: Option<String>,
    /// Whether plain HTTP may be spoken to a host other than loopback.
    pub allow_plain: bool,
    /// Certificates of authorities to trust beside Mozilla's.
    pub authorities: Vec<CertificateDer<'static>>,
}

/// The way to one server.
#[derive(Clone, Debug)]
pub struct Watchfire {
    egress: Egress,
    hosts: Hosts,
    base: String,
    token: Option<HeaderValue>,
}

/// A request that changes something.
#[derive(Clone, Debug, Default)]
pub struct Write<'a> {
    pub body: Option<&'a Value>,
    /// Lets the server recognise the request if it has to be sent again.
    pub idempotency_key: Option<&'a str>,
}

impl Watchfire {
    /// Sets the client up; nothing is sent yet.
    ///
    /// # Errors
    /// When the address is none, or the token would go out in the clear.
    pub fn new(options: Options) -> Result<Self, ClientError> {
        let Options { url, token, allow_plain, authorities } = options;
        let wrong = |reason: &'static str| ClientError::Address { url: url.clone(), reason };
        let parsed = Url::parse(&url).map_err(|_| wrong("write it as https://host or http://127.0.0.1:7117"))?;
        let host = parsed.host_str().ok_or_else(|| wrong("it has no host"))?.trim_matches(['[', ']']).to_owned();
        if !parsed.username().is_empty() || parsed.password().is_some() || parsed.query().is_some() || parsed.fragment().is_some()
        {
            return Err(wrong("it holds more than scheme, host, port and path"));
        }
        let authority = parsed.host_str().unwrap_or_default();
        let permitted = match parsed.scheme() {
            "https" => host.clone(),
            "http" if allow_plain || is_loopback(&host) => {
                format!("http://{authority}:{}", parsed.port_or_known_default().unwrap_or(80))
            }
            "http" => return Err(ClientError::Plain { host }),
            _ => return Err(wrong("it is neither https nor http")),
        };
        // The server's own address is what the person typed, wherever it is.
        let exceptions = Exceptions::parse([permitted.as_str()]).map_err(|_| wrong("its host is none"))?;
        let limits = Limits { total: TOTAL, answer_bytes: ANSWER_BYTES, ..Limits::default() };
        let settings = Settings { exceptions, limits, authorities, ..Settings::default() };
        let token = token.map(|token| bearer(token.trim())).transpose()?;
        Ok(Self {
            egress: Egress::new(settings).map_err(ClientError::Setup)?,
            hosts: Hosts::only([host.as_str()]),
            base: parsed.as_str().trim_end_matches('/').to_owned(),
            token,
        })
    }

    /// Returns the server's address without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Reads, such as `/api/v1/incidents` with `[("phase", "declared")]`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with the server's own words for any answer but 2xx.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, ClientError> {
        let url = self.url(path, query)?;
        self.json(self.send(Method::GET, &url, &Write::default()).await?)
    }

    /// Reads something that is not JSON, such as an export.
    ///
    /// # Errors
    /// As [`Watchfire::get`].
    pub async fn bytes(&self, path: &str, query: &[(&str, &str)]) -> Result<Vec<u8>, ClientError> {
        let url = self.url(path, query)?;
        let answer = self.send(Method::GET, &url, &Write::default()).await?;
        if answer.status.is_success() { Ok(answer.body) } else { Err(self.refused(&answer)) }
    }

    /// Changes something with POST, PUT, PATCH or DELETE; an empty answer is `null`.
    ///
    /// # Errors
    /// As [`Watchfire::get`].
    pub async fn write(&self, method: Method, path: &str, write: Write<'_>) -> Result<Value, ClientError> {
        let url = self.url(path, &[])?;
        self.json(self.send(method, &url, &write).await?)
    }

    async fn send(&self, method: Method, url: &str, write: &Write<'_>) -> Result<Answer, ClientError> {
        let mut call = Call::new(method.clone(), url).header(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = &self.token {
            call = call.secret_header(header::AUTHORIZATION, token.clone());
        }
        if let Some(body) = write.body {
            call = call.json(body);
        }
        if let Some(key) = write.idempotency_key.and_then(|key| HeaderValue::from_str(key).ok()) {
            call = call.header(IDEMPOTENCY_KEY, key);
        }
        let repeatable = method == Method::GET || write.idempotency_key.is_some();
        let mut tries = 1;
        loop {
            let outcome = self.egress.send(call.clone(), &self.hosts).await;
            match pause(&outcome, tries, repeatable) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return outcome.map_err(|cause| ClientError::Unreachable { base: self.base.clone(), cause }),
            }
            tries += 1;
        }
    }

    fn json(&self, answer: Answer) -> Result<Value, ClientError> {
        if !answer.status.is_success() {
            return Err(self.refused(&answer));
        }
        if answer.status == StatusCode::NO_CONTENT || answer.body.is_empty() {
            return Ok(Value::Null);
        }
        let status = answer.status.as_u16();
        serde_json::from_slice(&answer.body).map_err(|_| ClientError::Foreign { base: self.base.clone(), status })
    }

    fn refused(&self, answer: &Answer) -> ClientError {
        let status = answer.status.as_u16();
        match serde_json::from_slice::<Problem>(&answer.body) {
            Ok(problem) => ClientError::Refused(Box::new(problem)),
            Err(_) => ClientError::Foreign { base: self.base.clone(), status },
        }
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<String, ClientError> {
        let text = format!("{}/{}", self.base, path.trim_start_matches('/'));
        let mut url = Url::parse(&text).map_err(|_| ClientError::Address { url: text, reason: "it cannot be called" })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url.into())
    }
}

fn bearer(token: &str) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| ClientError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Says whether a host is this machine, by its name or as an address.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
