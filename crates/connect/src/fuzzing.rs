//! The one door through which fuzzers and smoke tests reach a source.

use std::collections::BTreeMap;

use jiff::Timestamp;
use watchfire_core::source::{Delivery, Headers, Keys, Settings};
use watchfire_core::{limits, text};

use crate::sources;

/// Runs `verify` and `parse` of a source on arbitrary bytes.
///
/// The bytes are a body, or header lines, an empty line and a body. Settings come from headers named `setting-<name>`.
///
/// # Panics
/// The source panics, answers differently the second time, or hands out a text beyond the stated limits.
pub fn exercise(kind: &str, input: &[u8]) {
    let registry = sources::all();
    let Some(source) = registry.get(kind) else {
        return;
    };
    let (headers, body) = split(input);
    let settings: Settings =
        headers.iter().filter_map(|(name, value)| Some((name.strip_prefix("setting-")?.to_owned(), value.to_owned()))).collect();
    let delivery = Delivery { headers: &headers, body, received_at: Timestamp::UNIX_EPOCH };
    let certificates = BTreeMap::new();
    let keys = Keys { secrets: &[b"first", b"second"], key: "key", certificates: &certificates, settings: &settings };
    assert_eq!(source.verify(&delivery, &keys), source.verify(&delivery, &keys), "verify is not deterministic");
    let first = source.parse(&delivery, &settings);
    assert_eq!(first, source.parse(&delivery, &settings), "parse is not deterministic");
    let Ok(parsed) = first else { return };
    assert!(parsed.observations.len() <= limits::ALERTS_PER_DELIVERY);
    for observation in parsed.observations {
        assert_eq!(observation.clone().bounded(), observation, "an observation is not bounded");
        assert!(observation.dedup_key.as_str().len() <= limits::DEDUP_KEY_BYTES + 64);
        assert!(observation.link.as_deref().is_none_or(text::is_web_link));
    }
}

/// Splits header lines from the body, if the input begins with some.
fn split(input: &[u8]) -> (Headers, &[u8]) {
    let end = input.windows(2).position(|pair| pair == b"\n\n");
    if let Some(end) = end
        && let Some((head, body)) = input.split_at_checked(end)
        && let Ok(head) = std::str::from_utf8(head)
    {
        let lines: Option<Vec<(&str, &str)>> = head.lines().map(|line| line.split_once(": ")).collect();
        if let Some(lines) = lines {
            return (lines.into_iter().collect(), body.get(2..).unwrap_or_default());
        }
    }
    (Headers::default(), input)
}
