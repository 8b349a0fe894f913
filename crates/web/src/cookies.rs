//! The cookies that hold a secret.

use http::{HeaderMap, HeaderValue, header};

/// What a cookie is for; each has its own name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Secret {
    /// A browser session.
    Session,
    /// A question about a passkey that the browser has not answered yet.
    Question,
    /// A sign-on that the browser has not come back from yet.
    SignOn,
}

impl Secret {
    /// The name over TLS, which browsers bind to this host, path `/` and `Secure`; and without TLS, which is for loopback
    /// and for proxies that end TLS.
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Session => ["__Host-watchfire", "watchfire"],
            Self::Question => ["__Host-watchfire-question", "watchfire-question"],
            Self::SignOn => ["__Host-watchfire-sign-on", "watchfire-sign-on"],
        }
    }

    /// Returns the secret that the browser sends.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<&str> {
        let pairs =
            headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
        let mut named = pairs.filter_map(|pair| pair.trim().split_once('='));
        named.find(|(name, _)| self.names().contains(name)).map(|(_, secret)| secret)
    }

    /// Writes the `Set-Cookie` value of a secret that lasts for `seconds`; 0 takes the cookie away.
    ///
    /// Lax, not Strict: whoever follows a link to an incident, and whoever comes back from the identity provider, is
    /// signed in. Nothing changes on GET, and forms of other sites are refused by their site.
    pub(crate) fn set(self, https: bool, secret: &str, seconds: i64) -> Option<HeaderValue> {
        let [tls, plain] = self.names();
        let (name, secure) = if https { (tls, "; Secure") } else { (plain, "") };
        let text = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&text).ok()
    }
}
