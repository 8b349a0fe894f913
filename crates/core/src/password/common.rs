//! What many people choose.

/// Words, names and phrases of common passwords, one a line, longest first, in the form that the check compares: small
/// letters, with letters for figures. Put together by hand for Watchfire from what such lists have in common.
pub(super) const WORDS: &str = include_str!("common.txt");

/// Rows of keyboards, and the two orders that everybody knows, in the form that the check compares.
const ROWS: [&str; 9] = [
    "abcdefghijklmnopqrstuvwxyz",
    "i2eas6t89o",
    "oi2eas6t89",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujm",
];

/// Returns how many characters from the first on are the same one, or neighbours in a row in one direction.
pub(super) fn runs_along(chars: &[char]) -> usize {
    let Some(first) = chars.first() else { return 0 };
    let same = chars.iter().take_while(|char| *char == first).count();
    let along = |row: &str| {
        let row: Vec<char> = row.chars().collect();
        let place = |char: &char| row.iter().position(|known| known == char);
        let steps = |ahead: bool| {
            chars
                .windows(2)
                .take_while(|pair| match pair {
                    [a, b] => place(a).zip(place(b)).is_some_and(|(a, b)| if ahead { b == a + 1 } else { a == b + 1 }),
                    _ => false,
                })
                .count()
        };
        1 + steps(true).max(steps(false))
    };
    ROWS.iter().map(|row| along(row)).max().unwrap_or(1).max(same)
}
