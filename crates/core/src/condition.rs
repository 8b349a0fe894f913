//! Conditions and values in CEL: the only computing that plans may do.
//!
//! CEL has no loops without a bound, no IO and no side effects. Length and depth are limited when an expression is read,
//! and the work of an evaluation is counted in steps (see [`STEPS`]), so that neither an expression nor what it is
//! given can take long. Steps do not depend on the clock: the same input gives the same answer on every machine.

mod check;
mod meter;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cel::common::types::CelBool;
use cel::common::value::Val;
use cel::{Context, ExecutionError, IdedExpr};
use serde::Serialize;

pub use check::{Gives, Shape};
pub use steps::STEPS;

/// Bytes of one expression.
pub const SOURCE_BYTES: usize = 2_048;
/// How deep an expression may nest.
const DEPTH: u16 = 64;

/// A compiled expression; cheap to clone and share between threads.
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    /// The expression with its work counted.
    metered: Arc<IdedExpr>,
    /// Steps that each evaluation takes whatever it is given.
    steps: u64,
}

/// Says where in an expression the fault lies; line and column count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct CompileError {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Says why an expression has no value for this input, such as a missing field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvaluateError {
    pub reason: Reason,
    pub message: String,
}

/// The kind of reason for which an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A field or key is not there.
    Missing,
    /// Types do not fit, whatever the values are.
    Type,
    /// It would take too many steps.
    Steps,
    /// Anything else, such as a text that is no number.
    Other,
}

/// The variables that an expression sees; taken in once, however many expressions look at them.
pub struct Variables<'p> {
    context: Context<'p, 'static>,
    /// What all evaluations together may take; without it each has [`STEPS`].
    shared: Option<Arc<Shared>>,
}

/// Steps that evaluations share.
struct Shared {
    total: u64,
    left: AtomicU64,
}

impl Variables<'_> {
    /// Starts without any; each evaluation may take [`STEPS`].
    pub fn new() -> Self {
        Self { context: Context::with_env(steps::env()), shared: None }
    }

    /// Starts without any; all evaluations over these variables and their inner ones share a number of steps.
    pub fn sharing(steps: u64) -> Self {
        Self { shared: Some(Arc::new(Shared { total: steps, left: AtomicU64::new(steps) })), ..Self::new() }
    }

    /// Adds a variable of any shape that serialises.
    ///
    /// # Errors
    /// The value has no CEL form.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Result<Self, EvaluateError> {
        let value = cel::to_value(value).map_err(|error| EvaluateError::other(error.to_string()))?;
        self.context.add_variable_from_value(name, value);
        Ok(self)
    }

    /// Starts variables that come on top of these, such as the item of a list beside the whole.
    pub fn inner(&self) -> Variables<'_> {
        Variables { context: self.context.new_inner_scope(), shared: self.shared.clone() }
    }

    /// Returns the steps that the next evaluation may take.
    fn left(&self) -> u64 {
        self.shared.as_ref().map_or(STEPS, |shared| shared.left.load(Ordering::Relaxed))
    }
}

impl Default for Variables<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl Expression {
    /// Compiles an expression over any variables.
    ///
    /// # Errors
    /// The text is longer than [`SOURCE_BYTES`], nests too deep, is no CEL, calls a function that there is none of or
    /// takes too many steps whatever it is given; the error names line and column.
    pub fn compile(source: &str) -> Result<Self, CompileError> {
        Self::compile_for(source, &Shape::ANY)
    }

    /// Compiles an expression over known variables, for a known use.
    ///
    /// # Errors
    /// As [`Expression::compile`], and for a variable or field that is not in the shape, or a value of another kind.
    pub fn compile_for(source: &str, shape: &Shape<'_>) -> Result<Self, CompileError> {
        Self::read(source, |program| check::check(program, source, shape))
    }

    /// Compiles an expression that was accepted before and is in use, perhaps by a version that checked less: what can
    /// never work is no fault here, it has no value when it is evaluated.
    ///
    /// # Errors
    /// The text is longer than [`SOURCE_BYTES`], nests too deep or is no CEL.
    pub fn compile_kept(source: &str) -> Result<Self, CompileError> {
        Self::read(source, |program| check::depth(program, source))
    }

