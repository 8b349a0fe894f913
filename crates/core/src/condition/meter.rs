//! Puts the counting of steps into an expression.

use std::collections::BTreeSet;

use cel::IdedExpr;
use cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedEntryExpr, ListExpr, LiteralValue, MapEntryExpr, MapExpr, SelectExpr,
    StructExpr, StructFieldExpr, operators,
};

use super::check::{Kind, kind};
use super::steps::{CONTAINS, ENDS_WITH, HELD, MATCHES, MATCHES_COMPUTED, OVER, STARTS_WITH, SUM, TEXT, WHOLE};

/// Returns an expression of the same value whose work is counted.
pub(super) fn metered(expr: &IdedExpr) -> IdedExpr {
    node(expr)
}

/// Returns the steps of one evaluation but for the bodies of loops and the size of values.
pub(super) fn steps(expr: &IdedExpr) -> u64 {
    let own = match &expr.expr {
        Expr::Literal(LiteralValue::String(text)) => 1 + text.inner().len() / 64,
        Expr::Literal(LiteralValue::Bytes(bytes)) => 1 + bytes.inner().len() / 64,
        _ => 1,
    };
    let parts: u64 = match &expr.expr {
        Expr::Comprehension(of) => [&of.iter_range, &of.accu_init, &of.result].into_iter().map(steps).sum(),
        _ => parts(expr).into_iter().map(steps).sum(),
    };
    parts.saturating_add(u64::try_from(own).unwrap_or(u64::MAX))
}

/// Returns the steps of one round of a loop, but for loops within.
pub(super) fn body_steps(of: &ComprehensionExpr) -> u64 {
    steps(&of.loop_cond).saturating_add(steps(&of.loop_step))
}

/// Returns the expressions directly within one.
pub(super) fn parts(expr: &IdedExpr) -> Vec<&IdedExpr> {
    match &expr.expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => Vec::new(),
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(MapExpr { entries }) | Expr::Struct(StructExpr { entries, .. }) => entries.iter().flat_map(of_entry).collect(),
        Expr::Comprehension(of) => vec![&of.iter_range, &of.accu_init, &of.loop_cond, &of.loop_step, &of.result],
    }
}

fn of_entry(entry: &IdedEntryExpr) -> Vec<&IdedExpr> {
    match &entry.expr {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}

/// Returns every text and field name in an expression.
pub(super) fn words(expr: &IdedExpr) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = parts(expr).into_iter().flat_map(words).collect();
    match &expr.expr {
        Expr::Literal(LiteralValue::String(text)) => words.extend([text.inner().to_owned()]),
        Expr::Select(select) => words.extend([select.field.clone()]),
        _ => {}
    }
    words
}

fn node(expr: &IdedExpr) -> IdedExpr {
    let new = match &expr.expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => expr.expr.clone(),
        Expr::Select(select) => {
            Expr::Select(SelectExpr { operand: Box::new(node(&select.operand)), field: select.field.clone(), test: select.test })
        }
        Expr::List(list) => Expr::List(ListExpr {
            elements: list.elements.iter().map(whole).collect(),
            optional_indices: list.optional_indices.clone(),
        }),
        Expr::Map(map) => Expr::Map(MapExpr { entries: map.entries.iter().map(entry).collect() }),
        Expr::Struct(of) => {
            Expr::Struct(StructExpr { type_name: of.type_name.clone(), entries: of.entries.iter().map(entry).collect() })
        }
        Expr::Call(call) => return within_call(expr, call),
        Expr::Comprehension(of) => Expr::Comprehension(Box::new(comprehension(of))),
    };
    IdedExpr { id: expr.id, expr: new }
}

fn comprehension(of: &ComprehensionExpr) -> ComprehensionExpr {
    let body = IdedExpr {
        id: of.iter_range.id,
        expr: Expr::Literal(LiteralValue::Int(i64::try_from(body_steps(of)).unwrap_or(i64::MAX).into())),
    };
    // The accumulator and what the macro does to it stay as they are: the interpreter knows their shape.
    ComprehensionExpr {
        iter_range: call(of.iter_range.id, OVER, vec![node(&of.iter_range), body]),
        loop_step: node(&of.loop_step),
        ..of.clone()
    }
}

