//! Known findings that are not reported again: by fingerprint, with a reason, an owner and an end.

use crate::finding::Finding;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A file of known findings, in YAML or JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The known findings.
    #[serde(default)]
    pub findings: Vec<Known>,
}

/// One known finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The keyed fingerprint of service and value.
    pub fingerprint: String,
    /// Which rule found it, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where it stood first, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Why it is not reported.
    pub reason: String,
    /// Who decided that.
    pub owner: String,
    /// The last day on which it is left out, as `YYYY-MM-DD`; absent for no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read or written.
    #[error("the baseline {path} cannot be read")]
    Io {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The file is no baseline.
    #[error("the baseline {path} is not valid: {reason}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
}

/// A baseline is a list that people keep; a larger file is something else.
const BYTES_MAX: u64 = 16 << 20;

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// When the file cannot be read or is no baseline; an entry without reason or owner, or with a date of another form, is
    /// none either.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let io = |source| Error::Io { path: path.to_owned(), source };
        let invalid = |reason: String| Error::Invalid { path: path.to_owned(), reason };
        if std::fs::metadata(path).map_err(io)?.len() > BYTES_MAX {
            return Err(invalid("larger than 16 MiB".to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(io)?;
        Self::parse(&text).map_err(invalid)
    }

    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// A reason for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        for known in &baseline.findings {
            if known.reason.trim().is_empty() || known.owner.trim().is_empty() {
                return Err(format!("{} has no reason or no owner", known.fingerprint));
            }
            if known.expires.as_ref().is_some_and(|day| !is_day(day)) {
                return Err(format!("{} expires on a day that is not YYYY-MM-DD", known.fingerprint));
            }
        }
        Ok(baseline)
    }

    /// Makes a baseline of everything in `findings`.
    pub fn of(findings: &[Finding], reason: &str, owner: &str, expires: Option<&str>) -> Self {
        let known = |finding: &Finding| Known {
            fingerprint: finding.fingerprint.clone(),
            rule: Some(finding.rule.clone()),
            path: finding.places.first().map(|place| place.path.clone()),
            reason: reason.to_owned(),
            owner: owner.to_owned(),
            expires: expires.map(str::to_owned),
        };
        Self { findings: findings.iter().map(known).collect() }
    }

    /// Removes what is known on the day `today` and returns how many that were. What has expired stays.
    pub fn apply(&self, findings: &mut Vec<Finding>, today: &str) -> u64 {
        let known: HashMap<&str, &Known> = self.findings.iter().map(|known| (known.fingerprint.as_str(), known)).collect();
        let before = findings.len();
        findings.retain(|finding| {
            known.get(finding.fingerprint.as_str()).is_none_or(|known| known.expires.as_deref().is_some_and(|day| today > day))
        });
        (before - findings.len()) as u64
    }
}

/// Says whether `text` is a day as `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() })
}
