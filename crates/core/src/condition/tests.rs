use std::cell::Cell;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, ListExpr, SelectExpr};
use cel::common::types::DYN_TYPE;
use cel::common::value::CowVal;
use cel::{Context, Env, ExecutionError};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Loops in loops over a short list, seven deep: ten million rounds in 500 bytes.
fn seven_deep() -> String {
    let inner = ["g", "f", "e", "d", "c", "b", "a"]
        .iter()
        .fold("\"x\"".to_owned(), |body, name| format!("[1,2,3,4,5,6,7,8,9,10].map({name},{body})"));
    format!("{inner}.size() > 0 ? \"a\" : \"b\"")
}

fn spent(source: &str, body: &Value) -> (Result<Value, EvaluateError>, u64) {
    let expression = Expression::compile(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    let variables = Variables::sharing(STEPS).with("body", body).and_then(|with| with.with("x", 7)).expect("a value");
    let value = expression.value(&variables);
    (value, STEPS - variables.left())
}

fn refused(source: &str, shape: &Shape<'_>) -> String {
    Expression::compile_for(source, shape).expect_err(source).to_string()
}

fn runs_out(source: &str, body: &Value) {
    let (value, _) = spent(source, body);
    assert_eq!(value.map(|_| "a value").map_err(|error| error.reason), Err(Reason::Steps), "{source}");
}

#[test]
fn loops_in_loops_over_written_lists_are_refused_when_read() {
    assert!(refused(&seven_deep(), &Shape::ANY).contains("loops nest more than 3 deep"));
    let list = (0..80).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let error =
        refused(&format!("'a' != 'b' &&\n [{list}].all(a, [{list}].all(b, [{list}].all(c, a + b + c < 9)))"), &Shape::ANY);
    assert!(error.starts_with("line 2, column ") && error.contains("steps whatever comes in, the limit is 200000"), "{error}");
    assert!(Expression::compile(&format!("[{list}].all(a, [{list}].all(b, a + b >= 0))")).is_ok());
}

#[test]
fn what_grows_with_the_square_of_the_payload_ends_at_the_limit() {
    let source = "body.items.exists(i, body.items.exists(j, j.id == i.parent && j.id != i.id))";
    let items = |count: u32| json!({"items": (0..count).map(|id| json!({"id": id, "parent": 1_000_000})).collect::<Vec<_>>()});
    let (value, steps) = spent(source, &items(20));
    assert_eq!(value, Ok(json!(false)));
    assert!((20 * 20 * 8..20 * 20 * 40).contains(&steps), "{steps} steps");
    let (value, steps) = spent(source, &items(1_500));
    assert_eq!(
        value.expect_err("too much").to_string(),
        "this takes more than 200000 steps for what came in, which is the limit"
    );
    assert_eq!(steps, STEPS, "no more than the limit is done");
}

#[test]
fn values_that_double_end_at_the_limit() {
    for (start, turn) in [
        ("[body.big]", ".map(a, a + a)"),
        ("[[1]]", ".map(a, a + a)"),
        ("[1]", ".map(a, [a, a])"),
        ("[1]", ".map(a, {'a': a, 'b': a})"),
        ("[body.?big]", ".map(a, [a, a])"),
    ] {
        runs_out(&format!("{start}{}", turn.repeat(18)), &json!({"big": "x".repeat(100)}));
    }
}

#[test]
fn copies_and_comparisons_count_what_they_go_through() {
    let body = json!({"items": (0..2_000).collect::<Vec<_>>(), "text": "x".repeat(200_000)});
    for source in [
        "body.items.map(i, body)",
        "body.items.map(i, [body])[0]",
        "body.items.exists(i, body == i)",
        "body.items.exists(i, i > 5000 || body.items == body.items && false)",
        "body.items.exists(i, body.?items == 1)",
        "body.items.exists(i, body[?'items'] == 1)",
        "body.items.all(i, !(9 in body.items) || true)",
        "body.items.exists(i, body.text.contains('y'))",
        "body.items.exists(i, body.text.matches('x+y'))",
        "body.items.exists(i, 'a'.matches('a' + string(i)))",
        "body.items.exists(i, size(body.text) == i - 5000)",
        "body.items.exists(i, bytes(body.text).size() == i - 5000)",
        "body.items.exists(i, body - i == 0)",
        "body.items.exists(i, body < i)",
        "body.items.map(i, optional.of(body)).size() == 1",
    ] {
        runs_out(source, &body);
    }
}

#[test]
fn an_ordinary_condition_takes_few_steps_and_gives_what_it_gave() {
    let body =
        json!({"labels": {"team": "db", "n": "7"}, "items": [{"name": "a"}, {"name": "b"}], "text": "disk full on web-01"});
    for (source, wanted, limit) in [
        ("body.labels['team'] == 'db' && body.labels.n in ['7', '8']", json!(true), 30),
        ("body.text.matches('(?i)DISK.*web-[0-9]+')", json!(true), 10),
        ("matches(body.text, '^full')", json!(false), 10),
        ("body.text.startsWith('disk') || body.text.contains('net')", json!(true), 20),
        ("'on ' + body.labels.team + \" \" + string(body.items.size())", json!("on db 2"), 40),
        ("body.items.map(i, i.name)", json!(["a", "b"]), 60),
        ("body.items.filter(i, i.name != 'a')", json!([{"name": "b"}]), 70),
        ("body.items.exists_one(i, i.name == 'a')", json!(true), 60),
        ("body.?nothing.orValue('none')", json!("none"), 30),
        ("has(body.nothing) ? body.nothing : 'none'", json!("none"), 20),
        ("optional.of(3).value() + 4", json!(7), 20),
        ("[1, 2] + [3]", json!([1, 2, 3]), 30),
        ("type(1) == int", json!(true), 20),
    ] {
        let (value, steps) = spent(source, &body);
        assert_eq!(value, Ok(wanted), "{source}");
        assert!(steps <= limit, "{source}: {steps} steps");
    }
}

#[test]
fn evaluations_over_shared_variables_share_their_steps() {
    let expression = Expression::compile("body.all(i, i >= 0)").expect("compiles");
    let variables = Variables::sharing(3_000).with("body", (0..100).collect::<Vec<_>>()).expect("a value");
    let inner = variables.inner();
    let held = (0..10).take_while(|_| expression.holds(&inner) == Ok(true)).count();
    assert!((1..9).contains(&held), "{held} of them");
    assert_eq!(expression.holds(&variables).map_err(|error| error.reason), Err(Reason::Steps));
}

const ALERT: Shape<'static> =
    Shape { variables: Some(&[("alert", Some(&["title", "labels", "severity"])), ("body", None)]), gives: Gives::Truth };

#[test]
fn what_can_never_work_is_told_with_its_place() {
    for (source, wanted) in [
        ("alert.lables['x'] == 'y'", "line 1, column 6: unknown field of alert \"lables\"; did you mean \"labels\"?"),
        ("true &&\n  alert['nope'] == 1", "line 2, column 9: unknown field of alert \"nope\"; known are title, labels, severity"),
        ("allert.title == 'y'", "line 1, column 1: unknown variable \"allert\"; did you mean \"alert\"?"),
        ("has(alert.nope)", "unknown field of alert \"nope\""),
        ("1 + 1", "line 1, column 1: this must give true or false, it gives a number"),
        ("'yes'", "this must give true or false, it gives a text"),
        ("alert.title.lower() == 'a'", "line 1, column 18: unknown method \"lower\""),
        ("alert.title.startWith('a')", "did you mean \"startsWith\"?"),
        ("len(alert.title) > 1", "line 1, column 4: unknown function \"len\""),
        ("body.items.exists(i)", "list.exists(x, …)"),
        ("alert.title.matches('(')", "not a pattern"),
        ("alert.title.matches('\\\\w{500}{500}')", "the pattern is too large"),
        ("body.items.all(i, j > 2)", "unknown variable \"j\""),
    ] {
        let error = refused(source, &ALERT);
        assert!(error.contains(wanted), "{source}: {error}");
    }
}

#[test]
fn what_was_accepted_before_is_still_read_and_still_bounded() {
    for source in ["alert.lables['x'] == 'y'", "body.lower() == 'a'", "1 + 1", "'a'.matches('(')"] {
        let kept = Expression::compile_kept(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let variables = Variables::new().with("body", "A").and_then(|with| with.with("alert", json!({}))).expect("a value");
        assert!(kept.holds(&variables).is_err(), "{source}");
    }
    let kept = Expression::compile_kept(&seven_deep()).expect("it is read");
    assert_eq!(kept.value(&Variables::new()).map_err(|error| error.reason), Err(Reason::Steps));
}

#[test]
fn what_may_work_is_not_refused() {
    for source in [
        "alert.labels['anything'] == 'y' && alert.labels.other != ''",
        "body.whatever.deep[0].x == 1",
        "body.items.exists(alert, alert.nope == 1)",
        "body.flag",
        "'x' in alert.labels",
        "type(body.x) == string && body.?y.hasValue()",
        "alert.labels.all(name, name.startsWith('a'))",
        "alert.title.matches(body.pattern)",
        "optional.of(1).hasValue()",
        "size(alert.title) > 3 && matches(alert.title, 'a')",
    ] {
        assert!(Expression::compile_for(source, &ALERT).is_ok(), "{source}: {:?}", Expression::compile_for(source, &ALERT));
    }
}

#[test]
fn every_function_that_counts_as_known_is_known_to_the_interpreter() {
    let body = json!({});
    for source in ["bool('true')", "bytes('a').size()", "double(1)", "dyn(1)", "int('1')", "matches('a', 'a')", "size('a')"]
        .into_iter()
        .chain(["string(1)", "uint(1)", "'a'.contains('a')", "'a'.endsWith('a')", "optional.of(1).hasValue()"])
        .chain(["'a'.matches('a')", "optional.of(1).or(optional.none()).value()", "optional.of(1).orValue(2)"])
        .chain(["[1].size()", "'a'.startsWith('a')", "optional.ofNonZeroValue(1).value()", "type(1) == list"])
        .chain(["type(1) in [bool, bytes, double, int, list, map, null_type, optional_type, string, type, uint]"])
    {
        assert!(spent(source, &body).0.is_ok(), "{source}: {:?}", spent(source, &body).0);
    }
}

#[test]
fn chains_that_are_too_deep_are_refused() {
    for source in [
        format!("a{}", ".b".repeat(1_000)),
        format!("a{}", "[0]".repeat(600)),
        format!("1{} > 2", "+1".repeat(1_000)),
        format!("{}1", "true?1:".repeat(280)),
        format!("a{}", ".size()".repeat(250)),
        format!("[1]{}", ".map(a,a)".repeat(220)),
    ] {
        let error = refused(&source, &Shape::ANY);
        assert!(error.contains("deep"), "{}: {error}", &source[..20]);
    }
    // Pairs of signs cancel out; many alternatives are not deep.
    assert!(Expression::compile(&format!("{}true", "!".repeat(2_000))).is_ok());
    assert!(Expression::compile(&vec!["a == 'b'"; 150].join("||")).is_ok());
}

#[test]
fn a_place_in_a_value_is_found_in_the_file_however_it_is_written() {
    for (file, start, value, wanted) in [
        ("a: x == @y\n", (1, 4), "x == @y", (1, 9)),
        ("a: 'x == \"it''s\" && @y'\n", (1, 4), "x == \"it's\" && @y", (1, 21)),
        ("a: \"x == \\\"z\\\" && @y\"\n", (1, 4), "x == \"z\" && @y", (1, 19)),
        ("a: >-\n  x > 1 &&\n  @y\n", (1, 4), "x > 1 && @y", (3, 3)),
        ("a: |\n  x > 1 &&\n    @y\n", (1, 4), "x > 1 &&\n  @y\n", (3, 5)),
        ("a: x > 1 &&\n   @y\n", (1, 4), "x > 1 && @y", (2, 4)),
    ] {
        let before = &value[..value.find('@').expect("it is marked")];
        let at = (1 + before.matches('\n').count(), before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
        assert_eq!(crate::yaml::place(file, start, value, at), wanted, "{file}");
    }
}

#[test]
fn what_a_reader_says_is_told_in_plain_words_and_without_the_place() {
    for (said, wanted) in [
        ("unknown field `tem`, expected one of team, name at line 4, column 3", "unknown key tem; known are team, name"),
        ("unknown variant `bad`, expected one of a, b at line 14, column 5", "\"bad\" is none of a, b"),
        ("missing field `title` at line 1, column 1", "the key title is missing"),
        ("invalid type: string \"x\", expected u32 at line 1, column 1", "this must be a whole number, it is string \"x\""),
        ("invalid type: sequence, expected struct Route", "this must be a map, it is a list"),
        ("duplicate mapping key: a, set DuplicateKeyPolicy in Options if acceptable", "a key stands here twice: a"),
    ] {
        assert_eq!(crate::yaml::words(said), wanted);
    }
}

thread_local! {
    static TALLY: Cell<u64> = const { Cell::new(0) };
}

fn tally<'b, 'v>(mut args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    TALLY.set(TALLY.get() + 1);
    args.pop().ok_or_else(ExecutionError::missing_argument_or_target)
}

/// The expression with every part of it passing through `@tally`.
fn tallied(expr: &IdedExpr) -> IdedExpr {
    let all = |parts: &[IdedExpr]| parts.iter().map(tallied).collect::<Vec<_>>();
    let new = match &expr.expr {
        Expr::Call(call) => Expr::Call(CallExpr {
            target: call.target.as_deref().map(|target| Box::new(tallied(target))),
            args: all(&call.args),
            ..call.clone()
        }),
        Expr::List(list) => Expr::List(ListExpr::new(all(&list.elements))),
        Expr::Select(select) => Expr::Select(SelectExpr { operand: Box::new(tallied(&select.operand)), ..select.clone() }),
        Expr::Comprehension(of) => Expr::Comprehension(Box::new(ComprehensionExpr {
            iter_range: tallied(&of.iter_range),
            accu_init: tallied(&of.accu_init),
            loop_cond: tallied(&of.loop_cond),
            loop_step: tallied(&of.loop_step),
            result: tallied(&of.result),
            ..(**of).clone()
        })),
        other => other.clone(),
    };
    let args = vec![IdedExpr { id: expr.id, expr: new }];
    IdedExpr { id: expr.id, expr: Expr::Call(CallExpr { func_name: "@tally".to_owned(), target: None, args }) }
}

/// Evaluates by the bare interpreter and counts each part of the expression each time that it is computed.
fn counted(source: &str, body: &Value) -> (Option<Value>, u64) {
    let mut env = Env::stdlib();
    env.add_overload("@tally", "tally", vec![DYN_TYPE], tally).expect("a free name");
    let program = env.compile(source).expect("compiles");
    let mut context = Context::with_env(Arc::new(env));
    context.add_variable_from_value("body", cel::to_value(body).expect("a value"));
    context.add_variable_from_value("x", 7);
    TALLY.set(0);
    let value = cel::Value::resolve(&tallied(program.expression()), &context);
    (value.ok().and_then(|value| value.json().ok()), TALLY.get())
}

fn nodes(value: &Value) -> u64 {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(fields) => fields.values().map(|value| 1 + nodes(value)).sum(),
        Value::String(text) => u64::try_from(text.len() / 64).expect("small"),
        _ => 0,
    }
}

/// Expressions of loops, lists, comparisons and sums; the loops' variable is always `x`.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["x", "1", "'s'", "body.n", "body.text", "body.items", "body.tags", "[1, 2, 3]", "true"]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 24, 3, |inner| {
        let list =
            prop::sample::select(vec!["body.items", "body.tags", "[1, 2, 3]", "[x, body.items]", "body.tags.map(x, [x, x])"]);
        let looped = prop::sample::select(vec!["map", "filter", "exists", "all", "exists_one"]);
        let joined = prop::sample::select(vec!["==", "!=", "+", "&&", "||", "in", "<"]);
        prop_oneof![
            4 => (list, looped, inner.clone()).prop_map(|(list, looped, body)| format!("{list}.{looped}(x, {body})")),
            2 => (inner.clone(), inner.clone()).prop_map(|(list, body)| format!("({list}).map(x, {body})")),
            3 => (inner.clone(), joined, inner.clone()).prop_map(|(left, by, right)| format!("({left} {by} {right})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("[{one}, {other}]")),
            1 => (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} == 1 ? {other} : {one})")),
            1 => inner.prop_map(|of| format!("size({of})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No work goes uncounted, no value outgrows its steps, and counting changes no value.
    #[test]
    fn steps_are_at_least_what_the_interpreter_does(source in expressions(), items in 0_usize..8, tags in 0_usize..8) {
        prop_assume!(Expression::compile(&source).is_ok());
        let body = json!({
            "n": 3,
            "text": "t".repeat(100),
            "items": (0..items).map(|n| json!({"id": n})).collect::<Vec<_>>(),
            "tags": (0..tags).collect::<Vec<_>>(),
        });
        let (value, steps) = spent(&source, &body);
        if value.as_ref().is_err_and(|error| error.reason == Reason::Steps) {
            return Ok(());
        }
        let (bare, done) = counted(&source, &body);
        prop_assert!(steps >= done, "{source}: {steps} steps counted, {done} done");
        if let Ok(value) = &value {
            prop_assert!(steps >= nodes(value), "{source}: {steps} steps for {} parts", nodes(value));
        }
        prop_assert_eq!(value.ok(), bare, "{}", source);
    }
}
