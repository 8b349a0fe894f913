//! A call and its answer.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::EgressError;

/// One request to make.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Call {
    /// Begins with a method and an absolute address.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), headers: HeaderMap::new(), body: Vec::new() }
    }

    /// Begins a GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Adds a header whose value appears in no log.
    #[must_use]
    pub fn secret_header(self, name: HeaderName, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        self.header(name, value)
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = bytes.into();
        self
    }

    /// Sets a body of JSON.
    #[must_use]
    pub fn json(self, value: &serde_json::Value) -> Self {
        self.header(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json")).body(value.to_string())
    }
}

/// What came back, whatever its status; redirects are errors and never come this far.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// At most as many bytes as the limit.
    pub body: Vec<u8>,
    pub(super) host: String,
}

impl Answer {
    /// Returns the body of a 2xx answer.
    ///
    /// # Errors
    /// [`EgressError::Status`] for any other.
    pub fn success(self) -> Result<Vec<u8>, EgressError> {
        if self.status.is_success() {
            Ok(self.body)
        } else {
            Err(EgressError::Status { host: self.host, status: self.status.as_u16() })
        }
    }
}
