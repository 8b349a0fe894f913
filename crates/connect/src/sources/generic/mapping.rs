//! The mapping: a small YAML file of CEL expressions.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;
use watchfire_core::Severity;
use watchfire_core::alert::Signal;
use watchfire_core::condition::{CompileError, Expression, Gives, Shape};
use watchfire_core::yaml;

/// Bytes of a mapping.
pub(super) const MAPPING_BYTES: usize = 32 * 1024;
/// Labels that a mapping may set.
const LABELS: usize = 64;

/// Variables of an expression; any of them may have any fields.
type Known = &'static [(&'static str, Option<&'static [&'static str]>)];
/// Compiles one expression.
type Compile = fn(&str, &Shape<'_>) -> Result<Expression, CompileError>;
/// What `each` sees.
const WHOLE: Known = &[("body", None), ("headers", None)];
/// What all others see.
const ITEM: Known = &[("body", None), ("item", None), ("headers", None)];

/// A compiled mapping.
///
/// Expressions see `body` (the whole payload), `item` (the entry at hand if there is `each`, else the same as `body`)
/// and `headers` (the request's, lower-case names, without credentials).
#[derive(Debug)]
pub struct Mapping {
    pub(super) each: Option<Expression>,
    pub(super) when: Option<Expression>,
    pub(super) title: Expression,
    pub(super) key: Option<Expression>,
    pub(super) status: Option<Expression>,
    pub(super) severity: Option<Expression>,
    pub(super) description: Option<Expression>,
    pub(super) resource: Option<Expression>,
    pub(super) link: Option<Expression>,
    pub(super) time: Option<Expression>,
    pub(super) class: Option<Expression>,
    pub(super) delivery_id: Option<Expression>,
    pub(super) sample: Option<Expression>,
    pub(super) labels: BTreeMap<String, Expression>,
    pub(super) severities: BTreeMap<String, Severity>,
    pub(super) statuses: BTreeMap<String, Signal>,
}

/// Says what is wrong with a mapping and where; line and column count from 1 and are those of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mapping, line {line}, column {column}: {message}")]
pub struct MappingError {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    each: Option<Spanned<String>>,
    when: Option<Spanned<String>>,
    title: Spanned<String>,
    key: Option<Spanned<String>>,
    status: Option<Spanned<String>>,
    severity: Option<Spanned<String>>,
    description: Option<Spanned<String>>,
    resource: Option<Spanned<String>>,
    link: Option<Spanned<String>>,
    time: Option<Spanned<String>>,
    class: Option<Spanned<String>>,
    delivery_id: Option<Spanned<String>>,
    sample: Option<Spanned<String>>,
    #[serde(default)]
    labels: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    severities: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    statuses: BTreeMap<String, Spanned<String>>,
}

impl Mapping {
    /// Reads and compiles a mapping.
    ///
    /// # Errors
    /// The text is too long, no YAML, holds an unknown name, or an expression, severity or status that is none; the
    /// error names line and column.
    pub fn compile(yaml: &str) -> Result<Self, MappingError> {
        Self::with(yaml, Expression::compile_for)
    }

    /// Reads and compiles a mapping that is in use, perhaps since a version that checked less: an expression that can never
    /// work is told by the first delivery that needs it.
    ///
    /// # Errors
    /// As [`Mapping::compile`], but for expressions that are read and can never work.
    pub(super) fn compile_kept(yaml: &str) -> Result<Self, MappingError> {
        Self::with(yaml, |text, _| Expression::compile_kept(text))
    }

    fn with(yaml: &str, compile: Compile) -> Result<Self, MappingError> {
        if yaml.len() > MAPPING_BYTES {
            return Err(MappingError {
                line: 1,
                column: 1,
                message: format!("{} bytes, the limit is {MAPPING_BYTES}", yaml.len()),
            });
        }
        let file: File = serde_saphyr::from_str(yaml).map_err(|error| of_yaml(&error))?;
        if file.labels.len() > LABELS {
            return Err(MappingError {
                line: 1,
                column: 1,
                message: format!("{} labels, the limit is {LABELS}", file.labels.len()),
            });
        }
        let read = |name: &str, text: &Spanned<String>, gives| {
            expression(yaml, name, text, &Shape { variables: Some(ITEM), gives }, compile)
        };
        let maybe = |name: &str, text: Option<Spanned<String>>, gives| text.map(|text| read(name, &text, gives)).transpose();
        let any = Gives::Anything;
        Ok(Self {
            each: file
                .each
                .map(|each| expression(yaml, "each", &each, &Shape { variables: Some(WHOLE), gives: Gives::List }, compile))
                .transpose()?,
            when: maybe("when", file.when, Gives::Truth)?,
            title: read("title", &file.title, any)?,
            key: maybe("key", file.key, any)?,
            status: maybe("status", file.status, any)?,
            severity: maybe("severity", file.severity, any)?,
            description: maybe("description", file.description, any)?,
            resource: maybe("resource", file.resource, any)?,
            link: maybe("link", file.link, any)?,
            time: maybe("time", file.time, any)?,
            class: maybe("class", file.class, Gives::Text)?,
            delivery_id: maybe("delivery_id", file.delivery_id, any)?,
            sample: maybe("sample", file.sample, Gives::Truth)?,
            labels: table(file.labels, |name, text| read(&format!("labels.{name}"), text, any))?,
            severities: table(file.severities, |_, text| {
                text.value.parse().map_err(|_| at(text, "a severity is one of sev1, sev2, sev3, sev4, sev5"))
            })?,
            statuses: table(file.statuses, |_, text| {
                status(&text.value)
                    .ok_or_else(|| at(text, "a status is one of firing, reopened, acknowledged, resolved, unknown, note"))
            })?,
        })
    }
}

/// Reads the word for a status.
pub(super) fn status(word: &str) -> Option<Signal> {
    Some(match word {
        "firing" => Signal::Firing,
        "reopened" => Signal::Reopened,
        "acknowledged" => Signal::Acknowledged,
        "resolved" => Signal::Resolved,
        "unknown" => Signal::Unknown,
        "note" => Signal::Note,
        _ => return None,
    })
}

fn table<T>(
    entries: BTreeMap<String, Spanned<String>>,
    read: impl Fn(&str, &Spanned<String>) -> Result<T, MappingError>,
) -> Result<BTreeMap<String, T>, MappingError> {
    entries.into_iter().map(|(name, text)| Ok((name.clone(), read(&name, &text)?))).collect()
}

fn expression(
    file: &str,
    name: &str,
    text: &Spanned<String>,
    shape: &Shape<'_>,
    compile: Compile,
) -> Result<Expression, MappingError> {
    compile(&text.value, shape).map_err(|error| {
        let start = at(text, "");
        let (line, column) = yaml::place(file, (start.line, start.column), &text.value, (error.line, error.column));
        MappingError { line, column, message: format!("{name}: {}", error.message) }
    })
}

fn at(text: &Spanned<String>, message: &str) -> MappingError {
    MappingError {
        line: usize::try_from(text.defined.line()).unwrap_or(1),
        column: usize::try_from(text.defined.column()).unwrap_or(1),
        message: message.to_owned(),
    }
}

fn of_yaml(error: &serde_saphyr::Error) -> MappingError {
    let place = error.location();
    MappingError {
        line: place.map_or(1, |place| usize::try_from(place.line()).unwrap_or(1)),
        column: place.map_or(1, |place| usize::try_from(place.column()).unwrap_or(1)),
        message: yaml::words(&error.without_snippet().to_string()),
    }
}
