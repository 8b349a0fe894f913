//! Figures, their ratios and their budgets as a table.

use std::time::Duration;

/// One line of the table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    what: String,
    on: String,
    measured: String,
    ratio: String,
    budget: String,
    met: Option<bool>,
}

/// All lines, in the order in which they were measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Adds a figure that nothing is asked of: a probe or a peer.
    pub(crate) fn fact(&mut self, what: &str, on: &str, measured: impl Into<String>) {
        self.add(what, on, measured.into(), String::new(), String::new(), None);
    }

    /// Adds a figure whose ratio to a probe must reach `least`.
    pub(crate) fn at_least(&mut self, what: &str, on: &str, measured: impl Into<String>, ratio: f64, of: &str, least: f64) {
        let (ratio_text, budget) = (format!("{ratio:.2} {of}"), format!(">= {least} {of}"));
        self.add(what, on, measured.into(), ratio_text, budget, Some(ratio >= least));
    }

    /// Adds a figure that must stay within a budget, both in the same unit.
    pub(crate) fn at_most(&mut self, what: &str, on: &str, measured: impl Into<String>, value: f64, budget: f64, unit: &str) {
        let (ratio, text) = (format!("{:.2} of budget", value / budget), format!("<= {budget} {unit}"));
        self.add(what, on, measured.into(), ratio, text, Some(value <= budget));
    }

    fn add(&mut self, what: &str, on: &str, measured: String, ratio: String, budget: String, met: Option<bool>) {
        let row = Row { what: what.to_owned(), on: on.to_owned(), measured, ratio, budget, met };
        // Told as it comes: a long run should not be silent.
        watchfire_testkit::say(&row.line());
        self.rows.push(row);
    }

    /// Writes the table.
    pub(crate) fn table(&self) -> String {
        let head = "| what | on | measured | ratio | budget | met |\n|---|---|---|---|---|---|\n";
        self.rows.iter().fold(head.to_owned(), |table, row| table + &row.line() + "\n")
    }
}

impl Row {
    fn line(&self) -> String {
        let met = match self.met {
            Some(true) => "met",
            Some(false) => "**not met**",
            None => "",
        };
        format!("| {} | {} | {} | {} | {} | {met} |", self.what, self.on, self.measured, self.ratio, self.budget)
    }
}

/// Writes a rate.
pub(crate) fn per_second(rate: f64) -> String {
    format!("{rate:.0}/s")
}

/// Writes a duration in milliseconds.
pub(crate) fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}

/// Returns a percentile (0 to 100) of durations; zero if there are none.
pub(crate) fn percentile(durations: &mut [Duration], percent: usize) -> Duration {
    durations.sort_unstable();
    let at = (durations.len() * percent / 100).min(durations.len().saturating_sub(1));
    durations.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_durations() {
        let mut durations: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&mut durations, 50), Duration::from_millis(51));
        assert_eq!(percentile(&mut durations, 99), Duration::from_millis(100));
        assert_eq!(percentile(&mut [], 99), Duration::ZERO);
    }

    #[test]
    fn a_budget_that_is_not_reached_is_told() {
        let mut report = Report::default();
        report.at_least("ingest", "SQLite", "100/s", 0.5, "F", 0.8);
        report.at_most("memory", "SQLite", "20 MB", 20.0, 40.0, "MB");
        let table = report.table();
        assert!(table.contains("| 0.50 F | >= 0.8 F | **not met** |"), "{table}");
        assert!(table.contains("| <= 40 MB | met |"), "{table}");
    }
}
