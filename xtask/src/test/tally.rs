//! What the test runners report, added up.

/// Counts of tests.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// Adds another count.
    pub(crate) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Counts a line if it is a runner's summary: cargo's `test result: ..` or nextest's `Summary [..] ..`.
    ///
    /// A test that times out or cannot be started has failed. What nextest shows of a failed test's own output is indented and is
    /// no summary.
    pub(crate) fn read_line(&mut self, line: &str) {
        let plain = without_colour(line);
        let summary = if let Some(rest) = plain.strip_prefix("test result: ") {
            rest
        } else if let Some(rest) = plain.trim_start().strip_prefix("Summary [") {
            rest
        } else {
            return;
        };
        self.passed += number_before(summary, &["passed"]);
        self.failed += number_before(summary, &["failed", "timed out", "exec failed", "errored"]);
    }
}

/// Adds up the numbers that stand before one of the words, in texts such as `ok. 5 passed; 0 failed`.
fn number_before(text: &str, words: &[&str]) -> u64 {
    let mut sum = 0;
    for part in text.split([',', ';', ':', '.', '(']) {
        let mut halves = part.trim().splitn(2, ' ');
        let number = halves.next().and_then(|number| number.parse::<u64>().ok());
        let word = halves.next().unwrap_or_default().trim_end_matches(')');
        if let Some(number) = number
            && words.contains(&word)
        {
            sum += number;
        }
    }
    sum
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // A colour ends with its first letter: ESC [ 1 ; 3 2 m.
            for inside in characters.by_ref() {
                if inside.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], passed: u64, failed: u64) {
        let mut tally = Tally::default();
        for line in lines {
            tally.read_line(line);
        }
        assert_eq!(tally, Tally { passed, failed }, "{lines:?}");
    }

    #[test]
    fn results_of_several_test_binaries_add_up() {
        check(
            &[
                "running 3 tests",
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                "test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out; finished in 1.01s",
            ],
            8,
            2,
        );
    }

    #[test]
    fn the_summary_of_nextest_counts_time_outs_and_flaky_tests() {
        check(&["     Summary [   0.036s] 2 tests run: 2 passed, 0 skipped"], 2, 0);
        check(&["     Summary [  12.500s] 7 tests run: 4 passed (1 slow, 1 flaky), 2 failed, 1 timed out, 3 skipped"], 4, 3);
        check(
            &[
                "\u{1b}[32;1m     Summary\u{1b}[0m [   0.036s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m",
            ],
            2,
            0,
        );
    }

    #[test]
    fn a_test_that_prints_about_results_is_not_counted() {
        check(&["the summary says 5 passed, 1 failed", "Summary of the day: 3 failed"], 0, 0);
        let shown = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 4 filtered out; finished in 0.01s";
        check(&[shown, "     Summary [   0.036s] 1 test run: 0 passed, 1 failed, 0 skipped"], 0, 1);
    }
}