    fn read(source: &str, check: impl FnOnce(&cel::Program) -> Result<(), CompileError>) -> Result<Self, CompileError> {
        let whole = |message| Err(CompileError { line: 1, column: 1, message });
        if source.len() > SOURCE_BYTES {
            return whole(format!("the expression has {} bytes, the limit is {SOURCE_BYTES}", source.len()));
        }
        let nesting = nesting(source);
        if nesting > DEPTH {
            return whole(format!("the expression nests {nesting} deep, the limit is {DEPTH}"));
        }
        let program = steps::env().compile(source).map_err(|errors| CompileError::of(&errors))?;
        check(&program)?;
        let metered = meter::metered(program.expression());
        Ok(Self { source: source.into(), metered: Arc::new(metered), steps: meter::steps(program.expression()) })
    }

    /// Returns the text it was compiled from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns every text and field name that it is written with, such as the labels that it asks for.
    pub fn words(&self) -> BTreeSet<String> {
        meter::words(&self.metered)
    }

    /// Computes the value as JSON.
    ///
    /// # Errors
    /// A variable or field is missing, types do not fit, or it would take too many steps.
    pub fn value(&self, variables: &Variables<'_>) -> Result<serde_json::Value, EvaluateError> {
        let value = self.run(variables, |value| {
            steps::weigh(value)?;
            cel::Value::try_from(value)
        })?;
        value.json().map_err(|_| EvaluateError::other("the value has no JSON form".to_owned()))
    }

    /// Tells whether the condition holds.
    ///
    /// # Errors
    /// As [`Expression::value`], and for a value that is not a boolean.
    pub fn holds(&self, variables: &Variables<'_>) -> Result<bool, EvaluateError> {
        let holds = |value: &dyn Val| value.downcast_ref::<CelBool>().map(|holds| *holds.inner());
        self.run(variables, |value| Ok(holds(value).ok_or_else(|| value.get_type().name().to_owned())))?.map_err(|kind| {
            EvaluateError { reason: Reason::Type, message: format!("a condition must be true or false, this is {kind}") }
        })
    }

    fn run<T>(
        &self,
        variables: &Variables<'_>,
        take: impl FnOnce(&dyn Val) -> Result<T, ExecutionError>,
    ) -> Result<T, EvaluateError> {
        let evaluate = || take(cel::Value::resolve_val(&self.metered, &variables.context)?.as_ref());
        let counted = steps::within(variables.left(), self.steps, evaluate);
        let mut limit = STEPS;
        if let Some(shared) = &variables.shared {
            shared.left.store(counted.left, Ordering::Relaxed);
            limit = shared.total;
        }
        // An error may be swallowed on its way (`error || true`); that the steps ran out never is.
        if counted.ran_out {
            let message = format!("this takes more than {limit} steps for what came in, which is the limit");
            return Err(EvaluateError { reason: Reason::Steps, message });
        }
        counted.value.map_err(|error| EvaluateError::of(&error))
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({:?})", self.source)
    }
}

impl CompileError {
    fn of(errors: &cel::ParseErrors) -> Self {
        let first = errors.errors.first();
        let at = |position: isize| usize::try_from(position).unwrap_or(0).max(1);
        Self {
            line: first.map_or(1, |error| at(error.pos.0)),
            column: first.map_or(1, |error| at(error.pos.1)),
            message: match first.map(|error| error.msg.as_str()) {
                None => "not an expression".to_owned(),
                Some(message) if message.contains("Recursion limit") => "the expression nests too deep".to_owned(),
                Some(message) => message.to_owned(),
            },
        }
    }
}

impl EvaluateError {
    fn other(message: String) -> Self {
        Self { reason: Reason::Other, message }
    }

    fn of(error: &ExecutionError) -> Self {
        let reason = match error {
            ExecutionError::NoSuchKey(_) => Reason::Missing,
            ExecutionError::NoSuchOverload(_)
            | ExecutionError::UnexpectedType { .. }
            | ExecutionError::UnsupportedBinaryOperator(..)
            | ExecutionError::ValuesNotComparable(..) => Reason::Type,
            _ => Reason::Other,
        };
        Self { reason, message: error.to_string() }
    }
}

/// Returns how deep brackets nest at most; a cheap bound before the parser recurses.
fn nesting(source: &str) -> u16 {
    let mut deepest = 0_u16;
    let mut depth = 0_u16;
    for byte in source.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
