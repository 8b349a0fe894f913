//! Steps: what an evaluation costs, counted while it runs.
//!
//! The interpreter has no hook, so the functions below are put into the expression (see `meter`) before whatever costs
//! more than a moment: they look at the values at hand, take the steps from the thread's count and hand the value back.
//! Steps are taken before the work is done, so that nothing that failed for them goes on, whatever swallows the error.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use cel::common::types::{CelBool, CelBytes, CelInt, CelList, CelMap, CelOptional, CelString, DYN_TYPE, Kind};
use cel::common::value::{CowVal, Val};
use cel::{Env, ExecutionError};
use regex::{Regex, RegexBuilder};

/// Steps that one evaluation may take: one for each operation, two for each value that is copied or compared with all that
/// is in it, one for each 64 bytes of text. A step takes about a tenth of a microsecond.
pub const STEPS: u64 = 200_000;

/// Weighs a value and all in it.
pub(super) const WHOLE: &str = "@whole";
/// Weighs a text; of anything else only that it is there.
pub(super) const TEXT: &str = "@text";
/// Weighs the range of a loop, times the steps of its body.
pub(super) const OVER: &str = "@over";
/// `+`, weighed.
pub(super) const SUM: &str = "@sum";
/// `in`, weighed.
pub(super) const HELD: &str = "@held";
/// The methods of texts, weighed.
pub(super) const CONTAINS: &str = "@contains";
pub(super) const STARTS_WITH: &str = "@startsWith";
pub(super) const ENDS_WITH: &str = "@endsWith";
/// `matches`, with a pattern that stands in the expression.
pub(super) const MATCHES: &str = "@matches";
/// `matches`, with a pattern that is computed.
pub(super) const MATCHES_COMPUTED: &str = "@matches_computed";

/// Bytes of text that count as one step.
const TEXT_BYTES: usize = 64;
/// Bytes of text that count as one step where a pattern is looked for.
const SEARCHED_BYTES: usize = 8;
/// Steps of a value that is copied or compared.
const VALUE: u64 = 2;
/// Steps for compiling a pattern: some milliseconds.
const PATTERN: u64 = 40_000;
/// Bytes of a compiled pattern.
const PATTERN_BYTES: usize = 256 * 1024;
/// Compiled patterns that a thread keeps.
const PATTERNS: usize = 128;

/// The functions that every expression may call: CEL's own, and those that count.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    let one = || vec![DYN_TYPE];
    let two = || vec![DYN_TYPE, DYN_TYPE];
    let added = [
        env.add_overload(WHOLE, "whole", one(), whole),
        env.add_overload(TEXT, "text", one(), text),
        env.add_overload(OVER, "over", two(), over),
        env.add_overload(SUM, "sum", two(), sum),
        env.add_overload(HELD, "in", two(), held),
        env.add_overload(CONTAINS, "contains", two(), contains),
        env.add_overload(STARTS_WITH, "starts_with", two(), starts_with),
        env.add_overload(ENDS_WITH, "ends_with", two(), ends_with),
        env.add_overload(MATCHES, "matches_written", two(), matches),
        env.add_overload(MATCHES_COMPUTED, "matches_computed", two(), matches_computed),
    ];
    debug_assert!(added.iter().all(Result::is_ok), "no name is taken");
    Arc::new(env)
});

thread_local! {
    /// Steps left to the evaluation that runs on this thread, and whether it wanted more.
    static COUNT: Cell<(u64, bool)> = const { Cell::new((0, false)) };
    /// Computed patterns that this evaluation has met.
    static MET: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    static KEPT: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
}

/// What came of an evaluation.
pub(super) struct Counted<T> {
    pub value: Result<T, ExecutionError>,
    pub left: u64,
    pub ran_out: bool,
}

/// Returns the functions that expressions may call.
pub(super) fn env() -> Arc<Env> {
    Arc::clone(&ENV)
}

