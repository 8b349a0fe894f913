//! Conditions and values in CEL: the only computing that plans may do.
//!
//! CEL has no loops without a bound, no IO and no side effects; length and depth are limited here besides.

use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::{Context, Env, Program};
use serde::Serialize;

/// Bytes of one expression.
pub const SOURCE_BYTES: usize = 2_048;
/// How deep an expression may nest.
const DEPTH: u16 = 64;

/// The functions that every expression may call: CEL's own and no others.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// A compiled expression; cheap to clone and share between threads.
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    program: Arc<Program>,
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
#[error("{0}")]
pub struct EvaluateError(pub String);

/// The variables that an expression sees; taken in once, however many expressions look at them.
pub struct Variables<'p>(Context<'p, 'static>);

impl Variables<'_> {
    /// Starts without any.
    pub fn new() -> Self {
        Self(Context::with_env(Arc::clone(&ENV)))
    }

    /// Adds a variable of any shape that serialises.
    ///
    /// # Errors
    /// The value has no CEL form.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Result<Self, EvaluateError> {
        let value = cel::to_value(value).map_err(|error| EvaluateError(error.to_string()))?;
        self.0.add_variable_from_value(name, value);
        Ok(self)
    }

    /// Starts variables that come on top of these, such as the item of a list beside the whole.
    pub fn inner(&self) -> Variables<'_> {
        Variables(self.0.new_inner_scope())
    }
}

impl Default for Variables<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl Expression {
    /// Compiles an expression.
    ///
    /// # Errors
    /// The text is longer than [`SOURCE_BYTES`], nests too deep or is no CEL; the error names line and column.
    pub fn compile(source: &str) -> Result<Self, CompileError> {
        if source.len() > SOURCE_BYTES {
            let message = format!("the expression has {} bytes, the limit is {SOURCE_BYTES}", source.len());
            return Err(CompileError { line: 1, column: 1, message });
        }
        let nesting = nesting(source);
        if nesting > DEPTH {
            let message = format!("the expression nests {nesting} deep, the limit is {DEPTH}");
            return Err(CompileError { line: 1, column: 1, message });
        }
        let program = ENV.compile(source).map_err(|errors| CompileError::of(&errors))?;
        Ok(Self { source: source.into(), program: Arc::new(program) })
    }

    /// Returns the text it was compiled from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Computes the value as JSON.
    ///
    /// # Errors
    /// A variable or field is missing, or types do not fit.
    pub fn value(&self, variables: &Variables<'_>) -> Result<serde_json::Value, EvaluateError> {
        let value = self.run(variables)?;
        value.json().map_err(|_| EvaluateError("the value has no JSON form".to_owned()))
    }

    /// Tells whether the condition holds.
    ///
    /// # Errors
    /// As [`Expression::value`], and for a value that is not a boolean.
    pub fn holds(&self, variables: &Variables<'_>) -> Result<bool, EvaluateError> {
        match self.run(variables)? {
            cel::Value::Bool(holds) => Ok(holds),
            other => Err(EvaluateError(format!("a condition must be true or false, this is {}", other.type_of()))),
        }
    }

    fn run(&self, variables: &Variables<'_>) -> Result<cel::Value, EvaluateError> {
        self.program.execute(&variables.0).map_err(|error| EvaluateError(error.to_string()))
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
            message: first.map_or_else(|| "not an expression".to_owned(), |error| error.msg.clone()),
        }
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
