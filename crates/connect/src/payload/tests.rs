use proptest::prelude::*;
use serde_json::json;

use super::*;

fn refused(body: &[u8]) -> String {
    read(body).expect_err("must be refused").0
}

#[test]
fn a_byte_order_mark_is_skipped_and_utf_16_refused_by_name() {
    assert_eq!(read(b"\xef\xbb\xbf{}").expect("reads"), json!({}));
    assert_eq!(refused(b"\xff\xfe{\0}\0"), "the body is UTF-16; send UTF-8");
}

#[test]
fn an_empty_body_is_named() {
    assert_eq!(refused(b" \n"), "the body is empty, expected JSON");
}

#[test]
fn a_key_that_appears_twice_is_refused_with_its_place() {
    let error = refused(b"{\"a\": {\"status\": 1, \"status\": 2}}");
    assert!(error.starts_with("not JSON: key \"status\" appears twice at line 1"), "{error}");
    // Written differently, still the same key.
    assert!(refused(br#"{"a": 1, "\u0061": 2}"#).contains("appears twice"));
}

#[test]
fn depth_is_bounded_at_64() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(nested(64).as_bytes()).is_ok());
    assert_eq!(refused(nested(65).as_bytes()), "byte 64: nested deeper than 64 levels");
    // Brackets inside of strings do not count, with any escapes.
    assert!(read(format!("[\"\\\"{}\\\\\"]", "[".repeat(500)).as_bytes()).is_ok());
    assert!(refused("[".repeat(1_000_000).as_bytes()).contains("nested deeper"));
}

#[test]
fn whole_numbers_beyond_2_to_the_53_are_exact_and_beyond_64_bits_refused() {
    let value = read(b"[9007199254740993, 18446744073709551615, -9223372036854775808]").expect("reads");
    assert_eq!(value.to_string(), "[9007199254740993,18446744073709551615,-9223372036854775808]");
    let error = refused(b"{\"id\": 18446744073709551616}");
    assert_eq!(error, "byte 7: a whole number of 20 digits does not fit in 64 bits; send it as a string");
}

#[test]
fn nan_infinity_lone_surrogates_and_broken_utf_8_are_refused() {
    for body in [&b"[NaN]"[..], b"[Infinity]", b"[-Infinity]", b"[1e999]", br#"["\ud800"]"#, br#"["\ud800\u0041"]"#] {
        assert!(refused(body).starts_with("not JSON: "), "{body:?}");
    }
    assert_eq!(refused(b"[\"a\xff\"]"), "byte 3 of the body is not UTF-8");
}

#[test]
fn values_follow_each_other_as_lines_pretty_or_as_a_list() {
    for body in ["{\"a\":1}\n{\"a\":2}\n", "{\n \"a\":1\n}\n{\n \"a\":2}", "[{\"a\":1},{\"a\":2}]"] {
        assert_eq!(read_many(body.as_bytes()).expect("reads"), [json!({"a": 1}), json!({"a": 2})]);
    }
    assert!(read_many(b"{\"a\":1}\n{\"a\":").is_err());
    assert!(read_many("1 ".repeat(5_001).as_bytes()).is_err());
}

#[test]
fn errors_name_the_path_and_never_repeat_a_text() {
    let value = json!({"alerts": [{}, {"status": 7, "labels": "hunter2hunter2"}]});
    let alerts = Node::root(&value).expect("object").list("alerts").expect("list");
    let fault = |result: Result<_, watchfire_core::source::Malformed>| result.map(|_: Option<&str>| ()).expect_err("fault").0;
    assert_eq!(fault(alerts[1].text("status")), "alerts[1].status: expected a string, found 7");
    assert_eq!(fault(alerts[1].text("labels.severity")), "alerts[1].labels: expected an object, found a string of 14 characters");
    assert_eq!(alerts[0].need("status").expect_err("fault").0, "alerts[0].status: missing");
    assert_eq!(Node::root(&json!([])).expect_err("fault").0, "the body: expected an object, found a list");
}

#[test]
fn times_are_read_as_vendors_write_them() {
    let at = "2024-02-01T10:20:05.5Z";
    let instant = at.parse().ok();
    for text in [
        at,
        "2024-02-01T11:20:05.500+0100",
        "2024-02-01 10:20:05.500000000",
        "2024-02-01 10:20:05.5 UTC",
        "2024-02-01 11:20:05.5 +0100",
        "2024-02-01T10:20:05.5",
        "1706782805.5",
        "1706782805500",
        "1706782805500000",
        "1706782805500000000",
    ] {
        assert_eq!(read_time(text), instant, "{text}");
    }
    assert_eq!(read_time("Thu, 1 Feb 2024 10:20:05"), "2024-02-01T10:20:05Z".parse().ok());
    assert_eq!(read_time("Thu, 1 Feb 2024 10:20:05 GMT"), "2024-02-01T10:20:05Z".parse().ok());
    for text in ["0001-01-01T00:00:00Z", "", "yesterday", "7", "NaN", "inf", "2024-13-01"] {
        assert_eq!(read_time(text), None, "{text}");
    }
}

#[test]
fn html_becomes_plain_text() {
    assert_eq!(
        plain_text("<p>Use &lt;b&gt; &amp; <b>bound</b></p><p>parameters &#39;now&#x27;.</p>"),
        "Use <b> & bound\nparameters 'now'."
    );
    assert_eq!(plain_text("a < b && c > d &unknown; <"), "a < b && c > d &unknown; <");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read_many(&bytes);
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in ".{0,80}") {
        let _ = read_time(&text);
        let _ = plain_text(&text);
    }

    #[test]
    fn what_serde_writes_is_read_back_the_same(number in any::<i64>(), text in ".{0,40}", quarters in any::<i32>()) {
        let value = json!({"n": number, "s": text, "l": [f64::from(quarters) / 4.0, null, true]});
        prop_assert_eq!(read(value.to_string().as_bytes()).expect("reads"), value);
    }
}
