use super::{Query, encode};

#[test]
fn an_address_survives_reading_and_writing() {
    let query = Query::parse("state=open,resolved&q=a%20%26+b%3Cscript%3E&empty=&cursor=xyz");
    assert_eq!(query.get("q"), Some("a & b<script>"));
    assert_eq!(query.href("/incidents"), "/incidents?state=open,resolved&q=a%20%26%20b%3Cscript%3E&cursor=xyz");
    assert_eq!(Query::parse("").href("/x"), "/x");
}

#[test]
fn a_facet_is_switched_on_and_off_and_forgets_the_place() {
    let query = Query::parse("state=open&cursor=abc");
    let both = query.toggled("state", "resolved");
    assert_eq!(both.href("/i"), "/i?state=open,resolved");
    assert!(both.has("state", "open") && both.has("state", "resolved"));
    assert_eq!(both.toggled("state", "open").toggled("state", "resolved").href("/i"), "/i");
    assert_eq!(query.with("team", Some("a b")).href("/i"), "/i?state=open&team=a%20b");
}

#[test]
fn hostile_queries_are_read_without_harm() {
    for text in ["%", "%%%", "%zz=%f", "a=%ff%fe", "====", "&&&&", "é%c3", "q=%F0%9F%92%A9%"] {
        let _ = Query::parse(text).href("/x");
    }
    assert_eq!(Query::parse(&"a=1&".repeat(500)).except(&[]).len(), 64);
    assert_eq!(encode("\"'<>\u{202e}"), "%22%27%3C%3E%E2%80%AE");
}
