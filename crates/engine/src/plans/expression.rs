//! Expressions of plans: compiled, and tried on alerts of every make before they are put in force.

use serde_json::{Map, Value, json};
use serde_saphyr::Spanned;
use watchfire_core::condition::{EvaluateError, Expression, Gives, Reason, Shape, Variables};

use super::fault::Faults;

/// The fields of `alert`. All are texts but `labels`, a map of texts, and `sample`, a boolean.
pub(super) const FIELDS: &[&str] = &[
    "source",
    "source_kind",
    "title",
    "description",
    "severity",
    "source_severity",
    "class",
    "resource",
    "link",
    "group",
    "scope",
    "key",
    "labels",
    "sample",
];

impl Faults {
    /// Compiles a condition; faults what is none, and what can be true or false for no alert.
    pub(super) fn condition(&mut self, spot: &Spanned<String>) -> Option<Expression> {
        self.expression(spot, Gives::Truth)
    }

    /// Compiles an expression over `alert`; a fault in it is told at its place in the file.
    pub(super) fn expression(&mut self, spot: &Spanned<String>, gives: Gives) -> Option<Expression> {
        if self.kept {
            return Expression::compile_kept(&spot.value)
                .map_err(|error| self.inside(spot, (error.line, error.column), format!("in the expression: {}", error.message)))
                .ok();
        }
        let shape = Shape { variables: Some(&[("alert", Some(FIELDS))]), gives };
        let faulted = match Expression::compile_for(&spot.value, &shape) {
            Ok(expression) => match never(&expression, gives) {
                None => return Some(expression),
                Some(message) => ((1, 1), message),
            },
            Err(error) => ((error.line, error.column), error.message),
        };
        self.inside(spot, faulted.0, format!("in the expression: {}", faulted.1));
        None
    }
}

/// Returns why an expression has a value for no alert, if that is so.
///
/// A label that is not there, or a text that is no number, says nothing: another alert may have it. That types do not
/// fit says much, for the types are the same in every alert.
fn never(expression: &Expression, gives: Gives) -> Option<String> {
    let mut unfit = None;
    for (text, labelled) in [("", false), ("x", true), ("1", true)] {
        let variables = Variables::new().with("alert", alert(expression, text, labelled)).ok()?;
        match fits(expression, gives, &variables) {
            Ok(()) => return None,
            Err(error) if matches!(error.reason, Reason::Type | Reason::Steps) => unfit = Some(error.message),
            Err(_) => {}
        }
    }
    unfit.map(|error| format!("it fits no alert: {error}"))
}

fn fits(expression: &Expression, gives: Gives, variables: &Variables<'_>) -> Result<(), EvaluateError> {
    match gives {
        Gives::Truth => expression.holds(variables).map(drop),
        _ => match expression.value(variables)? {
            Value::String(_) => Ok(()),
            _ if gives == Gives::Text => Err(EvaluateError { reason: Reason::Type, message: "this must give a text".to_owned() }),
            _ => Ok(()),
        },
    }
}

/// Makes up an alert in which every text is the same; with the labels that an expression may ask for, or without any.
fn alert(expression: &Expression, text: &str, labelled: bool) -> Value {
    let words = if labelled { expression.words() } else { std::collections::BTreeSet::new() };
    let labels: Map<String, Value> = words.into_iter().map(|word| (word, json!(text))).collect();
    let field = |name: &str| match name {
        "labels" => json!(labels),
        "sample" => json!(labelled),
        _ => json!(text),
    };
    FIELDS.iter().map(|name| ((*name).to_owned(), field(name))).collect::<Map<_, _>>().into()
}
