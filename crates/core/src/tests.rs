use jiff::Timestamp;

use crate::condition::{Expression, Variables};
use crate::token::{self, TokenKind};
use crate::{Severity, codename, text, time};

#[test]
fn times_are_told_in_four_units() {
    let expected = Timestamp::from_second(1_800_000_000).expect("within range");
    for number in [1.8e9, 1.8e12, 1.8e15, 1.8e18] {
        assert_eq!(time::from_epoch_number(number), Some(expected), "{number}");
    }
    for number in [0.0, 42.0, -1.8e9, f64::NAN, f64::INFINITY, 1e30] {
        assert_eq!(time::from_epoch_number(number), None, "{number}");
    }
    assert_eq!(time::rfc3339(expected), "2027-01-15T08:00:00.000000Z");
}

#[test]
fn tokens_carry_a_checksum_that_any_flip_breaks() {
    let token = token::write(TokenKind::Service, [0xa5; 32]);
    assert!(token::is_well_formed(TokenKind::Service, &token) && token.len() == 53);
    assert!(!token::is_well_formed(TokenKind::Personal, &token));
    for at in 4..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        let flipped = String::from_utf8(bytes).expect("ascii");
        assert!(!token::is_well_formed(TokenKind::Service, &flipped), "flip at {at}");
    }
    assert!(!token::is_well_formed(TokenKind::Service, "wft_ü"));
}

#[test]
fn short_ids_tell_nothing_and_are_recognised_in_either_case() {
    let id = codename::short_id([1, 2, 3, 4]);
    assert!(codename::is_short_id(&id) && codename::is_short_id(&id.to_lowercase()));
    assert!(!codename::is_short_id("INC-7K3Q") && !codename::is_short_id("INC-7K3QI"));
}

#[test]
fn links_are_http_alone() {
    for good in ["https://grafana.example.com/d/1?x=1&y=%20", "http://localhost:9090/graph"] {
        assert!(text::is_web_link(good), "{good}");
    }
    for bad in
        ["javascript:alert(1)", "https://", "https:///x", "data:text/html,x", "https://a b", "https://a\"b", "//x", "HTTPS"]
    {
        assert!(!text::is_web_link(bad), "{bad}");
    }
}

#[test]
fn unknown_words_are_no_severity() {
    assert_eq!(Severity::from_word("Critical"), Some(Severity::Sev1));
    assert_eq!(Severity::from_word("purple"), None);
    assert!("sev6".parse::<Severity>().is_err());
}

#[test]
fn conditions_see_variables_and_tell_where_they_fail() {
    let expression = Expression::compile("alert.labels['team'] == 'db' && alert.n > 2").expect("compiles");
    let variables = Variables::new().with("alert", serde_json::json!({"labels": {"team": "db"}, "n": 3})).expect("a value");
    assert_eq!(expression.holds(&variables), Ok(true));
    let missing = Expression::compile("alert.nothing == 1").expect("compiles");
    assert!(missing.holds(&variables).is_err());
    let error = Expression::compile("a &&\n  (b ==").expect_err("unfinished");
    assert_eq!(error.line, 2, "{error}");
    assert!(Expression::compile(&"(".repeat(500)).is_err());
    assert!(Expression::compile(&"a".repeat(5_000)).is_err());
}

#[test]
fn prose_that_was_cleaned_is_clean() {
    for raw in ["\u{1}x", " \u{1} \u{200b} x \u{7f}", "\u{1}\n\u{1}", "a\u{1}b\n\nc  ", "\u{1}abcdefgh   i"] {
        let once = text::prose(raw, 8);
        assert_eq!(text::prose(&once, 8), once, "{raw:?}");
        assert_eq!(once.trim(), once, "{raw:?}");
    }
}
