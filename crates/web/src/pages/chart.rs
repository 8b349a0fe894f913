//! Trend charts, drawn on the server as SVG: one series in ink, the last value written, a table beside it.

/// One chart of a median per week.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// The finding in words, for those who do not see it.
    pub(crate) label: String,
    /// Lines of the grid: height and word.
    pub(crate) grid: Vec<(f64, String)>,
    /// Parts of the line: from and to, in percent of the width and pixels from the top.
    pub(crate) lines: Vec<[f64; 4]>,
    pub(crate) dots: Vec<(f64, f64)>,
    /// The last value: place and words.
    pub(crate) last: Option<(f64, f64, String)>,
    /// Words below the axis with their place in percent.
    pub(crate) ticks: Vec<(f64, String)>,
}

/// Pixels of the plot's height.
const HEIGHT: f64 = 168.0;

impl Chart {
    /// Draws a series: a label and a value in seconds for each period, `None` where nothing is known. The line breaks
    /// there: what is unknown is not zero.
    pub(crate) fn of(name: &str, series: &[(String, Option<i64>)]) -> Self {
        let known: Vec<i64> = series.iter().filter_map(|(_, value)| *value).collect();
        let top = scale(known.iter().copied().max().unwrap_or(0));
        let x = |at: usize| (at as f64 + 0.5) * 100.0 / series.len().max(1) as f64;
        let y = |value: i64| HEIGHT - HEIGHT * value as f64 / top as f64;
        let point = |(at, (_, value)): (usize, &(String, Option<i64>))| Some((x(at), y((*value)?)));
        let points: Vec<Option<(f64, f64)>> = series.iter().enumerate().map(point).collect();
        let lines = points.windows(2).filter_map(|pair| match pair {
            [Some(a), Some(b)] => Some([a.0, a.1, b.0, b.1]),
            _ => None,
        });
        let last = points.iter().zip(series).rev().find_map(|(point, (_, value))| {
            let (x, y) = (*point)?;
            Some((x, y, super::words::exact((*value)?)))
        });
        let label = match (known.first(), known.last()) {
            (Some(first), Some(last)) if known.len() > 1 => {
                let (from, to) = (super::words::exact(*first), super::words::exact(*last));
                let way = match last.cmp(first) {
                    std::cmp::Ordering::Less => "falling",
                    std::cmp::Ordering::Equal => "steady",
                    std::cmp::Ordering::Greater => "rising",
                };
                format!("{name} per week, {way} from {from} to {to}")
            }
            (Some(only), _) => format!("{name} per week: one week is known, {}", super::words::exact(*only)),
            _ => format!("{name} per week: nothing is known yet"),
        };
        let every = series.len().div_ceil(6).max(1);
        let tick = |(at, (word, _)): (usize, &(String, Option<i64>))| (at % every == 0).then(|| (x(at), word.clone()));
        Self {
            label,
            grid: (1..=4).map(|step| (y(top * step / 4), super::words::exact(top * step / 4))).collect(),
            lines: lines.collect(),
            dots: points.iter().flatten().copied().collect(),
            last,
            ticks: series.iter().enumerate().filter_map(tick).collect(),
        }
    }
}

/// Returns the top of the scale: a round length that holds the greatest value and parts into four.
fn scale(greatest: i64) -> i64 {
    const ROUND: [i64; 14] = [4, 20, 60, 240, 480, 1_200, 2_400, 7_200, 14_400, 28_800, 86_400, 172_800, 345_600, 691_200];
    let round = ROUND.into_iter().find(|top| greatest <= *top);
    round.unwrap_or_else(|| (greatest / 345_600 + 1).saturating_mul(345_600))
}

#[cfg(test)]
mod tests {
    use super::{Chart, scale};

    fn series(values: &[Option<i64>]) -> Vec<(String, Option<i64>)> {
        values.iter().enumerate().map(|(at, value)| (format!("W{at}"), *value)).collect()
    }

    #[test]
    fn the_line_breaks_where_nothing_is_known_and_says_what_it_finds() {
        let chart = Chart::of("Median", &series(&[Some(600), Some(300), None, Some(120)]));
        assert_eq!(chart.lines.len(), 1, "one part before the gap, none across it");
        assert_eq!(chart.dots.len(), 3);
        assert_eq!(chart.label, "Median per week, falling from 10 min to 2 min");
        assert_eq!(chart.last.map(|(.., words)| words), Some("2 min".to_owned()));
        let empty = Chart::of("Median", &series(&[None, None]));
        assert!(empty.lines.is_empty() && empty.last.is_none());
        assert_eq!(empty.label, "Median per week: nothing is known yet");
    }

    #[test]
    fn the_scale_holds_every_value() {
        for value in [0, 3, 59, 61, 3_600, 90_000, 10_000_000] {
            assert!(scale(value) >= value && scale(value) % 4 == 0, "{value}: {}", scale(value));
        }
    }
}
