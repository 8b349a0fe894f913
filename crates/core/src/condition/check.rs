//! What can be told about an expression before it sees a value.

use cel::Program;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};

use super::CompileError;
use super::meter::{body_steps, parts};
use super::steps::{STEPS, pattern};
use crate::yaml;

/// How deep an expression may nest in the parser's eyes: `!!!a` is three deep.
const TREE_DEPTH: usize = 200;
/// How deep loops may nest.
const LOOPS: usize = 3;

const FUNCTIONS: &[&str] = &["bool", "bytes", "double", "dyn", "int", "matches", "size", "string", "type", "uint"];
const METHODS: &[&str] = &["contains", "endsWith", "hasValue", "matches", "or", "orValue", "size", "startsWith", "value"];
const OPTIONALS: &[&str] = &["none", "of", "ofNonZeroValue"];
/// Loops, and what they take: they are known by the number of their arguments.
const MACROS: &[&str] = &["all", "exists", "exists_one", "existsOne", "filter", "map"];
/// Names of types, which may be compared with `type(x)`.
const TYPES: &[&str] = &["bool", "bytes", "double", "int", "list", "map", "null_type", "optional_type", "string", "type", "uint"];

/// What an expression is given and what it is to give.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// The variables, each with its fields if no others can be; `None` knows nothing about them.
    pub variables: Option<&'a [(&'a str, Option<&'a [&'a str]>)]>,
    pub gives: Gives,
}

/// What an expression is to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    Anything,
    /// True or false.
    Truth,
    Text,
    List,
}

/// The kind of a value where the expression alone tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Truth,
    Number,
    Text,
    List,
    Map,
    Null,
}

impl Shape<'_> {
    /// Nothing is known.
    pub const ANY: Shape<'static> = Shape { variables: None, gives: Gives::Anything };
}

/// Looks for nesting so deep that it would not fit on the stack.
///
/// # Errors
/// The place that is too deep.
pub(super) fn depth(program: &Program, source: &str) -> Result<(), CompileError> {
    // Later walks recurse; this one does not.
    let mut open = vec![(program.expression(), 1)];
    while let Some((expr, depth)) = open.pop() {
        if depth > TREE_DEPTH {
            let checker = Checker { program, source, shape: &Shape::ANY };
            return Err(checker.fault(expr, format!("the expression nests more than {TREE_DEPTH} deep here")));
        }
        open.extend(parts(expr).into_iter().map(|part| (part, depth + 1)));
    }
    Ok(())
}

/// Looks for what can never work.
///
/// # Errors
/// The first such place.
pub(super) fn check(program: &Program, source: &str, shape: &Shape<'_>) -> Result<(), CompileError> {
    let checker = Checker { program, source, shape };
    let root = program.expression();
    depth(program, source)?;
    checker.walk(root, &mut Vec::new())?;
    checker.least(root)?;
    let given = kind(root);
    let fits = match (shape.gives, given) {
        (Gives::Anything, _) | (_, None) => true,
        (Gives::Truth, Some(given)) => given == Kind::Truth,
        (Gives::Text, Some(given)) => given == Kind::Text,
        (Gives::List, Some(given)) => given == Kind::List,
    };
    if fits {
        return Ok(());
    }
    let wanted = match shape.gives {
        Gives::Truth => "true or false",
        Gives::Text => "a text",
        Gives::List | Gives::Anything => "a list",
    };
    Err(CompileError {
        line: 1,
        column: 1,
        message: format!("this must give {wanted}, it gives {}", given.map_or("", Kind::say)),
    })
}

impl Kind {
    const fn say(self) -> &'static str {
        match self {
            Self::Truth => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Map => "a map",
            Self::Null => "nothing",
        }
    }
}

/// Returns the kind of an expression's value if every value it can have is of it.
pub(super) fn kind(expr: &IdedExpr) -> Option<Kind> {
    match &expr.expr {
        Expr::Literal(literal) => match literal {
            LiteralValue::Boolean(_) => Some(Kind::Truth),
            LiteralValue::Double(_) | LiteralValue::Int(_) | LiteralValue::UInt(_) => Some(Kind::Number),
            LiteralValue::String(_) => Some(Kind::Text),
            LiteralValue::Null => Some(Kind::Null),
            LiteralValue::Bytes(_) => None,
        },
        Expr::List(_) => Some(Kind::List),
        Expr::Map(_) => Some(Kind::Map),
        Expr::Select(select) if select.test => Some(Kind::Truth),
        Expr::Comprehension(of) => match (&of.result.expr, kind(&of.accu_init)) {
            (Expr::Ident(_), accumulated) => accumulated,
            _ => kind(&of.result),
        },
        Expr::Call(call) => kind_of_call(call),
        _ => None,
    }
}