fn entry(entry: &IdedEntryExpr) -> IdedEntryExpr {
    let expr = match &entry.expr {
        EntryExpr::StructField(field) => EntryExpr::StructField(StructFieldExpr { value: whole(&field.value), ..field.clone() }),
        EntryExpr::MapEntry(of) => {
            EntryExpr::MapEntry(MapEntryExpr { key: whole(&of.key), value: whole(&of.value), optional: of.optional })
        }
    };
    IdedEntryExpr { id: entry.id, expr }
}

fn within_call(expr: &IdedExpr, of: &CallExpr) -> IdedExpr {
    let id = expr.id;
    let plain = |args: Vec<IdedExpr>| call(id, &of.func_name, args);
    let each = |change: fn(&IdedExpr) -> IdedExpr| of.args.iter().map(change).collect::<Vec<_>>();
    match (of.func_name.as_str(), of.args.as_slice()) {
        ("matches", [_, pattern]) if of.target.is_none() => call(id, matches_by(pattern), each(node)),
        ("matches" | "contains" | "startsWith" | "endsWith", [part]) if of.target.is_some() => {
            let name = match of.func_name.as_str() {
                "contains" => CONTAINS,
                "startsWith" => STARTS_WITH,
                "endsWith" => ENDS_WITH,
                _ => matches_by(part),
            };
            call(id, name, of.target.as_deref().into_iter().chain([part]).map(node).collect())
        }
        (operators::ADD, [accumulated, _]) if is_accumulator(accumulated) => plain(each(node)),
        (operators::ADD, [_, _]) => call(id, SUM, each(node)),
        (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => {
            // No more is compared than the smaller of the two.
            let small = is_small(left) || is_small(right);
            plain(vec![if small { node(left) } else { whole(left) }, node(right)])
        }
        (operators::IN, [_, list]) if matches!(list.expr, Expr::List(_)) => plain(each(node)),
        (operators::IN, [_, _]) => call(id, HELD, each(node)),
        (operators::INDEX, [value, index]) => plain(vec![node(value), whole(index)]),
        // What is found is copied; that it may be is asked before.
        (operators::OPT_INDEX | operators::OPT_SELECT, [value, index]) => {
            let found = plain(vec![call(id, TEXT, vec![node(value)]), whole(index)]);
            call(id, WHOLE, vec![found])
        }
        (
            operators::CONDITIONAL
            | operators::LOGICAL_AND
            | operators::LOGICAL_OR
            | operators::LOGICAL_NOT
            | operators::NOT_STRICTLY_FALSE,
            _,
        ) => plain(each(node)),
        (name, _) => {
            let change = if name == "size" { text } else { whole };
            let target = of.target.as_deref().map(|target| {
                // The name of a family of functions, no value.
                let family = matches!(&target.expr, Expr::Ident(name) if name == "optional");
                Box::new(if family { target.clone() } else { change(target) })
            });
            IdedExpr { id, expr: Expr::Call(CallExpr { func_name: of.func_name.clone(), target, args: each(change) }) }
        }
    }
}

fn matches_by(pattern: &IdedExpr) -> &'static str {
    if matches!(pattern.expr, Expr::Literal(_)) { MATCHES } else { MATCHES_COMPUTED }
}

fn whole(expr: &IdedExpr) -> IdedExpr {
    if is_small(expr) { node(expr) } else { call(expr.id, WHOLE, vec![node(expr)]) }
}

fn text(expr: &IdedExpr) -> IdedExpr {
    if is_small(expr) { node(expr) } else { call(expr.id, TEXT, vec![node(expr)]) }
}

fn call(id: u64, name: &str, args: Vec<IdedExpr>) -> IdedExpr {
    IdedExpr { id, expr: Expr::Call(CallExpr { func_name: name.to_owned(), target: None, args }) }
}

fn is_accumulator(expr: &IdedExpr) -> bool {
    matches!(&expr.expr, Expr::Ident(name) if name.starts_with('@'))
}

/// Tells whether a value is small whatever comes in: it stands in the expression, or is a number or a boolean.
fn is_small(expr: &IdedExpr) -> bool {
    matches!(expr.expr, Expr::Literal(_)) || matches!(kind(expr), Some(Kind::Truth | Kind::Number))
}
