use serde_json::json;
use watchfire_core::Severity;
use watchfire_core::alert::Signal;

use super::*;

fn error(mapping: &str) -> String {
    Mapping::compile(mapping).expect_err("must be refused").to_string()
}

fn tried(mapping: &str, payload: &serde_json::Value) -> watchfire_core::source::Parsed {
    try_mapping(mapping, payload.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_fault_names_line_and_column_of_the_file() {
    assert_eq!(error("title: item.name\nkey: item.(id\n").split(": ").next(), Some("mapping, line 2, column 11"));
    assert!(error("title: item.name\nlabels:\n  team: item.owner +\n").starts_with("mapping, line 3, column "));
    assert!(error("titel: item.name\n").contains("titel"), "unknown names are refused");
    assert!(error("title: item.name\ntitle: item.id\n").starts_with("mapping, line 2"), "names appear once");
    assert!(error("key: item.id\n").contains("title"));
    assert!(error("title: item.name\nseverities: { bad: awful }\n").starts_with("mapping, line 2, column 20: a severity"));
    assert!(error("title: item.name\nstatuses:\n  up: fine\n").starts_with("mapping, line 3, column 7: a status"));
    assert!(error(&"a".repeat(40_000)).contains("the limit is 32768"));
}

#[test]
fn what_no_payload_can_make_work_is_a_fault_of_the_mapping() {
    for (mapping, wanted) in [
        ("title: item.name.lower()\n", "mapping, line 1, column 23: title: unknown method \"lower\""),
        ("title: upper(item.name)\n", "title: unknown function \"upper\""),
        ("title: itm.name\n", "mapping, line 1, column 8: title: unknown variable \"itm\"; did you mean \"item\"?"),
        ("title: item.name\neach: item.list\n", "mapping, line 2, column 7: each: unknown variable \"item\""),
        ("title: item.name\nwhen: '\"yes\"'\n", "when: this must give true or false, it gives a text"),
        (
            "title: item.name\nlabels:\n  a: >-\n    item.x +\n    itm.y\n",
            "mapping, line 5, column 5: labels.a: unknown variable",
        ),
    ] {
        let error = error(mapping);
        assert!(error.contains(wanted), "{mapping}: {error}");
    }
    assert!(!error("titel: item.name\n").contains("at line"), "the place is told once");
}

#[test]
fn a_mapping_that_takes_too_long_is_refused_or_its_delivery_is() {
    let inner = ["g", "f", "e", "d", "c", "b", "a"]
        .iter()
        .fold("\"x\"".to_owned(), |body, name| format!("[1,2,3,4,5,6,7,8,9,10].map({name},{body})"));
    let deep = format!("title: '{inner}.size()>0?\"a\":\"b\"'\n");
    assert!(error(&deep).contains("title: loops nest more than 3 deep"), "{}", error(&deep));
    let square = "title: '\"t\"'\nwhen: body.items.exists(i, body.items.exists(j, j.id==i.parent && j.id!=i.id))\n";
    let payload =
        |count: u32| json!({"items": (0..count).map(|id| json!({"id": id, "parent": -1})).collect::<Vec<_>>()}).to_string();
    assert!(try_mapping(square, payload(100).as_bytes()).is_ok());
    let error = try_mapping(square, payload(2_000).as_bytes()).expect_err("too long").to_string();
    assert_eq!(error, "payload: when: this takes more than 4000000 steps for what came in, which is the limit");
}

#[test]
fn the_steps_of_a_delivery_are_those_of_all_its_items_together() {
    let items: Vec<_> = (0..2_000).map(|id| json!({"id": id, "parent": -1})).collect();
    let mapping = "each: body.items\ntitle: '\"t\"'\nkey: item.id\nwhen: body.items.exists(j, j.id == item.parent)\n";
    let error = try_mapping(mapping, json!({"items": items}).to_string().as_bytes()).expect_err("too long").to_string();
    assert!(error.contains("when: this takes more than 4000000 steps"), "{error}");
}

#[test]
fn loops_over_a_large_payload_once_are_no_trouble() {
    let items: Vec<_> =
        (0..5_000).map(|id| json!({"id": id, "kind": "problem", "tags": ["a", "b"], "text": "x".repeat(500)})).collect();
    let parsed = tried(
        "each: body.items.filter(i, i.kind == \"problem\")\ntitle: '\"on \" + item.text'\nkey: item.id\nlabels:\n  a: item.tags.exists(t, t == \"b\")\n  b: item.tags.map(t, t + \"!\")[0]\n",
        &json!({"items": items}),
    );
    assert_eq!(parsed.observations.len(), 5_000);
}

#[test]
fn a_list_becomes_an_alert_per_item() {
    let mapping = "each: body.events\ntitle: item.name\nkey: item.id\nstatus: item.state\nseverity: item.level\n";
    let parsed = tried(
        mapping,
        &json!({"events": [{"name": "a", "id": 1, "state": "open", "level": "high"}, {"name": "b", "id": "2", "state": "closed"}]}),
    );
    let [one, two] = parsed.observations.as_slice() else { panic!("two alerts") };
    assert_eq!((one.signal, one.severity), (Signal::Firing, Some(Severity::Sev2)));
    assert_eq!((two.signal, two.severity), (Signal::Resolved, None));
    assert_eq!(one.dedup_key.value(), "1");
}

#[test]
fn whole_numbers_compare_and_beyond_2_to_the_53_stay_exact() {
    let parsed = tried(
        "title: 'item.level > 7 ? \"high\" : \"low\"'\nkey: item.id\n",
        &json!({"level": 9, "id": 9_007_199_254_740_993_u64}),
    );
    assert_eq!(parsed.observations[0].title, "high");
    assert_eq!(parsed.observations[0].dedup_key.value(), "9007199254740993");
}

#[test]
fn a_missing_field_is_no_value_but_title_and_key_are_needed() {
    let parsed = tried("title: item.name\nresource: item.host\nlink: item.a.b\n", &json!({"name": "n"}));
    assert_eq!(parsed.observations[0].resource, None);
    let fault = |mapping: &str| try_mapping(mapping, b"{\"name\": \"n\"}").expect_err("refused").to_string();
    assert_eq!(fault("title: item.nam\n"), "payload: title: has no value for this payload");
    assert_eq!(fault("title: item.name\nkey: item.id\n"), "payload: key: has no value for this payload");
    assert!(fault("title: item.name + 1\n").starts_with("payload: title: "));
    // Before the parts are taken there is no part: that is told without any payload.
    let early = fault("each: item.name\ntitle: item\n");
    assert!(early.starts_with("mapping, line 1, column 7: each: unknown variable \"item\""), "{early}");
    assert!(fault("title: item.name\nclass: '\"nonsense\"'\n").contains("class: must be one of data_breach"));
    assert!(fault("title: item.name\nstatus: '\"odd\"'\nstatuses: { a: firing }\n").contains("\"odd\" is not in `statuses`"));
}

#[test]
fn credentials_are_not_among_the_headers() {
    use watchfire_core::source::{Delivery, Headers, Settings};
    let headers: Headers = [("authorization", "Bearer x"), ("x-watchfire-token", "x"), ("x-kind", "disk")].into_iter().collect();
    let settings = Settings::from([(
        "mapping".to_owned(),
        "title: headers['x-kind']\nlabels:\n  a: headers['authorization']\n  b: headers['x-watchfire-token']\n".to_owned(),
    )]);
    let delivery = Delivery { headers: &headers, body: b"{}", received_at: jiff::Timestamp::UNIX_EPOCH };
    let parsed = crate::sources::all()["generic"].parse(&delivery, &settings).expect("reads");
    assert_eq!(parsed.observations[0].title, "disk");
    assert!(parsed.observations[0].labels.is_empty());
}

#[test]
fn without_mapping_a_payload_without_title_is_refused_with_advice() {
    use watchfire_core::source::{Delivery, Headers, Settings};
    let headers = Headers::default();
    let delivery = Delivery { headers: &headers, body: b"{\"foo\": 1}", received_at: jiff::Timestamp::UNIX_EPOCH };
    let error = crate::sources::all()["generic"].parse(&delivery, &Settings::new()).expect_err("refused");
    assert!(error.0.contains("give this source a mapping"), "{error}");
}

#[test]
fn two_thousand_items_are_read_without_copying_the_payload_for_each() {
    let items: Vec<_> = (0..2_000).map(|id| json!({"id": id, "name": "x".repeat(200)})).collect();
    let parsed = tried("each: body.items\ntitle: item.name\nkey: item.id\n", &json!({"items": items}));
    assert_eq!(parsed.observations.len(), 2_000);
}
