use std::collections::BTreeSet;

use super::document::openapi;

/// Every operation of the document: its method, path and the document's own description of it.
fn operations() -> Vec<(String, String, serde_json::Value)> {
    let document = serde_json::to_value(openapi()).expect("a document is JSON");
    let paths = document["paths"].as_object().expect("paths by name").clone();
    let each = |(path, item): (String, serde_json::Value)| {
        let item = item.as_object().expect("operations by method").clone();
        item.into_iter().map(move |(method, operation)| (method, path.clone(), operation))
    };
    paths.into_iter().flat_map(each).collect()
}

#[test]
fn every_operation_has_one_name_a_summary_a_known_group_and_a_problem() {
    let document = serde_json::to_value(openapi()).expect("a document is JSON");
    let tags: BTreeSet<&str> =
        document["tags"].as_array().expect("a list").iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations() {
        let name = operation["operationId"].as_str().expect("each has a name").to_owned();
        assert!(names.insert(name.clone()), "two operations are named {name}");
        assert!(operation["summary"].as_str().is_some_and(|summary| summary.ends_with('.')), "{method} {path}");
        assert!(operation["tags"][0].as_str().is_some_and(|tag| tags.contains(tag)), "{method} {path}");
        assert!(operation["responses"]["default"].is_object(), "{method} {path}");
    }
    assert!(names.len() > 50, "{}", names.len());
}

#[test]
fn the_schemas_that_the_document_points_to_are_in_it() {
    let document = serde_json::to_value(openapi()).expect("a document is JSON");
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference} is not there");
    }
}

#[test]
fn words_of_the_document_are_the_words_of_core() {
    let document = serde_json::to_value(openapi()).expect("a document is JSON");
    let words = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    let known = |all: &[&str]| serde_json::json!(all);
    assert_eq!(words("SeverityWord"), known(&watchfire_core::Severity::ALL.map(watchfire_core::Severity::as_str)));
    assert_eq!(words("PhaseWord"), known(&watchfire_core::incident::Phase::ALL.map(watchfire_core::incident::Phase::as_str)));
    assert_eq!(words("ClassWord"), known(&watchfire_core::incident::Class::ALL.map(watchfire_core::incident::Class::as_str)));
}
