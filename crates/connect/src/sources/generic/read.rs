//! Reading a payload by a mapping.

use serde_json::{Map, Value};
use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::condition::{EvaluateError, Expression, Reason, Variables};
use watchfire_core::incident::Class;
use watchfire_core::limits;
use watchfire_core::source::{Headers, Malformed, Parsed};

use super::mapping::{Mapping, status};
use crate::payload::{Faults, Node, guess, parsed, read_time, signal_of};

/// Steps that all expressions of a mapping may take together for one delivery.
///
/// A loop over each of 5,000 items takes a small part of it, a loop over all of them for each of them does not fit.
const STEPS: u64 = 4_000_000;

impl Mapping {
    /// Reads a payload.
    ///
    /// # Errors
    /// An expression has no value for this payload, or one of the wrong type, or all together would take too many steps;
    /// the error names the expression. A field that is
    /// missing counts as no value, except in `each` and `title`.
    pub(super) fn read(&self, body: &Value, headers: &Headers) -> Result<Parsed, Malformed> {
        let shared = Variables::sharing(STEPS)
            .with("body", body)
            .and_then(|variables| variables.with("headers", plain_headers(headers)))
            .map_err(|error| Malformed(format!("the payload: {error}")))?;
        let items = match &self.each {
            None => None,
            Some(each) => Some(items(each, &shared)?),
        };
        let only = [body.clone()];
        let (items, faults) = (items.as_deref(), Faults::default());
        let items = items.unwrap_or(&only);
        let mut observations = Vec::new();
        let mut delivery_id = None;
        for (at, item) in items.iter().enumerate() {
            let variables = shared.inner().with("item", item).map_err(|error| Malformed(format!("item {at}: {error}")))?;
            let place = if self.each.is_some() { format!("item {at}, ") } else { String::new() };
            let step = Step { mapping: self, variables: &variables, place: &place, faults: &faults };
            if step.applies()? {
                observations.push(step.observe()?);
            }
            if at == 0 && items.len() == 1 {
                delivery_id = step.text("delivery_id", self.delivery_id.as_ref())?;
            }
        }
        if observations.is_empty() {
            return Ok(Parsed { delivery_id, ..Parsed::nothing("the mapping's `when` or `each` leaves nothing") });
        }
        Ok(faults.remarked(Parsed { delivery_id, ..parsed(observations) }))
    }
}

/// Reads a payload without mapping: one event, or a list of them.
pub(super) fn read_unmapped(body: &Value) -> Result<Parsed, Malformed> {
    let faults = Faults::default();
    let events = match body {
        Value::Array(events) => {
            let events = events.iter().enumerate();
            events.map(|(at, event)| Node::noting(event, format!("[{at}]"), &faults)).collect::<Result<Vec<_>, _>>()?
        }
        event => vec![Node::noting(event, String::new(), &faults)?],
    };
    if events.len() > limits::ALERTS_PER_DELIVERY {
        return Err(too_many(events.len()));
    }
    if events.is_empty() {
        return Ok(Parsed::nothing("the list is empty"));
    }
    let mut observations = Vec::with_capacity(events.len());
    for event in &events {
        let mut guess = guess(event)?;
        let title = guess.title.take().unwrap_or_default();
        if let Some(name) = guess.no_state {
            event.note_word(name, "a word for a state");
        }
        let key = match (&guess.key, title.is_empty()) {
            (Some(key), _) => DedupKey::new("generic", 1, key),
            (None, false) => DedupKey::of_parts("generic", 1, &["guess", &title, guess.resource.as_deref().unwrap_or_default()]),
            (None, true) => {
                return Err(guess.no_title.unwrap_or_else(|| {
                    event.fault("title", "missing, and no name, summary or message either; give this source a mapping")
                }));
            }
        };
        let mut observation = Observation::new(key, guess.signal.unwrap_or(Signal::Firing), title);
        guess.fill(&mut observation);
        observations.push(observation);
    }
    Ok(faults.remarked(parsed(observations)))
}

/// One item under way.
struct Step<'a> {
    mapping: &'a Mapping,
    variables: &'a Variables<'a>,
    place: &'a str,
    faults: &'a Faults,
}

