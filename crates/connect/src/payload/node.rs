//! A place in a body: reads fields by path and names the path when one is wrong.

use jiff::Timestamp;
use serde_json::{Map, Value};
use watchfire_core::alert::Labels;
use watchfire_core::source::Malformed;
use watchfire_core::{limits, text, time};

use super::Faults;

/// An object inside a body and the path that leads there, such as `alerts[3]`.
///
/// Paths handed to the methods are names joined by dots; names that hold dots themselves are read by [`Node::key`].
/// A field that is null counts as missing.
#[derive(Clone, Debug)]
pub(crate) struct Node<'v> {
    object: &'v Map<String, Value>,
    path: String,
    faults: Faults,
}

impl<'v> Node<'v> {
    /// Starts at the top of a body, which has to be an object.
    ///
    /// # Errors
    /// The body is something else.
    pub(crate) fn root(value: &'v Value) -> Result<Self, Malformed> {
        Self::within(value, String::new())
    }

    /// Starts at a value that is found under `path`.
    ///
    /// # Errors
    /// The value is no object.
    pub(crate) fn within(value: &'v Value, path: String) -> Result<Self, Malformed> {
        Self::noting(value, path, &Faults::default())
    }

    /// As [`Node::within`]; what is passed over goes to `faults`.
    ///
    /// # Errors
    /// The value is no object.
    pub(crate) fn noting(value: &'v Value, path: String, faults: &Faults) -> Result<Self, Malformed> {
        match value {
            Value::Object(object) => Ok(Self { object, path, faults: faults.clone() }),
            other => {
                let place = if path.is_empty() { "the body" } else { &path };
                Err(Malformed(format!("{place}: expected an object, found {}", kind(other))))
            }
        }
    }

    /// Returns what was passed over so far, in this place and all others of the body.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Notes a fault of a field that keeps no alert from being raised; `what` must not repeat a value that could be a secret.
    pub(crate) fn note(&self, path: &str, what: &str) {
        self.faults.add(self.fault(path, what).0);
    }

    /// Notes that a field, if it is there, is of the wrong type, and what was expected.
    pub(crate) fn note_type(&self, path: &str, expected: &str) {
        if let Ok(Some(value)) = self.get(path) {
            self.faults.add(self.wrong(path, expected, value).0);
        }
    }

    /// As [`Node::note_type`], and shows the word that was found.
    pub(crate) fn note_word(&self, path: &str, expected: &str) {
        match self.get(path) {
            Ok(Some(Value::String(word))) => self.faults.add(self.unexpected(path, expected, word).0),
            _ => self.note_type(path, expected),
        }
    }

