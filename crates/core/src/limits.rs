//! The stated limits of everything that comes from outside.

/// Bytes of one delivery's body.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Bytes of one delivery's body where the vendor sends whole reports or pushes (SARIF, GitHub, Trivy).
pub const LARGE_BODY_BYTES: usize = 5 * 1024 * 1024;
/// How deep JSON may nest.
pub const JSON_DEPTH: usize = 64;
/// Alerts in one delivery; the rest is refused by name, not cut silently.
pub const ALERTS_PER_DELIVERY: usize = 5_000;
/// Characters of a title; longer ones are cut with an ellipsis, the event keeps all.
pub const TITLE_CHARS: usize = 300;
/// Characters of a team's name.
pub const TEAM_CHARS: usize = 100;
/// Characters of a description or note.
pub const TEXT_CHARS: usize = 16_384;
/// Bytes of a dedup key; longer ones are replaced by their hash.
pub const DEDUP_KEY_BYTES: usize = 512;
/// Labels of one alert.
pub const LABELS: usize = 100;
/// Characters of a label's name.
pub const LABEL_NAME_CHARS: usize = 200;
/// Characters of a label's value.
pub const LABEL_VALUE_CHARS: usize = 2_048;
/// Rows of one page of a list.
pub const PAGE: usize = 200;
