//! An entry before it has its place in the record.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::actor::Actor;
use crate::id::{AlertId, EventId, IncidentId};
use crate::incident::Fact;

/// What an engine call hands to the store in the same transaction as the change itself.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Draft {
    /// `incident.declared`, `alert.fired`, `plans.applied`: noun, dot, what happened to it.
    pub kind: String,
    pub actor: Actor,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When we learned of it. The store adds when it was written.
    pub known_at: Timestamp,
    pub incident: Option<IncidentId>,
    pub alert: Option<AlertId>,
    pub event: Option<EventId>,
    /// The version of the plans in force.
    pub plan_version: String,
    /// The sequence number of the entry that this one corrects.
    pub corrects: Option<i64>,
    /// What may be shown to whoever may see the entry, and stands in the leaf in the clear.
    pub public: Map<String, Value>,
    /// What people wrote: sealed at rest, in the leaf only as a commitment.
    pub confidential: BTreeMap<String, String>,
}

impl Draft {
    /// Starts an entry about something that happened and was learned of at `at`.
    pub fn new(kind: impl Into<String>, actor: Actor, at: Timestamp) -> Self {
        Self {
            kind: kind.into(),
            actor,
            occurred_at: at,
            known_at: at,
            incident: None,
            alert: None,
            event: None,
            plan_version: String::new(),
            corrects: None,
            public: Map::new(),
            confidential: BTreeMap::new(),
        }
    }

    /// Turns a fact about an incident into its entry: fields that people wrote become confidential.
    pub fn of_fact(fact: &Fact, incident: IncidentId, actor: Actor, at: Timestamp) -> Self {
        let mut draft = Self::new(fact.kind(), actor, at);
        draft.incident = Some(incident);
        if let Ok(Value::Object(fields)) = serde_json::to_value(fact) {
            for (name, value) in fields.into_iter().filter(|(name, _)| name != "fact") {
                match value {
                    Value::String(text) if fact.confidential_fields().contains(&name.as_str()) => {
                        if !text.is_empty() {
                            draft.confidential.insert(name, text);
                        }
                    }
                    value => {
                        draft.public.insert(name, value);
                    }
                }
            }
        }
        if let Fact::AlertLinked { alert } = fact {
            draft.alert = Some(*alert);
        }
        draft
    }

    /// Adds a public field; null is left out.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        if !value.is_null() {
            self.public.insert(name.to_owned(), value);
        }
        self
    }

    /// Adds a confidential field; empty text is left out.
    #[must_use]
    pub fn secretly(mut self, name: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.confidential.insert(name.to_owned(), text);
        }
        self
    }
}
