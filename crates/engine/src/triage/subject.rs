//! What conditions see of an alert.

use serde::Serialize;
use serde_json::Value;
use watchfire_core::condition::{EvaluateError, Variables};
use watchfire_core::incident::Class;
use watchfire_core::{Severity, alert::Labels};
use watchfire_store::alert::Alert;

/// The variable `alert` of a condition. Unknown texts are empty, so that comparisons need no guard.
#[derive(Serialize)]
pub struct Subject<'a> {
    pub source: &'a str,
    pub source_kind: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub severity: &'a str,
    pub source_severity: &'a str,
    pub class: &'a str,
    pub resource: &'a str,
    pub link: &'a str,
    pub group: &'a str,
    /// What a scanner's report covers; empty for other alerts.
    pub scope: &'a str,
    pub key: &'a str,
    pub labels: &'a Labels,
    pub sample: bool,
}

impl<'a> Subject<'a> {
    /// Views an alert.
    pub fn of(alert: &'a Alert) -> Self {
        Self {
            source: &alert.source_name,
            source_kind: &alert.source_kind,
            title: &alert.title,
            description: &alert.description,
            severity: alert.severity.map_or("", Severity::as_str),
            source_severity: alert.source_severity.as_deref().unwrap_or_default(),
            class: alert.class.map_or("", Class::as_str),
            resource: alert.resource.as_deref().unwrap_or_default(),
            link: alert.link.as_deref().unwrap_or_default(),
            group: alert.group.as_deref().unwrap_or_default(),
            scope: alert.snapshot_scope.as_deref().unwrap_or_default(),
            key: alert.dedup_key.as_str(),
            labels: &alert.labels,
            sample: alert.sample,
        }
    }

    /// Returns the variables that rules see.
    pub(super) fn variables(&self) -> Result<Variables<'static>, EvaluateError> {
        Variables::new().with("alert", self)
    }
}

/// Tells whether a matcher of a silence (label or field name to value) covers the alert; an empty matcher covers none.
pub(super) fn covers(matcher: &Value, subject: &Subject<'_>) -> bool {
    let Some(matcher) = matcher.as_object() else { return false };
    let field = |name: &str| match name {
        "source" => subject.source,
        "source_kind" => subject.source_kind,
        "title" => subject.title,
        "severity" => subject.severity,
        "class" => subject.class,
        "resource" => subject.resource,
        "key" => subject.key,
        _ => subject.labels.get(name).map_or("", String::as_str),
    };
    !matcher.is_empty() && matcher.iter().all(|(name, value)| value.as_str() == Some(field(name)))
}
