//! JSON from clients, read strictly: one meaning or none.

use std::collections::HashSet;
use std::fmt;

use axum::extract::{FromRequest, Request};
use http::{StatusCode, header};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use watchfire_core::limits::JSON_DEPTH;

use super::body::{self, BodyLimit};
use crate::problem::Problem;

/// A JSON body of the usual size, read by [`strict`].
///
/// The type should carry `#[serde(deny_unknown_fields)]`, so that a misspelt field is told.
#[derive(Clone, Copy, Debug)]
pub struct StrictJson<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for StrictJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !is_json(kind) {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).detail("send JSON, with content-type application/json"));
        }
        let bytes = body::read(&parts.headers, body, BodyLimit::USUAL).await?;
        strict(&bytes).map(Self)
    }
}

/// Reads a value from JSON that has one meaning: UTF-8, no byte order mark, no key twice in one object, at most
/// 64 levels, nothing behind it.
///
/// # Errors
/// 400 for what is no such JSON, 422 for JSON of another shape; both name the field and the place.
pub fn strict<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    guard(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let cause = error.into_inner().to_string();
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY).kind("invalid");
        if path == "." { problem.detail(cause) } else { problem.detail(format!("{path}: {cause}")).field(path, cause) }
    })
}

/// Checks that bytes are JSON with one meaning, whatever its shape.
///
/// # Errors
/// 400 with the place of the first fault.
pub fn guard(bytes: &[u8]) -> Result<(), Problem> {
    let bad = |detail: String| Problem::new(StatusCode::BAD_REQUEST).kind("malformed").detail(detail);
    let text = std::str::from_utf8(bytes).map_err(|error| bad(format!("not UTF-8 from byte {}", error.valid_up_to())))?;
    if text.starts_with('\u{feff}') {
        return Err(bad("begins with a byte order mark, which JSON has not".to_owned()));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let checked = Guard { depth: 0 }.deserialize(&mut reader).and_then(|()| reader.end());
    checked.map_err(|error| bad(format!("not acceptable JSON: {error}")))
}

fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Walks through a value and keeps nothing but the keys of the objects that it is in.
#[derive(Clone, Copy)]
struct Guard {
    depth: usize,
}

impl Guard {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == JSON_DEPTH {
            return Err(E::custom(format!("nested more than {JSON_DEPTH} levels deep")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Guard {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Guard {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inside = self.deeper()?;
        while items.next_element_seed(inside)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let inside = self.deeper()?;
        let mut seen = HashSet::new();
        while let Some(key) = fields.next_key::<String>()? {
            fields.next_value_seed(inside)?;
            if let Some(twice) = seen.replace(key) {
                let shown: String = twice.chars().take(60).collect();
                return Err(A::Error::custom(format!("the key `{shown}` is there twice")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        title: String,
        #[serde(default)]
        labels: std::collections::BTreeMap<String, u8>,
    }

    fn check(text: impl AsRef<[u8]>, status: u16, part: &str) {
        let problem = strict::<Sample>(text.as_ref()).expect_err("it is refused");
        assert_eq!(problem.status, status, "{problem:?}");
        assert!(problem.detail.as_deref().unwrap_or_default().contains(part), "{problem:?}");
    }

    #[test]
    fn what_is_of_the_shape_is_read() {
        let sample: Sample = strict(br#"{"title":"t","labels":{"a":1}}"#).expect("it is of the shape");
        assert_eq!(sample.labels.get("a"), Some(&1));
    }

    #[test]
    fn faults_name_the_field() {
        check(r#"{"titel":"t"}"#, 422, "unknown field `titel`");
        check(r"{}", 422, "missing field `title`");
        check(r#"{"title":"t","labels":{"a":300}}"#, 422, "labels.a");
        check(r#"{"title":7}"#, 422, "title: invalid type");
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        check(r#"{"title":"a","title":"b"}"#, 400, "`title` is there twice");
        check(r#"{"title":"a","x":[{"k":1,"k":2}]}"#, 400, "`k` is there twice");
        check("\u{feff}{}", 400, "byte order mark");
        check(b"{\"title\":\"\xff\"}", 400, "not UTF-8 from byte 10");
        check(r#"{"title":"\ud800"}"#, 400, "hex escape");
        check(r#"{"title":NaN}"#, 400, "not acceptable JSON");
        check(r#"{"title":"a"} {}"#, 400, "trailing");
        check(r#"{"title":"a""#, 400, "EOF");
        check("", 400, "EOF");
    }

    #[test]
    fn depth_is_bounded_without_recursion_running_away() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(guard(deep(64).as_bytes()).is_ok());
        for levels in [65, 100_000] {
            let problem = guard(deep(levels).as_bytes()).expect_err("too deep");
            assert!(problem.detail.unwrap_or_default().contains("64 levels"));
        }
    }

    #[test]
    fn only_json_types_are_json() {
        assert!(is_json("application/json; charset=utf-8") && is_json("application/cloudevents+json"));
        assert!(!is_json("text/plain") && !is_json("") && !is_json("application/x-www-form-urlencoded"));
    }
}
