//! Defects on purpose, compiled in for tests alone: a harness that cannot fail shows nothing.

/// Says whether `WATCHFIRE_PLANT` names the defect.
pub(crate) fn is_planted(defect: &str) -> bool {
    std::env::var("WATCHFIRE_PLANT").is_ok_and(|planted| planted == defect)
}