/// Runs an evaluation that takes `first` steps at once and may take `budget` in all.
pub(super) fn within<T>(budget: u64, first: u64, run: impl FnOnce() -> Result<T, ExecutionError>) -> Counted<T> {
    COUNT.set((budget, false));
    MET.with_borrow_mut(BTreeSet::clear);
    let value = take(first).and_then(|()| run());
    let (left, ran_out) = COUNT.get();
    Counted { value, left, ran_out }
}

/// Compiles a pattern, within bounds.
///
/// # Errors
/// It is none, or too large.
pub(super) fn pattern(source: &str) -> Result<Regex, String> {
    RegexBuilder::new(source).size_limit(PATTERN_BYTES).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
        // The last line says what, those before it show where.
        error => error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    })
}

fn take(steps: u64) -> Result<(), ExecutionError> {
    let (left, ran_out) = COUNT.get();
    match left.checked_sub(steps).filter(|_| !ran_out) {
        Some(left) => {
            COUNT.set((left, false));
            Ok(())
        }
        None => {
            COUNT.set((0, true));
            Err(ExecutionError::function_error("steps", "too many"))
        }
    }
}

/// Takes the steps of a value and all in it; stops looking where they run out.
pub(super) fn weigh(value: &dyn Val) -> Result<(), ExecutionError> {
    match value.get_type().kind() {
        Kind::List => {
            take(VALUE)?;
            let list = value.downcast_ref::<CelList<'_>>();
            list.map_or(Ok(()), |list| list.inner().iter().try_for_each(|item| weigh(item.as_ref())))
        }
        Kind::Map => {
            take(VALUE)?;
            value.downcast_ref::<CelMap<'_>>().map_or(Ok(()), |map| {
                map.inner().iter().try_for_each(|(key, item)| weigh(key.inner()).and_then(|()| weigh(item.as_ref())))
            })
        }
        Kind::String | Kind::Bytes => take(VALUE + text_steps(value, TEXT_BYTES)),
        _ => {
            take(VALUE)?;
            value.downcast_ref::<CelOptional<'_>>().and_then(CelOptional::inner).map_or(Ok(()), weigh)
        }
    }
}

/// Returns the steps of a text's bytes; none for anything else.
fn text_steps(value: &dyn Val, bytes_per_step: usize) -> u64 {
    let bytes = match value.get_type().kind() {
        Kind::String => value.downcast_ref::<CelString<'_>>().map_or(0, |text| text.inner().len()),
        Kind::Bytes => value.downcast_ref::<CelBytes<'_>>().map_or(0, |bytes| bytes.inner().len()),
        _ => 0,
    };
    u64::try_from(bytes / bytes_per_step).unwrap_or(u64::from(u32::MAX))
}

fn whole<'b, 'v>(mut args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let value = args.pop().ok_or_else(ExecutionError::missing_argument_or_target)?;
    weigh(value.as_ref())?;
    Ok(value)
}

fn text<'b, 'v>(mut args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let value = args.pop().ok_or_else(ExecutionError::missing_argument_or_target)?;
    take(1 + text_steps(value.as_ref(), TEXT_BYTES))?;
    Ok(value)
}

/// A loop copies each item of a list, or each key of a map, and goes through its body for it.
fn over<'b, 'v>(mut args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let body = args.pop().and_then(|body| body.downcast_ref::<CelInt>().map(|body| u64::try_from(*body.inner()).unwrap_or(0)));
    let range = args.pop().ok_or_else(ExecutionError::missing_argument_or_target)?;
    let items = if let Some(map) = range.downcast_ref::<CelMap<'_>>() {
        map.inner().keys().try_for_each(|key| weigh(key.inner()))?;
        map.inner().len()
    } else {
        weigh(range.as_ref())?;
        range.downcast_ref::<CelList<'_>>().map_or(0, |list| list.inner().len())
    };
    take(u64::try_from(items).unwrap_or(u64::MAX).saturating_mul(body.unwrap_or(1)))?;
    Ok(range)
}

