//! Small steps that every source takes on the way to its answer.

use sha2::{Digest, Sha256};
use watchfire_core::alert::Observation;
use watchfire_core::source::Parsed;
use watchfire_core::text;

/// Characters of a scope.
const SCOPE_CHARS: usize = 200;

/// Answers with observations, each cleaned and bounded.
pub(crate) fn parsed(observations: Vec<Observation>) -> Parsed {
    Parsed { observations: observations.into_iter().map(Observation::bounded).collect(), ..Parsed::default() }
}

/// Returns the SHA-256 of a text in lower-case hex.
pub(crate) fn sha256_hex(input: &str) -> String {
    text::hex(&Sha256::digest(input.as_bytes()))
}

/// Joins what is there by a separator.
pub(crate) fn joined(parts: &[Option<&str>], separator: &str) -> String {
    parts.iter().flatten().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(separator)
}

/// Returns the first of several texts that is a web link.
pub(crate) fn link_of(candidates: &[Option<&str>]) -> Option<String> {
    candidates.iter().flatten().find(|link| text::is_web_link(link)).map(|link| (*link).to_owned())
}

/// Names what a report covers: `<tool>/<target>`; long names end in their hash.
pub(crate) fn report_scope(tool: &str, target: &str) -> String {
    let whole = format!("{tool}/{target}");
    if whole.chars().count() <= SCOPE_CHARS && !whole.chars().any(char::is_control) {
        return whole;
    }
    let hash = sha256_hex(&whole);
    format!("{}#{hash}", text::line(&whole, SCOPE_CHARS - hash.len() - 1))
}
