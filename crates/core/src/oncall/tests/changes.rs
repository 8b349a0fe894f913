use super::build::{at, board, cover, rota, who};
use crate::oncall::{Holder, Reason};

#[test]
fn an_override_takes_the_place_of_all_or_of_one() {
    let mut rota = rota("Etc/UTC", "2026-01-05T08:00", 24, &["ada", "bo"]);
    rota.overrides = vec![
        cover("1", "eve", None, "2026-01-05T12:00:00Z", "2026-01-05T14:00:00Z"),
        cover("2", "eve", Some("bo"), "2026-01-05T20:00:00Z", "2026-01-06T12:00:00Z"),
    ];
    assert_eq!(
        board(&rota, "2026-01-05T08:00:00Z", "2026-01-07T08:00:00Z"),
        [
            "Mon 05 08:00 +00:00 4 h ada",
            "Mon 05 12:00 +00:00 2 h eve",
            "Mon 05 14:00 +00:00 18 h ada",
            "Tue 06 08:00 +00:00 4 h eve",
            "Tue 06 12:00 +00:00 20 h bo",
        ],
        "where bo holds nothing, taking bo's place changes nothing"
    );
    let held = rota.holders(at("2026-01-06T09:00:00Z"));
    let reason = Reason::Override { id: "2".to_owned(), is_swap: false, instead_of: vec!["bo".to_owned()] };
    assert_eq!(held, [Holder { login: "eve".to_owned(), reason }]);
}

#[test]
fn a_later_override_works_on_what_the_earlier_one_left() {
    let mut rota = rota("Etc/UTC", "2026-01-05T08:00", 24, &["ada"]);
    rota.overrides = vec![
        cover("1", "bo", Some("ada"), "2026-01-05T12:00:00Z", "2026-01-05T18:00:00Z"),
        cover("2", "cy", Some("bo"), "2026-01-05T14:00:00Z", "2026-01-05T16:00:00Z"),
    ];
    assert_eq!(["12", "14", "16", "18"].map(|hour| who(&rota, &format!("2026-01-05T{hour}:00:00Z"))), ["bo", "cy", "bo", "ada"]);
}

#[test]
fn an_override_fills_a_gap() {
    let mut rota = rota("Etc/UTC", "2026-01-05T08:00", 24, &["ada"]);
    rota.overrides = vec![cover("1", "bo", None, "2026-01-05T06:00:00Z", "2026-01-05T08:00:00Z")];
    assert_eq!(["05:59:59", "06:00:00", "08:00:00"].map(|time| who(&rota, &format!("2026-01-05T{time}Z"))), ["", "bo", "ada"]);
}

#[test]
fn nobody_is_on_call_twice_at_once() {
    let mut rota = rota("Etc/UTC", "2026-01-05T08:00", 24, &["ada"]);
    rota.layers[0].slots[0] = vec!["bo".to_owned(), "ada".to_owned(), "ada".to_owned()];
    assert_eq!(who(&rota, "2026-01-05T09:00:00Z"), "ada+bo");
    rota.overrides = vec![cover("1", "ada", Some("bo"), "2026-01-05T08:00:00Z", "2026-01-05T20:00:00Z")];
    assert_eq!(who(&rota, "2026-01-05T09:00:00Z"), "ada");
}