fn sum<'b, 'v>(mut args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let (right, left) = (args.pop(), args.pop());
    let (Some(left), Some(right)) = (left, right) else { return Err(ExecutionError::missing_argument_or_target()) };
    weigh(left.as_ref())?;
    weigh(right.as_ref())?;
    let unfit = || no_overload("_+_", [left.as_ref(), right.as_ref()]);
    let added = left.as_adder().ok_or_else(unfit)?.add(right.as_ref()).map_err(|error| match error {
        ExecutionError::Overflow(..) => error,
        _ => unfit(),
    })?;
    Ok(CowVal::Owned(added.into_owned()))
}

/// A key of a map is found at once, an item of a list by going through it.
fn held<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let [value, within] = args.as_slice() else { return Err(ExecutionError::missing_argument_or_target()) };
    weigh(value.as_ref())?;
    if !matches!(within.get_type().kind(), Kind::Map) {
        weigh(within.as_ref())?;
    }
    let unfit = || no_overload("@in", [value.as_ref(), within.as_ref()]);
    let found = within.as_container().ok_or_else(unfit)?.contains(value.as_ref()).map_err(|_| unfit())?;
    Ok(CowVal::owned(CelBool::from(found)))
}

fn contains<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    of_texts("contains", &args, |text, part| text.contains(part))
}

fn starts_with<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    of_texts("startsWith", &args, |text, part| text.starts_with(part))
}

fn ends_with<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    of_texts("endsWith", &args, |text, part| text.ends_with(part))
}

fn of_texts<'b, 'v>(
    name: &str,
    args: &[CowVal<'b, 'v>],
    holds: impl Fn(&str, &str) -> bool,
) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let [text, part] = args else { return Err(ExecutionError::missing_argument_or_target()) };
    take(1 + text_steps(text.as_ref(), TEXT_BYTES) + text_steps(part.as_ref(), TEXT_BYTES))?;
    match (text.downcast_ref::<CelString<'_>>(), part.downcast_ref::<CelString<'_>>()) {
        (Some(text), Some(part)) => Ok(CowVal::owned(CelBool::from(holds(text.inner(), part.inner())))),
        _ => Err(no_overload(name, [text.as_ref(), part.as_ref()])),
    }
}

fn matches<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    matching(&args, false)
}

fn matches_computed<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    matching(&args, true)
}

/// Compiled patterns are kept, but steps must not depend on what ran before: a computed one costs its compiling the first
/// time that an evaluation meets it, one that is written costs none.
fn matching<'b, 'v>(args: &[CowVal<'b, 'v>], computed: bool) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let [subject, written] = args else { return Err(ExecutionError::missing_argument_or_target()) };
    take(1 + text_steps(subject.as_ref(), SEARCHED_BYTES) + text_steps(written.as_ref(), TEXT_BYTES))?;
    let texts = (subject.downcast_ref::<CelString<'_>>(), written.downcast_ref::<CelString<'_>>());
    let (Some(subject), Some(written)) = texts else {
        return Err(no_overload("matches", [subject.as_ref(), written.as_ref()]));
    };
    let (subject, written) = (subject.inner(), written.inner());
    if computed && MET.with_borrow(|met| !met.contains(written)) {
        take(PATTERN)?;
        MET.with_borrow_mut(|met| met.insert(written.to_owned()));
    }
    let found = KEPT.with_borrow_mut(|kept| {
        if let Some(kept) = kept.get(written) {
            return Ok(kept.is_match(subject));
        }
        let compiled = pattern(written).map_err(|error| ExecutionError::function_error("matches", error))?;
        let found = compiled.is_match(subject);
        if kept.len() >= PATTERNS {
            kept.clear();
        }
        kept.insert(written.to_owned(), compiled);
        Ok(found)
    })?;
    Ok(CowVal::owned(CelBool::from(found)))
}

fn no_overload(function: &str, values: [&dyn Val; 2]) -> ExecutionError {
    ExecutionError::no_such_overload(function, values.into_iter().map(|value| value.get_type().name().to_owned()).collect())
}