fn kind_of_call(call: &CallExpr) -> Option<Kind> {
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::CONDITIONAL, [_, one, other]) => kind(one).filter(|one| kind(other) == Some(*one)),
        (operators::ADD, [left, right]) => {
            let fits = |kind: &Kind| matches!(kind, Kind::Number | Kind::Text | Kind::List);
            kind(left).or_else(|| kind(right)).filter(fits)
        }
        (
            operators::LOGICAL_AND
            | operators::LOGICAL_OR
            | operators::LOGICAL_NOT
            | operators::NOT_STRICTLY_FALSE
            | operators::EQUALS
            | operators::NOT_EQUALS
            | operators::LESS
            | operators::LESS_EQUALS
            | operators::GREATER
            | operators::GREATER_EQUALS
            | operators::IN
            | "bool"
            | "contains"
            | "startsWith"
            | "endsWith"
            | "matches"
            | "hasValue",
            _,
        ) => Some(Kind::Truth),
        (
            operators::SUBSTRACT
            | operators::MULTIPLY
            | operators::DIVIDE
            | operators::MODULO
            | operators::NEGATE
            | "size"
            | "int"
            | "uint"
            | "double",
            _,
        ) => Some(Kind::Number),
        ("string", _) => Some(Kind::Text),
        _ => None,
    }
}

struct Checker<'a> {
    program: &'a Program,
    source: &'a str,
    shape: &'a Shape<'a>,
}

impl<'a> Checker<'a> {
    fn fault(&self, expr: &IdedExpr, message: String) -> CompileError {
        let start = self.program.source_info().offset_for(expr.id).map_or(0, |(start, _)| start);
        let before = self.source.chars().take(usize::try_from(start).unwrap_or(0));
        let (line, column) = before.fold((1, 1), yaml::after);
        CompileError { line, column, message }
    }

    /// `bound` are the variables of the loops around.
    fn walk(&self, expr: &'a IdedExpr, bound: &mut Vec<&'a str>) -> Result<(), CompileError> {
        match &expr.expr {
            Expr::Ident(name) => self.variable(expr, name, bound),
            Expr::Select(select) => {
                self.field(expr, select, bound)?;
                self.walk(&select.operand, bound)
            }
            Expr::Call(call) => {
                self.call(expr, call, bound)?;
                let family = call.target.iter().filter(|target| !is_family(target));
                family.map(AsRef::as_ref).chain(&call.args).try_for_each(|part| self.walk(part, bound))
            }
            Expr::Struct(of) => Err(self.fault(expr, format!("there is no type {:?} to make", of.type_name))),
            Expr::Comprehension(of) => self.comprehension(expr, of, bound),
            _ => parts(expr).into_iter().try_for_each(|part| self.walk(part, bound)),
        }
    }

    fn comprehension(&self, expr: &'a IdedExpr, of: &'a ComprehensionExpr, bound: &mut Vec<&'a str>) -> Result<(), CompileError> {
        self.walk(&of.iter_range, bound)?;
        let depth = bound.len();
        if depth >= LOOPS {
            return Err(self.fault(expr, format!("loops nest more than {LOOPS} deep here")));
        }
        bound.push(&of.iter_var);
        let within = [&of.loop_cond, &of.loop_step].into_iter().try_for_each(|part| self.walk(part, bound));
        bound.truncate(depth);
        within
    }

    fn variable(&self, expr: &IdedExpr, name: &str, bound: &[&str]) -> Result<(), CompileError> {
        let name = name.trim_start_matches('.');
        let Some(variables) = self.shape.variables else { return Ok(()) };
        let known = name.starts_with('@')
            || bound.contains(&name)
            || TYPES.contains(&name)
            || variables.iter().any(|(variable, _)| *variable == name);
        if known {
            return Ok(());
        }
        let names: Vec<&str> = variables.iter().map(|(variable, _)| *variable).collect();
        Err(self.fault(expr, unknown("variable", name, &names)))
    }