    /// Returns the object itself.
    pub(crate) fn object(&self) -> &'v Map<String, Value> {
        self.object
    }

    /// Returns the field of exactly this name.
    pub(crate) fn key(&self, name: &str) -> Option<&'v Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// Returns the value at a path; `None` if it or something on the way is missing.
    ///
    /// # Errors
    /// Something on the way is no object.
    pub(crate) fn get(&self, path: &str) -> Result<Option<&'v Value>, Malformed> {
        let mut object = self.object;
        let mut parts = path.split('.').peekable();
        let mut walked = 0;
        while let Some(part) = parts.next() {
            let Some(value) = object.get(part).filter(|value| !value.is_null()) else {
                return Ok(None);
            };
            walked += part.len();
            if parts.peek().is_none() {
                return Ok(Some(value));
            }
            match value {
                Value::Object(inner) => object = inner,
                other => {
                    let way = path.get(..walked).unwrap_or(path);
                    return Err(self.wrong(way, "an object", other));
                }
            }
            walked += 1;
        }
        Ok(None)
    }

    /// Returns a text; `None` if missing.
    ///
    /// # Errors
    /// The field is no text.
    pub(crate) fn text(&self, path: &str) -> Result<Option<&'v str>, Malformed> {
        match self.get(path)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(path, "a string", other)),
        }
    }

    /// Returns a text that is not blank; `None` if missing or blank.
    ///
    /// # Errors
    /// The field is no text.
    pub(crate) fn filled(&self, path: &str) -> Result<Option<&'v str>, Malformed> {
        Ok(self.text(path)?.filter(|text| !text.trim().is_empty()))
    }

    /// Returns the first of several texts that is not blank.
    ///
    /// # Errors
    /// One that was looked at is no text.
    pub(crate) fn first(&self, paths: &[&str]) -> Result<Option<&'v str>, Malformed> {
        for path in paths {
            if let Some(text) = self.filled(path)? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// Returns a text that must be there and not blank.
    ///
    /// # Errors
    /// The field is missing, blank or no text.
    pub(crate) fn need(&self, path: &str) -> Result<&'v str, Malformed> {
        match self.text(path)? {
            None => Err(self.missing(path)),
            Some(text) if text.trim().is_empty() => Err(self.fault(path, "empty")),
            Some(text) => Ok(text),
        }
    }

    /// Returns what a word stands for; `None` if missing.
    ///
    /// # Errors
    /// The field is none of the words; the error lists them and shows what was found.
    pub(crate) fn word<T: Copy>(&self, path: &str, words: &[(&str, T)]) -> Result<Option<T>, Malformed> {
        let Some(value) = self.get(path)? else {
            return Ok(None);
        };
        let word = value.as_str();
        if let Some((_, meaning)) = words.iter().find(|(known, _)| Some(*known) == word) {
            return Ok(Some(*meaning));
        }
        let known: Vec<String> = words.iter().map(|(known, _)| format!("{known:?}")).collect();
        let expected = known.join(" or ");
        match word {
            Some(word) => Err(self.unexpected(path, &expected, word)),
            None => Err(self.wrong(path, &expected, value)),
        }
    }

    /// Returns what a word stands for, which must be there.
    ///
    /// # Errors
    /// As [`Node::word`], and if the field is missing.
    pub(crate) fn need_word<T: Copy>(&self, path: &str, words: &[(&str, T)]) -> Result<T, Malformed> {
        self.word(path, words)?.ok_or_else(|| self.missing(path))
    }

    /// Returns a text, number or boolean as text; `None` if missing or blank.
    ///
    /// # Errors
    /// The field is a list or an object.
    pub(crate) fn scalar(&self, path: &str) -> Result<Option<String>, Malformed> {
        match self.get(path)? {
            None => Ok(None),
            Some(value) => match scalar_text(value) {
                Some(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
                None => Err(self.wrong(path, "a string or number", value)),
            },
        }
    }

    /// Returns a text, number or boolean as text, which must be there.
    ///
    /// # Errors
    /// The field is missing, blank, a list or an object.
    pub(crate) fn need_scalar(&self, path: &str) -> Result<String, Malformed> {
        self.scalar(path)?.ok_or_else(|| self.missing(path))
    }

    /// Returns a number, also one that is written as text; `None` if missing or blank.
    ///
    /// # Errors
    /// The field is no number.
    pub(crate) fn number(&self, path: &str) -> Result<Option<f64>, Malformed> {
        let Some(value) = self.get(path)? else {
            return Ok(None);
        };
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) if text.trim().is_empty() => return Ok(None),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number.filter(|number: &f64| number.is_finite()) {
            Some(number) => Ok(Some(number)),
            None => Err(self.wrong(path, "a number", value)),
        }
    }

    /// Returns a boolean, also one that is written as text; `None` if missing.
    ///
    /// # Errors
    /// The field is no boolean.
    pub(crate) fn flag(&self, path: &str) -> Result<Option<bool>, Malformed> {
        match self.get(path)? {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(word)) if word == "true" => Ok(Some(true)),
            Some(Value::String(word)) if word == "false" => Ok(Some(false)),
            Some(other) => Err(self.wrong(path, "true or false", other)),
        }
    }

    /// Returns an instant, written as text or as a number of seconds, milliseconds, microseconds or nanoseconds.
    ///
    /// `None` if missing or no instant, which is noted: an alert is not lost for its clock.
    ///
    /// # Errors
    /// Something on the way is no object.
    pub(crate) fn time(&self, path: &str) -> Result<Option<Timestamp>, Malformed> {
        let Some(value) = self.get(path)? else { return Ok(None) };
        let found = instant(value);
        if found.is_none() && !is_no_time(value) {
            self.note_type(path, "a time");
        }
        Ok(found)
    }

    /// Returns the object at a path; `None` if missing.
    ///
    /// # Errors
    /// The field is no object.
    pub(crate) fn node(&self, path: &str) -> Result<Option<Node<'v>>, Malformed> {
        match self.get(path)? {
            None => Ok(None),
            Some(value) => Node::noting(value, self.full(path), &self.faults).map(Some),
        }
    }

    /// Returns the object at a path, which must be there.
    ///
    /// # Errors
    /// The field is missing or no object.
    pub(crate) fn need_node(&self, path: &str) -> Result<Node<'v>, Malformed> {
        self.node(path)?.ok_or_else(|| self.missing(path))
    }

    /// Returns the values of a list; none if missing.
    ///
    /// # Errors
    /// The field is no list.
    pub(crate) fn values(&self, path: &str) -> Result<&'v [Value], Malformed> {
        match self.get(path)? {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(other) => Err(self.wrong(path, "a list", other)),
        }
    }

    /// Returns the objects of a list; none if missing.
    ///
    /// # Errors
    /// The field is no list, or one item is no object.
    pub(crate) fn list(&self, path: &str) -> Result<Vec<Node<'v>>, Malformed> {
        let full = self.full(path);
        let items = self.values(path)?.iter().enumerate();
        items.map(|(at, item)| Node::noting(item, format!("{full}[{at}]"), &self.faults)).collect()
    }

    /// Returns the objects of a list of alerts, which must be there and not be longer than a delivery may be.
    ///
    /// # Errors
    /// The field is missing, no list, too long, or one item is no object.
    pub(crate) fn alerts(&self, path: &str) -> Result<Vec<Node<'v>>, Malformed> {
        if self.get(path)?.is_none() {
            return Err(self.missing(path));
        }
        let count = self.values(path)?.len();
        if count > limits::ALERTS_PER_DELIVERY {
            return Err(
                self.fault(path, &format!("{count} entries, the limit of one delivery is {}", limits::ALERTS_PER_DELIVERY))
            );
        }
        self.list(path)
    }

    /// Returns the texts of a list joined by commas; what is no text or number is left out.
    ///
    /// # Errors
    /// The field is neither a list nor a text.
    pub(crate) fn joined(&self, path: &str) -> Result<String, Malformed> {
        if let Some(Value::String(text)) = self.get(path)? {
            return Ok(text.clone());
        }
        let words: Vec<String> = self.values(path)?.iter().filter_map(scalar_text).collect();
        Ok(words.join(", "))
    }

    /// Returns the entries of an object as labels; inner objects and lists are kept as JSON text.
    ///
    /// # Errors
    /// The field is no object.
    pub(crate) fn labels(&self, path: &str) -> Result<Labels, Malformed> {
        let Some(node) = self.node(path)? else {
            return Ok(Labels::new());
        };
        Ok(node
            .object
            .iter()
            .take(limits::LABELS)
            .filter_map(|(name, value)| Some((name.clone(), label_text(value)?)))
            .filter(|(_, value)| !value.is_empty())
            .collect())
    }

    /// Says that a field must be there.
    pub(crate) fn missing(&self, path: &str) -> Malformed {
        self.fault(path, "missing")
    }

    /// Says what is wrong with a field; `what` must not repeat a value that could be a secret.
    pub(crate) fn fault(&self, path: &str, what: &str) -> Malformed {
        Malformed(format!("{}: {what}", self.full(path)))
    }

    /// Says that a word is none of those expected, and shows it.
    pub(crate) fn unexpected(&self, path: &str, expected: &str, found: &str) -> Malformed {
        let found = text::line(found, 40);
        self.fault(path, &format!("expected {expected}, found {found:?}"))
    }

    fn wrong(&self, path: &str, expected: &str, found: &Value) -> Malformed {
        self.fault(path, &format!("expected {expected}, found {}", kind(found)))
    }

    fn full(&self, path: &str) -> String {
        if self.path.is_empty() { path.to_owned() } else { format!("{}.{path}", self.path) }
    }
}

/// Reads an instant, written as text or as a number.
pub(super) fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => super::read_time(text),
        Value::Number(number) => number.as_f64().and_then(time::from_epoch_number),
        _ => None,
    }
}

/// Tells whether a value stands for "no time": nothing, zero, or Go's zero time.
fn is_no_time(value: &Value) -> bool {
    match value {
        Value::String(text) => matches!(text.trim(), "" | "0") || text.trim().starts_with("0001-01-01"),
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    }
}

/// Names a value for an error: numbers and booleans as they are, texts by length only, since they may be secrets.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("a string of {} characters", text.chars().count()),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn label_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Array(_) | Value::Object(_) => serde_json::to_string(value).ok(),
        scalar => scalar_text(scalar),
    }
}
