//! Every operation of the OpenAPI document, and one call of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use watchfire_testkit::{Answer, Client};

use super::object::Object;

/// One operation as the document describes it.
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    /// What its schema demands at the least; `None` takes no body.
    body: Option<Value>,
}

/// Makes one call about an object; a body takes the place of the least one.
pub(super) async fn send(client: &Client, operation: &Operation, body: Option<&Value>, object: &Object) -> Answer {
    let path = fill(&operation.path, object);
    let body = body.cloned().or_else(|| operation.body.clone()).map(|body| fill(&body.to_string(), object));
    let headers: &[(&str, &str)] = if body.is_some() { &[("content-type", "application/json")] } else { &[] };
    let answer = client.call(&operation.method, &path, headers, body.unwrap_or_default()).await;
    answer.unwrap_or_else(|error| panic!("{} {path}: {error:#}", operation.method))
}

/// Returns every operation of the document, with a body that holds what its schema demands.
pub(super) fn operations() -> Vec<Operation> {
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
