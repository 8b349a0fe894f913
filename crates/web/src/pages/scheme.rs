//! The words of severities: SEV1, P1 or S1, as the organisation has chosen. The form of a badge never changes.

use std::sync::atomic::{AtomicU8, Ordering};

use watchfire_core::Severity;
use watchfire_engine::SeverityDisplay;

/// One process serves one organisation; each page refreshes what it chose, so that a change shows with the next one.
static CHOSEN: AtomicU8 = AtomicU8::new(0);

/// Takes over what the organisation has chosen.
pub(crate) fn choose(display: SeverityDisplay) {
    let at = SeverityDisplay::ALL.iter().position(|known| *known == display);
    CHOSEN.store(at.and_then(|at| u8::try_from(at).ok()).unwrap_or(0), Ordering::Relaxed);
}

/// Returns the word of a severity; unknown is a question mark, because it is not low.
pub(crate) fn label(severity: Option<Severity>) -> &'static str {
    let words = match SeverityDisplay::ALL.get(usize::from(CHOSEN.load(Ordering::Relaxed))) {
        Some(SeverityDisplay::P) => ["P?", "P1", "P2", "P3", "P4", "P5"],
        Some(SeverityDisplay::S) => ["S?", "S1", "S2", "S3", "S4", "S5"],
        _ => ["SEV?", "SEV1", "SEV2", "SEV3", "SEV4", "SEV5"],
    };
    words.get(severity.map_or(0, |severity| usize::from(severity.level()))).copied().unwrap_or("SEV?")
}

#[cfg(test)]
mod tests {
    use super::{choose, label};
    use watchfire_core::Severity;
    use watchfire_engine::SeverityDisplay;

    #[test]
    fn the_word_follows_the_scheme_and_unknown_stays_a_question() {
        for (display, word, unknown) in [(SeverityDisplay::P, "P2", "P?"), (SeverityDisplay::S, "S2", "S?")] {
            choose(display);
            assert_eq!((label(Some(Severity::Sev2)), label(None)), (word, unknown));
        }
        choose(SeverityDisplay::Sev);
        assert_eq!(label(Some(Severity::Sev1)), "SEV1");
    }
}