impl Step<'_> {
    fn applies(&self) -> Result<bool, Malformed> {
        match self.value("when", self.mapping.when.as_ref())? {
            None if self.mapping.when.is_none() => Ok(true),
            None => Ok(false),
            Some(Value::Bool(applies)) => Ok(applies),
            Some(_) => Err(self.fault("when", "must be true or false")),
        }
    }

    fn observe(&self) -> Result<Observation, Malformed> {
        let mapping = self.mapping;
        let title =
            self.text("title", Some(&mapping.title))?.ok_or_else(|| self.fault("title", "has no value for this payload"))?;
        let resource = self.text("resource", mapping.resource.as_ref())?;
        let key = match self.text("key", mapping.key.as_ref())? {
            Some(key) => DedupKey::new("generic", 1, &key),
            // Not `key` of another item by accident: a mapping with `key` wants it.
            None if mapping.key.is_some() => {
                return Err(self.fault("key", "has no value for this payload"));
            }
            None => DedupKey::of_parts("generic", 1, &["title", &title, resource.as_deref().unwrap_or_default()]),
        };
        let mut observation = Observation::new(key, self.signal()?, title);
        observation.resource = resource;
        observation.description = self.text("description", mapping.description.as_ref())?.unwrap_or_default();
        observation.source_severity = match self.value("severity", mapping.severity.as_ref())? {
            Some(Value::Array(_) | Value::Object(_)) => {
                self.faults.add(self.fault("severity", "is neither word nor number, and unknown therefore").0);
                None
            }
            _ => self.text("severity", mapping.severity.as_ref())?,
        };
        observation.severity = observation.source_severity.as_deref().and_then(|word| self.severity(word));
        observation.link = self.text("link", mapping.link.as_ref())?;
        let at = match self.text("time", mapping.time.as_ref())? {
            None => None,
            Some(text) => read_time(&text).or_else(|| {
                self.faults.add(self.fault("time", "is no time; the arrival counts").0);
                None
            }),
        };
        match observation.signal {
            Signal::Resolved => observation.ended_at = at,
            _ => observation.occurred_at = at,
        }
        if let Some(word) = self.text("class", mapping.class.as_ref())? {
            observation.class = Some(Class::parse(&word).ok_or_else(|| {
                let known: Vec<&str> = Class::ALL.into_iter().map(Class::as_str).collect();
                self.fault("class", &format!("must be one of {}", known.join(", ")))
            })?);
        }
        observation.sample = match self.value("sample", mapping.sample.as_ref())? {
            None => false,
            Some(Value::Bool(sample)) => sample,
            Some(_) => return Err(self.fault("sample", "must be true or false")),
        };
        for (name, expression) in &mapping.labels {
            let value = self.text(&format!("labels.{name}"), Some(expression))?;
            observation.label(name, value.unwrap_or_default());
        }
        Ok(observation)
    }

    /// The mapping's own words come first, then the field's usual ones; without a status a payload is trouble.
    fn signal(&self) -> Result<Signal, Malformed> {
        let Some(word) = self.text("status", self.mapping.status.as_ref())? else {
            return Ok(Signal::Firing);
        };
        self.mapping
            .statuses
            .get(&word)
            .copied()
            .or_else(|| status(&word))
            .or_else(|| signal_of(&word).filter(|_| self.mapping.statuses.is_empty()))
            .ok_or_else(|| {
                let word = watchfire_core::text::line(&word, 40);
                self.fault("status", &format!("{word:?} is not in `statuses`"))
            })
    }

    fn severity(&self, word: &str) -> Option<Severity> {
        self.mapping
            .severities
            .get(word)
            .copied()
            .or_else(|| Severity::from_word(word).filter(|_| self.mapping.severities.is_empty()))
            .or_else(|| word.parse().ok())
    }

    /// Returns a value as text; `None` if it is missing, null or empty.
    fn text(&self, name: &str, expression: Option<&Expression>) -> Result<Option<String>, Malformed> {
        Ok(match self.value(name, expression)? {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text).filter(|text| !text.trim().is_empty()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Bool(flag)) => Some(flag.to_string()),
            Some(other) => Some(other.to_string()),
        })
    }

    fn value(&self, name: &str, expression: Option<&Expression>) -> Result<Option<Value>, Malformed> {
        let Some(expression) = expression else {
            return Ok(None);
        };
        match expression.value(self.variables) {
            Ok(value) => Ok(Some(value).filter(|value| !value.is_null())),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.fault(name, &error.to_string())),
        }
    }

    fn fault(&self, name: &str, what: &str) -> Malformed {
        Malformed(format!("{}{name}: {}", self.place, watchfire_core::text::line(what, 300)))
    }
}

fn items(each: &Expression, variables: &Variables<'_>) -> Result<Vec<Value>, Malformed> {
    match each.value(variables) {
        Ok(Value::Array(items)) if items.len() > limits::ALERTS_PER_DELIVERY => Err(too_many(items.len())),
        Ok(Value::Array(items)) => Ok(items),
        Ok(_) => Err(Malformed("each: must be a list".to_owned())),
        Err(error) => Err(Malformed(format!("each: {}", watchfire_core::text::line(&error.to_string(), 300)))),
    }
}

fn too_many(count: usize) -> Malformed {
    Malformed(format!("{count} events, the limit of one delivery is {}", limits::ALERTS_PER_DELIVERY))
}

/// A key that a payload lacks is no fault of the mapping: not every event has every field.
fn is_missing(error: &EvaluateError) -> bool {
    error.reason == Reason::Missing
}

/// The headers that an expression may see.
fn plain_headers(headers: &Headers) -> Map<String, Value> {
    headers
        .iter()
        .filter(|(name, _)| !["authorization", "cookie", "proxy-authorization", "x-watchfire-token"].contains(name))
        .map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())))
        .collect()
}