    fn field(&self, expr: &IdedExpr, select: &SelectExpr, bound: &[&str]) -> Result<(), CompileError> {
        self.known_field(expr, &select.operand, &select.field, bound)
    }

    /// Faults a field that a variable can never have.
    fn known_field(&self, expr: &IdedExpr, of: &IdedExpr, field: &str, bound: &[&str]) -> Result<(), CompileError> {
        let Expr::Ident(root) = &of.expr else { return Ok(()) };
        let root = root.trim_start_matches('.');
        if bound.contains(&root) {
            return Ok(());
        }
        let variables = self.shape.variables.unwrap_or_default();
        match variables.iter().find(|(variable, _)| *variable == root) {
            Some((_, Some(fields))) if !fields.contains(&field) => {
                Err(self.fault(expr, unknown(&format!("field of {root}"), field, fields)))
            }
            _ => Ok(()),
        }
    }

    fn call(&self, expr: &IdedExpr, call: &CallExpr, bound: &[&str]) -> Result<(), CompileError> {
        let name = call.func_name.as_str();
        let fault = |kind: &str, known: &[&str]| {
            if MACROS.contains(&name) {
                let message =
                    format!("{name} is called on a list, with a name for its items and an expression: list.{name}(x, …)");
                return Err(self.fault(expr, message));
            }
            Err(self.fault(expr, unknown(kind, name, known)))
        };
        match (call.target.as_deref(), call.args.as_slice()) {
            (None, [value, key]) if matches!(name, operators::INDEX | operators::OPT_INDEX | operators::OPT_SELECT) => {
                match &key.expr {
                    Expr::Literal(LiteralValue::String(field)) => self.known_field(key, value, field.inner(), bound),
                    _ => Ok(()),
                }
            }
            (None, _) if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) || name == "_" => Ok(()),
            (None, _) if !FUNCTIONS.contains(&name) => fault("function", FUNCTIONS),
            (Some(target), _) if is_family(target) && !OPTIONALS.contains(&name) => fault("function of optional", OPTIONALS),
            (Some(target), _) if !is_family(target) && !METHODS.contains(&name) => fault("method", METHODS),
            (_, args) if name == "matches" => match args.last().map(|written| (written, &written.expr)) {
                Some((written, Expr::Literal(LiteralValue::String(text)))) => {
                    pattern(text.inner()).map(drop).map_err(|error| self.fault(written, format!("not a pattern: {error}")))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Returns the steps that an expression takes at least, if all of it is computed: lists that come in count as one.
    fn least(&self, expr: &IdedExpr) -> Result<u64, CompileError> {
        let mut steps = 0_u64;
        for part in parts(expr) {
            steps = steps.saturating_add(self.least(part)?);
        }
        if let Expr::Comprehension(of) = &expr.expr
            && let Expr::List(list) = &of.iter_range.expr
        {
            let rounds = u64::try_from(list.elements.len()).unwrap_or(u64::MAX);
            steps = steps.saturating_add(body_steps(of)).saturating_mul(rounds.max(1));
        }
        if steps > STEPS {
            return Err(self.fault(expr, format!("this takes about {steps} steps whatever comes in, the limit is {STEPS}")));
        }
        Ok(steps)
    }
}

fn is_family(target: &IdedExpr) -> bool {
    matches!(&target.expr, Expr::Ident(name) if name == "optional")
}

/// Says that there is no such name, and which one may be meant.
fn unknown(kind: &str, name: &str, known: &[&str]) -> String {
    let near = known.iter().map(|known| (distance(name, known), known)).min().filter(|(distance, _)| *distance <= 2);
    match near {
        Some((_, near)) => format!("unknown {kind} {name:?}; did you mean {near:?}?"),
        None => format!("unknown {kind} {name:?}; known are {}", known.join(", ")),
    }
}

/// Returns how many letters must be put in, left out or replaced to get from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut before = at;
        row[0] = at + 1;
        for (column, wanted) in other.iter().enumerate() {
            let replaced = before + usize::from(letter != *wanted);
            before = row[column + 1];
            row[column + 1] = replaced.min(before + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
