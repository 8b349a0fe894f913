//! The words that arguments may hold.

use clap::builder::PossibleValuesParser;
use watchfire_core::Severity;
use watchfire_core::alert::Status;
use watchfire_core::incident::{Class, Phase, TaskState};

/// Takes `sev1` to `sev5`.
pub(crate) fn severity() -> PossibleValuesParser {
    PossibleValuesParser::new(Severity::ALL.map(Severity::as_str))
}

/// Takes a class of incident.
pub(crate) fn class() -> PossibleValuesParser {
    PossibleValuesParser::new(Class::ALL.map(Class::as_str))
}

/// Takes a phase of an incident.
pub(crate) fn phase() -> PossibleValuesParser {
    PossibleValuesParser::new(Phase::ALL.map(Phase::as_str))
}

/// Takes a state of an alert.
pub(crate) fn alert_status() -> PossibleValuesParser {
    PossibleValuesParser::new(Status::ALL.map(Status::as_str))
}

/// Takes a state of a task.
pub(crate) fn task_state() -> PossibleValuesParser {
    PossibleValuesParser::new(TaskState::ALL.map(TaskState::as_str))
}

/// Joins several values as the API takes them: with commas.
pub(crate) fn joined(values: &[String]) -> Option<String> {
    (!values.is_empty()).then(|| values.join(","))
}
