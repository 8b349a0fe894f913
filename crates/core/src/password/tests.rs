use super::common::WORDS;
use super::{LONGEST, Weakness, check};

const CONTEXT: [&str; 4] = ["ada.lovelace@example.org", "Ada Lovelace", "Analytical Engines", "Watchfire"];

#[test]
fn length_alone_is_asked_for() {
    for password in
        ["mossy kettle under seven", "grünes Kamel tanzt leise", "竹の中の静かな雨と石の道を歩く猫", "vnexolqpbtrhdwc"]
    {
        assert_eq!(check(password, &CONTEXT), Ok(()), "{password}");
    }
    assert_eq!(check("mossy kettle 9", &CONTEXT), Err(Weakness::Short { has: 14 }));
}

#[test]
fn long_passphrases_are_taken_whole_up_to_the_stated_length() {
    let long: String = "mossy kettle under seven, ".chars().cycle().take(LONGEST).collect();
    assert!(long.chars().count() >= 64);
    assert_eq!(check(&long, &CONTEXT), Ok(()));
    assert_eq!(check(&format!("{long}x"), &CONTEXT), Err(Weakness::Long));
    assert_eq!(check("mossy kettle\u{7} under seven", &CONTEXT), Err(Weakness::Control));
}

#[test]
fn what_many_people_choose_is_refused_however_it_is_dressed() {
    for password in [
        "passwordpassword",
        "P@ssw0rd!P@ssw0rd!",
        "password12345678",
        "Welcome2024Welcome2025",
        "qwertyuiopasdfghjkl",
        "1234567890123456",
        "aaaaaaaaaaaaaaaa",
        "abcdefghijklmnopq",
        "zyxwvutsrqponmlkj",
        "correct horse battery staple",
        "tulip tulip tulip tulip",
        "Summer2025Winter2026!",
        "1qaz2wsx1qaz2wsx",
        "iloveyouiloveyou!!",
        "................aa",
    ] {
        assert_eq!(check(password, &CONTEXT), Err(Weakness::Common), "{password}");
    }
}

#[test]
fn what_is_written_on_the_page_is_no_secret() {
    for password in ["ada.lovelace@example", "Lovelace Analytical 26", "Watchfire-Lovelace-1", "analyticalengines2026"] {
        let weakness = check(password, &CONTEXT).expect_err(password);
        assert!(matches!(weakness, Weakness::Context | Weakness::Common), "{password}: {weakness:?}");
    }
    assert_eq!(check("lovelace mossy kettle under seven", &CONTEXT), Ok(()), "with enough of one's own it is fine");
}

#[test]
fn the_list_has_the_form_that_the_check_compares() {
    let words: Vec<&str> = WORDS.lines().collect();
    assert!(words.len() > 200);
    for pair in words.windows(2) {
        assert!(pair[0].chars().count() >= pair[1].chars().count(), "longest first: {pair:?}");
    }
    for word in words {
        assert!(word.chars().count() >= 4 && !word.contains(['0', '1', '3', '4', '5', '7', '@', '$', '!']), "{word}");
        assert_eq!(word, word.to_lowercase());
    }
}
