//! A provider whose every word the test writes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::clients::oidc::{Callback, Claims, Client, Flow, OidcError, Settings};
use crate::egress::{Egress, Exceptions, Settings as EgressSettings};

/// The instant of every test.
pub(super) fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("within range")
}

/// The two keys of the provider, and a third that is not its own.
pub(super) struct Signers {
    pub(super) curve: EcdsaKeyPair,
    pub(super) edwards: Ed25519KeyPair,
    pub(super) foreign: EcdsaKeyPair,
}

impl Signers {
    fn new() -> Self {
        let random = SystemRandom::new();
        let curve = || {
            let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("ring makes keys");
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).expect("just made")
        };
        let edwards = Ed25519KeyPair::generate_pkcs8(&random).expect("ring makes keys");
        let edwards = Ed25519KeyPair::from_pkcs8(edwards.as_ref()).expect("just made");
        Self { curve: curve(), edwards, foreign: curve() }
    }

    /// The key set: a curve for ES256, an Edwards curve, a symmetric key and one for encryption, which sign nothing.
    pub(super) fn jwks(&self) -> Value {
        let point = self.curve.public_key().as_ref();
        let (x, y) = (encode(&point[1..33]), encode(&point[33..]));
        json!({ "keys": [
            { "kty": "EC", "crv": "P-256", "kid": "curve", "use": "sig", "alg": "ES256", "x": x, "y": y },
            { "kty": "OKP", "crv": "Ed25519", "kid": "edwards", "x": encode(self.edwards.public_key().as_ref()) },
            { "kty": "oct", "kid": "shared", "k": encode(b"a secret that everybody could read here") },
            { "kty": "EC", "crv": "P-256", "kid": "sealing", "use": "enc", "x": x, "y": y },
        ] })
    }

    /// Writes a token that the provider's curve signs.
    pub(super) fn token(&self, head: &Value, claims: &Value) -> String {
        Self::signed_by(&self.curve, head, claims)
    }

    pub(super) fn signed_by(key: &EcdsaKeyPair, head: &Value, claims: &Value) -> String {
        let message = message(head, claims);
        let signed = key.sign(&SystemRandom::new(), message.as_bytes()).expect("ring signs");
        format!("{message}.{}", encode(signed.as_ref()))
    }
}

/// Writes head and claims as they are signed.
pub(super) fn message(head: &Value, claims: &Value) -> String {
    format!("{}.{}", encode(head.to_string().as_bytes()), encode(claims.to_string().as_bytes()))
}

pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A provider on a loopback port; each path answers what the test has put there.
pub(super) struct Provider {
    pub(super) issuer: String,
    pub(super) signers: Signers,
    pages: Arc<Mutex<HashMap<String, (u16, Value)>>>,
    pub(super) asked: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let issuer = format!("http://{}", listener.local_addr().expect("bound"));
        let pages: Arc<Mutex<HashMap<String, (u16, Value)>>> = Arc::default();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (answers, requests) = (Arc::clone(&pages), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = request(&mut stream).await;
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                requests.lock().expect("no test panics here").push(request);
                let (status, body) = answers
                    .lock()
                    .expect("no test panics here")
                    .get(&path)
                    .cloned()
                    .unwrap_or((404, json!({ "error": "not_found" })));
                let body = body.to_string();
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                drop(stream.write_all(format!("{head}{body}").as_bytes()).await);
            }
        });
        let provider = Self { issuer, signers: Signers::new(), pages, asked };
        provider.answer("/.well-known/openid-configuration", 200, provider.discovery());
        provider.answer("/keys", 200, provider.signers.jwks());
        provider
    }

    /// The discovery document of a provider that does everything right.
    pub(super) fn discovery(&self) -> Value {
        let issuer = &self.issuer;
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "userinfo_endpoint": format!("{issuer}/me"),
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    pub(super) fn answer(&self, path: &str, status: u16, body: Value) {
        self.pages.lock().expect("no test panics here").insert(path.to_owned(), (status, body));
    }

    /// Puts a token behind the code.
    pub(super) fn hand_out(&self, token: &str) {
        self.answer("/token", 200, json!({ "id_token": token, "access_token": "opaque", "token_type": "Bearer" }));
    }

    pub(super) fn client(&self) -> Client {
        let exceptions = Exceptions::parse([self.issuer.as_str()]).expect("a plain host");
        let egress = Egress::new(EgressSettings { exceptions, ..EgressSettings::default() }).expect("the defaults are valid");
        Client::new(egress, settings(&self.issuer)).expect("the settings are right")
    }

    /// The claims of Ada, as they should be.
    pub(super) fn claims(&self) -> Value {
        json!({
            "iss": self.issuer, "sub": "ada-1", "aud": "watchfire", "exp": now().as_second() + 300, "iat": now().as_second(),
            "nonce": flow().nonce, "email": "Ada@Example.org", "email_verified": true, "name": "Ada Lovelace", "groups": ["secops"],
        })
    }

    pub(super) fn callback(&self) -> Callback {
        Callback { state: Some(flow().state), code: Some("a-code".to_owned()), issuer: Some(self.issuer.clone()), error: None }
    }

    /// Ends a sign-on with a client that asks everything anew.
    pub(super) async fn finish(&self) -> Result<Claims, OidcError> {
        self.client().finish(&self.callback(), &flow(), now()).await
    }
}

pub(super) fn settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.to_owned(),
        client_id: "watchfire".to_owned(),
        client_secret: Some("a client's secret & more".to_owned()),
        groups_claim: "groups".to_owned(),
        scopes: vec!["email".to_owned(), "profile".to_owned()],
        hosts: Vec::new(),
    }
}

pub(super) fn flow() -> Flow {
    Flow {
        state: "the-state-of-this-sign-on".to_owned(),
        nonce: "the-nonce-of-this-sign-on".to_owned(),
        verifier: "the-verifier-of-this-sign-on-of-43-letters-at-least".to_owned(),
        redirect_uri: "https://watchfire.example.org/sign-in/sign-on/back".to_owned(),
        again: false,
    }
}

async fn request(stream: &mut tokio::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = stream.read(&mut part).await.unwrap_or(0);
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            body.len() >= length.unwrap_or(0_usize)
        });
        if whole || read == 0 {
            return text;
        }
    }
}
