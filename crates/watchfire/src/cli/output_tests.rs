use serde_json::json;

use super::{facts, list, safe};

#[test]
fn control_and_bidirectional_characters_are_shown_escaped() {
    assert_eq!(safe("a\u{1b}[2Jb\u{202e}c\rd"), "a\\u{1b}[2Jb\\u{202e}c\\u{d}d");
    assert_eq!(safe("grüße 漢字 🔥"), "grüße 漢字 🔥");
}

#[test]
fn a_cell_cannot_break_its_table() {
    let value = json!({ "items": [{ "title": "one\ntwo\u{1b}]0;x\u{7}" }], "next": null });
    let text = list(&value, &[("title", "title")], "none");
    assert_eq!(text.lines().count(), 2);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'));
}

#[test]
fn an_empty_list_says_so_and_a_full_page_names_the_next() {
    assert_eq!(list(&json!({ "items": [], "next": null }), &[("a", "a")], "no alerts"), "no alerts");
    assert!(list(&json!({ "items": [{ "a": 1 }], "next": "x9" }), &[("a", "a")], "").ends_with("more: --cursor x9\n"));
}

#[test]
fn facts_leave_out_what_is_unknown() {
    let value = json!({ "a": null, "b": { "c": 3 }, "d": ["x", 2] });
    assert_eq!(facts(&value, &[("first", "a"), ("second", "b.c"), ("third", "d")]), "second  3\nthird   x, 2\n");
}
