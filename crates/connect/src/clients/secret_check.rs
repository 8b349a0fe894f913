//! Asks services whether found secrets still work: calls of secret rules, through the egress client, one after the other.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, Method, header};
use tokio::runtime::Runtime;
use tokio::time::Instant;
use watchfire_scan::live::{Answer, Bases, Call, Caller};

use crate::egress::{self, Egress, EgressError, Exceptions, Hosts, Settings};

/// The pause between two calls of one host: five a second offend no service's limits.
const PAUSE: Duration = Duration::from_millis(200);

/// Makes the calls of secret rules.
///
/// A call reaches the host that its rule names, or the base address that the operator has set for that host, and no other.
#[derive(Debug)]
pub struct SecretCheck {
    egress: Egress,
    bases: Bases,
    runtime: Runtime,
    /// When each host may be called again.
    next: Mutex<BTreeMap<String, Instant>>,
}

impl SecretCheck {
    /// Sets the client up with the base addresses that stand in for hosts. A base address with `http://` is permitted, since
    /// the operator has typed it.
    ///
    /// # Errors
    /// When a base address cannot be understood or the client cannot be set up.
    pub fn new(bases: Bases) -> Result<Self, String> {
        let permitted = bases.values().filter_map(|base| origin(base));
        let permitted: Vec<String> = permitted.collect();
        let exceptions = Exceptions::parse(permitted.iter().map(String::as_str)).map_err(|error| error.to_string())?;
        let settings = Settings { exceptions, ..Settings::default() };
        let egress = Egress::new(settings).map_err(|error: EgressError| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        Ok(Self { egress, bases, runtime, next: Mutex::default() })
    }

    /// Waits for this host's turn.
    async fn turn(&self, host: &str) {
        let at = {
            let Ok(mut next) = self.next.lock() else { return };
            let now = Instant::now();
            let at = next.get(host).copied().unwrap_or(now).max(now);
            next.insert(host.to_owned(), at + PAUSE);
            at
        };
        tokio::time::sleep_until(at).await;
    }
}

impl Caller for SecretCheck {
    fn call(&self, host: &str, call: Call) -> Result<Answer, String> {
        let hosts = match self.bases.get(host) {
            Some(base) => Hosts::of_urls([base.as_str()]),
            None => Hosts::only([host]),
        };
        let call = convert(call)?;
        self.runtime.block_on(async {
            self.turn(host).await;
            let answer = self.egress.send(call, &hosts).await.map_err(|error| error.to_string())?;
            Ok(Answer { status: answer.status.as_u16(), body: answer.body })
        })
    }
}

/// Returns what the operator permits with a base address: plain HTTP to its host and port, or its host.
fn origin(base: &str) -> Option<String> {
    let (scheme, rest) = base.split_once("://")?;
    let authority = rest.split('/').next()?;
    match scheme {
        "http" => Some(format!("http://{authority}")),
        _ => Some(authority.rsplit_once(':').map_or(authority, |parts| parts.0).to_owned()),
    }
}

fn convert(call: Call) -> Result<egress::Call, String> {
    let method = match call.method.as_str() {
        "GET" => Method::GET,
        "POST" => Method::POST,
        other => return Err(format!("a check makes no {other} call")),
    };
    let mut converted = egress::Call::new(method, call.url);
    for (name, value) in call.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "a header's name is not valid")?;
        converted = converted.secret_header(name, secret_value(&value)?);
    }
    if let Some((user, password)) = call.basic {
        let value = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        converted = converted.secret_header(header::AUTHORIZATION, secret_value(&value)?);
    }
    Ok(converted.body(call.body))
}

fn secret_value(value: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(value).map_err(|_| "a header's value is not valid".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// Answers one request and returns what was asked.
    fn serve(status: &'static str) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut asked = Vec::new();
            let mut part = [0; 1024];
            while !asked.windows(4).any(|end| end == b"\r\n\r\n") {
                let read = stream.read(&mut part).expect("a request");
                asked.extend_from_slice(&part[..read]);
            }
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}").expect("an answer");
            String::from_utf8_lossy(&asked).into_owned()
        });
        (base, server)
    }

    fn call(url: &str) -> Call {
        Call {
            method: "GET".into(),
            url: url.into(),
            headers: vec![("Authorization".into(), "Bearer value".into())],
            basic: None,
            body: String::new(),
        }
    }

    #[test]
    fn a_call_reaches_the_base_address_that_stands_in_for_its_host() {
        let (base, server) = serve("401 Unauthorized");
        let client = SecretCheck::new(Bases::from([("api.example.com".into(), base.clone())])).expect("set up");
        let answer = client.call("api.example.com", call(&format!("{base}/user"))).expect("an answer");
        assert_eq!((answer.status, answer.body.as_slice()), (401, &b"{}"[..]));
        let asked = server.join().expect("served");
        assert!(asked.starts_with("GET /user "), "{asked}");
        assert!(asked.to_ascii_lowercase().contains("authorization: bearer value"), "{asked}");
    }

    #[test]
    fn no_other_host_is_called() {
        let client = SecretCheck::new(Bases::new()).expect("set up");
        assert!(client.call("api.example.com", call("https://elsewhere.example/user")).is_err());
        assert!(client.call("127.0.0.1", call("http://127.0.0.1:1/user")).is_err());
    }
}
