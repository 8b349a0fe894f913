//! `api.md`.

use serde_json::Value;

use crate::cli::output::at;

/// Writes the page of the API: every operation with its parameters, body and answer.
pub(super) fn page(document: &Value) -> String {
    let mut out = String::from(
        "# API\n\nWritten by `cargo xtask generate` from the OpenAPI document, which the server gives at \
         `/api/v1/openapi.json`. The guide to it is in [docs/guide/api.md](../guide/api.md).\n",
    );
    for tag in document.get("tags").and_then(Value::as_array).into_iter().flatten() {
        let name = at(tag, "name");
        out.push_str(&format!("\n## {name}\n\n{}.\n", at(tag, "description")));
        for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
            for method in ["get", "post", "put", "patch", "delete"] {
                let Some(operation) = item.get(method) else { continue };
                if operation.get("tags").and_then(|tags| tags.get(0)).and_then(Value::as_str) == Some(name.as_str()) {
                    describe(method, path, operation, document, &mut out);
                }
            }
        }
    }
    out
}

fn describe(method: &str, path: &str, operation: &Value, document: &Value, out: &mut String) {
    out.push_str(&format!("\n### `{} {path}`\n\n{}\n", method.to_uppercase(), at(operation, "summary")));
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let query: Vec<&Value> = parameters.into_iter().flatten().filter(|parameter| at(parameter, "in") == "query").collect();
    if !query.is_empty() {
        out.push('\n');
        for parameter in query {
            out.push_str(&format!("- `?{}=` {}\n", at(parameter, "name"), at(parameter, "description")));
        }
    }
    if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
        out.push_str("\nBody:\n\n");
        fields(schema, document, out);
    }
    for (status, answer) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
        if let Some(schema) = answer.pointer("/content/application~1json/schema") {
            out.push_str(&format!("\nAnswer {status}: `{}`\n", word(schema)));
        }
    }
}

/// Lists the fields of a body, one level deep.
fn fields(schema: &Value, document: &Value, out: &mut String) {
    let object = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap_or(schema),
        None => schema,
    };
    let required: Vec<&str> =
        object.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, field) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let needed = if required.contains(&name.as_str()) { "" } else { ", may be left out" };
        let text = at(field, "description").replace('\n', " ");
        out.push_str(&format!("- `{name}` ({}{needed}) {text}\n", word(field)));
    }
}

/// Returns what a schema is, in a word.
fn word(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    for many in ["oneOf", "allOf", "anyOf"] {
        if let Some(parts) = schema.get(many).and_then(Value::as_array) {
            let words: Vec<String> = parts.iter().map(word).collect();
            return words.join(" or ");
        }
    }
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        Some(Value::String(kind)) if kind == "array" => {
            format!("list of {}", schema.get("items").map(word).unwrap_or_default())
        }
        Some(kind) => kind.as_str().unwrap_or_default().to_owned(),
        None => "value".to_owned(),
    }
}
