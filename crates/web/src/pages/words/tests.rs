use jiff::Timestamp;

use super::{age, ago, count, countdown, full, span};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_773_281_660 + second).expect("within range")
}

#[test]
fn the_past_is_told_by_its_greatest_unit() {
    let cases = [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"), (172_799, "47 h"), (172_800, "2 d")];
    for (seconds, words) in cases {
        assert_eq!(span(seconds), words);
        assert_eq!(ago(at(seconds), at(0)), words);
    }
    assert_eq!(ago(at(0), at(30)), "0 s");
}

#[test]
fn an_age_has_two_units_below_a_day() {
    assert_eq!(age(at(7_870), at(0)), "2 h 11 min");
    assert_eq!(age(at(18_120), at(0)), "5 h 02 min");
    assert_eq!(age(at(950_500), at(0)), "11 d");
}

#[test]
fn a_countdown_changes_its_unit_with_the_distance_and_says_when_it_is_over() {
    let cases = [
        (252, "04:12"),
        (0, "00:00"),
        (-391, "06:31 over"),
        (3_600, "1 h 00 min"),
        (81_420, "22 h 37 min"),
        (254_220, "70 h 37 min"),
        (345_600, "4 d"),
        (700_000, "20 Mar 2026"),
        (-7_260, "2 h 01 min over"),
    ];
    for (left, words) in cases {
        assert_eq!(countdown(at(0), at(left)), words, "{left}");
    }
    assert_eq!(countdown(Timestamp::MAX, Timestamp::MIN).split(' ').nth(1), Some("d"));
}

#[test]
fn numbers_carry_commas() {
    for (number, words) in [(0, "0"), (999, "999"), (1_000, "1,000"), (41_208, "41,208"), (-1_234_567, "-1,234,567")] {
        assert_eq!(count(number), words);
    }
}

#[test]
fn a_full_time_names_day_and_zone() {
    assert_eq!(full(at(0)), "Thu 12 Mar 2026 02:14:20 UTC");
}
