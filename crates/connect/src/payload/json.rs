//! JSON that cannot surprise: one reading of every body, bounded before the parser sees it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use watchfire_core::source::Malformed;
use watchfire_core::{limits, text};

/// Values in one body; bounds the memory that a body of brackets alone would take.
const VALUES: usize = 1_000_000;

/// Reads one JSON value.
///
/// Stricter than most readers, because two readers that disagree are a way around one of them: a key may appear
/// only once in an object, whole numbers must fit in 64 bits (they are kept exactly, also beyond 2^53), lone
/// surrogates and NaN are refused. A UTF-8 byte order mark is skipped.
///
/// # Errors
/// [`Malformed`] names what was wrong and the line and column; it never repeats a value.
pub(crate) fn read(body: &[u8]) -> Result<Value, Malformed> {
    let text = checked(body)?;
    let Strict(value) = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    Ok(value)
}

/// Reads values that follow each other (JSON lines, or pretty-printed one after the other), or one list of them.
///
/// # Errors
/// As [`read`], and for more than [`limits::ALERTS_PER_DELIVERY`] values.
pub(crate) fn read_many(body: &[u8]) -> Result<Vec<Value>, Malformed> {
    let text = checked(body)?;
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Strict>() {
        let Strict(value) = value.map_err(|error| not_json(&error))?;
        match value {
            Value::Array(items) if values.is_empty() => values.extend(items),
            value => values.push(value),
        }
        if values.len() > limits::ALERTS_PER_DELIVERY {
            return Err(Malformed(format!(
                "more than {} events in one delivery; send them in parts",
                limits::ALERTS_PER_DELIVERY
            )));
        }
    }
    Ok(values)
}

fn not_json(error: &serde_json::Error) -> Malformed {
    Malformed(format!("not JSON: {error}"))
}

/// Returns the text without a byte order mark after everything that can be told without parsing.
fn checked(body: &[u8]) -> Result<&str, Malformed> {
    if body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff]) {
        return Err(Malformed("the body is UTF-16; send UTF-8".to_owned()));
    }
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Malformed("the body is empty, expected JSON".to_owned()));
    }
    let text =
        std::str::from_utf8(body).map_err(|error| Malformed(format!("byte {} of the body is not UTF-8", error.valid_up_to())))?;
    scan(body)?;
    Ok(text)
}

/// Bounds depth and number of values, and refuses whole numbers that would lose digits, in one pass.
fn scan(body: &[u8]) -> Result<(), Malformed> {
    let mut depth = 0_usize;
    let mut values = 1_usize;
    let mut at = 0_usize;
    while let Some(&byte) = body.get(at) {
        match byte {
            b'"' => at = end_of_string(body, at),
            b'[' | b'{' => {
                depth += 1;
                values += 1;
                if depth > limits::JSON_DEPTH {
                    return Err(Malformed(format!("byte {at}: nested deeper than {} levels", limits::JSON_DEPTH)));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' | b':' => values += 1,
            b'-' | b'0'..=b'9' => {
                let start = at;
                while body.get(at + 1).is_some_and(|next| matches!(next, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
                    at += 1;
                }
                whole_number_fits(body.get(start..=at).unwrap_or_default(), start)?;
            }
            _ => {}
        }
        if values > VALUES {
            return Err(Malformed(format!("more than {VALUES} values in one body")));
        }
        at += 1;
    }
    Ok(())
}

/// Returns the place of the closing quote, or the last byte if there is none (the parser will say so).
fn end_of_string(body: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(&byte) = body.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    body.len()
}

fn whole_number_fits(token: &[u8], at: usize) -> Result<(), Malformed> {
    let token = std::str::from_utf8(token).unwrap_or_default();
    let whole = token.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    if whole && token.len() > 18 && token.parse::<i64>().is_err() && token.parse::<u64>().is_err() {
        return Err(Malformed(format!(
            "byte {at}: a whole number of {} digits does not fit in 64 bits; send it as a string",
            token.trim_start_matches('-').len()
        )));
    }
    Ok(())
}

/// A JSON value whose objects name each key once.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                let key = text::line(&key, 60);
                return Err(A::Error::custom(format_args!("key {key:?} appears twice")));
            }
            let Strict(value) = entries.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
