//! Every operation of the API against every role and relation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use watchfire_core::access::Role;
use watchfire_core::person::State;
use watchfire_testkit::{Answer, Client};

use super::house::{House, Who};
use super::object::Object;
use super::table::{Line, Table, Verdict};

/// One operation as the document describes it.
struct Operation {
    method: String,
    path: String,
    body: Option<Value>,
}

#[test]
fn every_operation_is_in_the_table_and_every_line_is_an_operation() {
    let (table, operations) = (Table::read(), operations());
    let missing: Vec<String> = operations
        .iter()
        .filter(|operation| !table.operations.contains_key(&(operation.method.clone(), operation.path.clone())))
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    assert!(missing.is_empty(), "not reviewed, add a line for each to rights/expected.txt:\n{}", missing.join("\n"));
    for (method, path) in table.operations.keys() {
        let known = operations.iter().any(|operation| operation.method == *method && operation.path == *path);
        assert!(known, "{method} {path} is in the table and in the document no more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_each_role_and_relation_as_the_table_says() {
    if !super::is_wanted("every operation for each role and relation") {
        return;
    }
    let (table, house) = (Table::read(), House::start().await);
    let mut wrong = String::new();
    let mut cells = 0;
    for (turn, operation) in operations().iter().enumerate() {
        let Some(line) = table.operations.get(&(operation.method.clone(), operation.path.clone())) else { continue };
        let asked = Role::ALL.map(|role| ask_role(&house, &table, operation, line, role, turn));
        for (count, faults) in futures::future::join_all(asked).await {
            cells += count;
            wrong.push_str(&faults);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(cells > 400, "only {cells} cells were asked");
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_the_invited_and_the_disabled_get_no_operation_at_all() {
    let house = House::start().await;
    let disabled = house.person("gone@example.org", Role::Owner).await;
    house.engine.disable_person(&house.machine(), &disabled.login).await.expect("disabled");
    let pending = house.newcomer("soon@example.org", Role::Owner, State::Invited).await;
    for (name, client) in [
        ("nobody", house.client(None)),
        ("disabled", house.client(Some(&disabled.token))),
        ("pending", house.client(Some(&pending.token))),
    ] {
        for operation in operations() {
            let object = Object { id: super::object::ABSENT.to_owned(), ..Object::default() };
            let answer = send(&client, &operation, None, &object).await;
            // Whoever guesses tokens is slowed, and told no more than that.
            assert!(matches!(answer.status, 401 | 429), "{name} {} {}: {}", operation.method, operation.path, answer.status);
        }
    }
    let pages = house.client(None).call("GET", "/incidents", &[("cookie", disabled.cookie.as_str())], "").await;
    assert_eq!(pages.expect("an answer").status, 303, "a session of somebody disabled leads to the sign-in page");
    house.end().await;
}

/// Asks one operation for all relations of a role.
async fn ask_role(house: &House, table: &Table, operation: &Operation, line: &Line, role: Role, turn: usize) -> (usize, String) {
    let mut faults = String::new();
    let class = &table.classes[&line.class];
    let expected = &class.answers[&role];
    let senders = ["alert", "event", "silence", "incident.link"];
    let source = match senders.iter().any(|kind| line.class.starts_with(kind)) {
        true => Some(house.source(&format!("source-{turn}-{}", role.as_str())).await),
        false => None,
    };
    let mut absent = None;
    let mut hidden = Vec::new();
    for (at, relation) in class.relations.iter().enumerate() {
        let who = house.person(&format!("{}-{turn}-{at}@example.org", role.as_str()), role).await;
        let object = house.object(&line.class, relation, &who, source.as_ref(), turn * 100 + at).await;
        let answer = send(&house.client(Some(&who.token)), operation, line.body.as_ref(), &object).await;
        let mut verdict = Verdict::of(answer.status);
        let noun = format!("no such {}", line.class.split('.').next().unwrap_or_default());
        if verdict == Verdict::Hidden && (class.relations.len() == 1 || !answer.text().contains(&noun)) {
            // Classes of one relation are about roles alone. And whoever is told that another object is not there, such as
            // a channel that the body names, has got past the rights on this one.
            verdict = Verdict::Reached;
        }
        let told = format!("{} {} as {} to {relation}", operation.method, operation.path, role.as_str());
        if verdict != expected[at] || answer.status >= 500 {
            let _ = writeln!(faults, "{told}: {:?} instead of {:?}: {} {}", verdict, expected[at], answer.status, answer.text());
        }
        if verdict == Verdict::Hidden {
            let text = plain(&answer, &object, &who);
            if relation == "absent" { absent = Some(text) } else { hidden.push((told, text)) }
        }
    }
    for (told, text) in hidden {
        if absent.as_ref().is_some_and(|absent| *absent != text) {
            let _ = writeln!(
                faults,
                "{told}: not yours is not the same as not there:\n  {text}\n  {}",
                absent.clone().unwrap_or_default()
            );
        }
    }
    (class.relations.len(), faults)
}

/// Returns an answer without what differs by the object's name.
fn plain(answer: &Answer, object: &Object, who: &Who) -> String {
    let mut text = format!("{} {} {}", answer.status, answer.header("content-type"), answer.text());
    for name in [&object.id, &object.alert, &object.grant, &object.login, &who.login] {
        if !name.is_empty() {
            text = text.replace(name.as_str(), "NAME");
        }
    }
    text
}

async fn send(client: &Client, operation: &Operation, body: Option<&Value>, object: &Object) -> Answer {
    let path = fill(&operation.path, object);
    let body = body.cloned().or_else(|| operation.body.clone()).map(|body| fill(&body.to_string(), object));
    let headers: &[(&str, &str)] = if body.is_some() { &[("content-type", "application/json")] } else { &[] };
    let answer = client.call(&operation.method, &path, headers, body.unwrap_or_default()).await;
    answer.unwrap_or_else(|error| panic!("{} {path}: {error:#}", operation.method))
}

/// Puts the object's names where the variables of a path and the placeholders of a body stand.
fn fill(text: &str, object: &Object) -> String {
    let mut text = text.to_owned();
    for (name, value) in [
        ("{id}", object.id.as_str()),
        ("<id>", &object.id),
        ("<alert>", &object.alert),
        ("{grant}", &object.grant),
        ("{login}", &object.login),
        ("<login>", &object.login),
        ("{team}", "security"),
        ("{role}", "scribe"),
        ("{number}", "1"),
        ("{version}", "000000000000"),
    ] {
        text = text.replace(name, value);
    }
    // What other rooms name in their paths is there for nobody: their classes are about roles.
    while let Some((head, rest)) = text.split_once("/{") {
        let tail = rest.split_once('}').map_or("", |(_, tail)| tail).to_owned();
        text = format!("{head}/none{tail}");
    }
    text
}

/// Returns every operation of the document, with a body that holds what its schema demands.
fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(watchfire_web::api::openapi()).expect("the document is JSON");
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let mut operations = Vec::new();
    for (path, item) in &paths {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = (!schema.is_null()).then(|| sample(&document, schema, 0));
            operations.push(Operation { method: method.to_uppercase(), path: path.clone(), body });
        }
    }
    assert!(operations.len() > 50, "the document lists {} operations", operations.len());
    operations
}

/// Makes a value of a schema: only what is required.
fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > 8 {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return sample(document, &document["components"]["schemas"][name], depth + 1);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            return sample(document, first, depth + 1);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| **kind != "null").cloned().unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str().unwrap_or("object") {
        "string" => match schema["format"].as_str() {
            Some("uuid") => json!(super::object::ABSENT),
            Some("date-time") => json!("2027-02-01T00:00:00Z"),
            _ => json!("x"),
        },
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "array" => json!([]),
        _ => {
            let required: BTreeMap<String, Value> = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|name| (name.to_owned(), sample(document, &schema["properties"][name], depth + 1)))
                .collect();
            Value::Object(required.into_iter().collect::<Map<_, _>>())
        }
    }
}
