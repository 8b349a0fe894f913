use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::actor::Actor;
use crate::id::{EntryId, IncidentId};
use crate::incident::Fact;

fn draft() -> Draft {
    let actor = Actor::Person { id: "ines@example.com".into() };
    let at = Timestamp::from_second(1_800_000_000).expect("within range");
    Draft::of_fact(&Fact::Noted { text: "the key came from a build host".into() }, IncidentId::from_parts(1, [1; 10]), actor, at)
}

fn leaf(draft: &Draft, salt: u8) -> Leaf {
    let salts = BTreeMap::from([("text".to_owned(), [salt; SALT_BYTES])]);
    let at = Timestamp::from_second(1_800_000_001).expect("within range");
    Leaf::of(draft, 7, EntryId::from_parts(2, [2; 10]), at, &salts)
}

#[test]
fn the_leaf_holds_what_people_wrote_only_as_a_commitment() {
    let leaf = leaf(&draft(), 9);
    assert!(!leaf.json.contains("build host"));
    let commitment = crate::text::hex(&commitment(&[9; SALT_BYTES], "the key came from a build host"));
    let shown = leaf.json.replace(&commitment, "COMMITMENT");
    insta::assert_snapshot!(shown, @r#"{"actor":{"id":"ines@example.com","kind":"person"},"commitments":{"text":"COMMITMENT"},"id":"00000000-0002-7202-8202-020202020202","incident":"00000000-0001-7101-8101-010101010101","kind":"incident.noted","known_at":"2027-01-15T08:00:00.000000Z","occurred_at":"2027-01-15T08:00:00.000000Z","plan_version":"","public":{},"recorded_at":"2027-01-15T08:00:01.000000Z","seq":7,"v":1}"#);
}

#[test]
fn any_change_changes_the_hash() {
    let first = leaf(&draft(), 9);
    assert_ne!(first.hash, leaf(&draft(), 8).hash);
    let mut other = draft();
    other.confidential.insert("text".into(), "the key came from a build hosT".into());
    assert_ne!(first.hash, leaf(&other, 9).hash);
    assert_eq!(first, Leaf::of_json(first.json.clone()));
}

#[test]
fn canonical_json_sorts_by_utf16_and_escapes_least() {
    let value = json!({"\u{20ac}": 1, "\r": 2, "1": [true, null, "a\"\u{7}/"], "\u{1f600}": 3, "\u{fb33}": 4});
    assert_eq!(
        canonical(&value),
        "{\"\\r\":2,\"1\":[true,null,\"a\\\"\\u0007/\"],\"\u{20ac}\":1,\"\u{1f600}\":3,\"\u{fb33}\":4}"
    );
}
