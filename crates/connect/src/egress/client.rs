//! The egress client.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;

use super::resolver::{Checked, NotResolved};
use super::{Answer, Call, EgressError, Exceptions, Hosts, Resolver, SystemResolver, target};

const USER_AGENT: &str = concat!("watchfire/", env!("CARGO_PKG_VERSION"));

/// How long and how large a call may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Resolving, connecting and the TLS handshake.
    pub connect: Duration,
    /// From the call to the last byte of the answer.
    pub total: Duration,
    /// Bytes of the answer, unpacked.
    pub answer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: Duration::from_secs(15), answer_bytes: 1024 * 1024 }
    }
}

/// What the egress client is set up with; the default permits the public internet and nothing else.
pub struct Settings {
    pub exceptions: Exceptions,
    pub limits: Limits,
    /// Certificates of authorities to trust beside Mozilla's, such as the organisation's own.
    pub authorities: Vec<CertificateDer<'static>>,
    pub resolver: Arc<dyn Resolver>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            exceptions: Exceptions::default(),
            limits: Limits::default(),
            authorities: Vec::new(),
            resolver: Arc::new(SystemResolver),
        }
    }
}

/// The one client; cheap to clone, keeps connections.
#[derive(Clone)]
pub struct Egress {
    client: Client,
    pub(super) exceptions: Arc<Exceptions>,
    pub(super) limits: Limits,
    pub(super) resolver: Arc<dyn Resolver>,
    /// For connections that are not HTTP.
    pub(super) tls: Arc<ClientConfig>,
}

impl Egress {
    /// Sets the client up. It needs no crypto provider of the process and reads no proxy from the environment:
    /// a proxy would resolve names after our check.
    ///
    /// # Errors
    /// When an authority's certificate cannot be used.
    pub fn new(settings: Settings) -> Result<Self, EgressError> {
        let Settings { exceptions, limits, authorities, resolver } = settings;
        let exceptions = Arc::new(exceptions);
        let checked = Checked { resolver: Arc::clone(&resolver), exceptions: Arc::clone(&exceptions) };
        let tls = tls(authorities)?;
        #[expect(clippy::disallowed_methods, reason = "the one place where a client is built")]
        let client = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .dns_resolver(Arc::new(checked))
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(USER_AGENT)
            .connect_timeout(limits.connect)
            .timeout(limits.total)
            .pool_max_idle_per_host(4)
            .build()
            .map_err(|error| EgressError::Setup { reason: chain(&error) })?;
        Ok(Self { client, exceptions, limits, resolver, tls: Arc::new(tls) })
    }

    /// Makes a call to one of `hosts` and returns its answer, whatever its status.
    ///
    /// # Errors
    /// When the address may not be called, nobody answers, or the answer is a redirect, too large or too slow.
    pub async fn send(&self, call: Call, hosts: &Hosts) -> Result<Answer, EgressError> {
        let url = target::check(&call.url, hosts, &self.exceptions)?;
        let host = host_of(&url);
        let request = self.client.request(call.method, url).headers(call.headers).body(call.body);
        let response = request.send().await.map_err(|error| explain(&host, &error))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(EgressError::Redirect { host, status: status.as_u16() });
        }
        let headers = response.headers().clone();
        let body = self.read(&host, response).await?;
        Ok(Answer { status, headers, body, host })
    }

    async fn read(&self, host: &str, mut response: Response) -> Result<Vec<u8>, EgressError> {
        let limit = self.limits.answer_bytes;
        let too_large = || EgressError::TooLarge { host: host.to_owned(), limit };
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| explain(host, &error))? {
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl std::fmt::Debug for Egress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Egress").field("exceptions", &self.exceptions).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Returns the TLS settings: ring, Mozilla's list of authorities compiled in, and the operator's own.
fn tls(authorities: Vec<CertificateDer<'static>>) -> Result<ClientConfig, EgressError> {
    let setup = |error: rustls::Error| EgressError::Setup { reason: error.to_string() };
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for authority in authorities {
        roots.add(authority).map_err(setup)?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(setup)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned()
}

/// Turns the client's error into ours: the kind, and for connections the reason, never the address's path.
fn explain(host: &str, error: &reqwest::Error) -> EgressError {
    let host = host.to_owned();
    let mut cause = error.source();
    while let Some(inner) = cause {
        match inner.downcast_ref::<NotResolved>() {
            Some(NotResolved::Forbidden(what)) => return EgressError::Address { host, what },
            Some(NotResolved::Unknown) => return EgressError::Resolve { host },
            None => cause = inner.source(),
        }
    }
    if error.is_connect() && error.is_timeout() {
        // Nothing was sent, so that repeating is harmless.
        EgressError::Connect { host, reason: "no connection in time".to_owned() }
    } else if error.is_timeout() {
        EgressError::Timeout { host }
    } else if error.is_connect() {
        let reason = error.source().map_or_else(|| "no connection".to_owned(), chain);
        EgressError::Connect { host, reason }
    } else {
        EgressError::Exchange { host }
    }
}

/// Writes an error and its causes in one line, each once.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        next = cause.source();
    }
    text
}
