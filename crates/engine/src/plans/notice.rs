//! The notices of `escalation.yaml`, compiled: who has to be told at once, besides those who respond.

use jiff::SignedDuration;
use serde_saphyr::Spanned;
use watchfire_core::escalation::{Policy, Step, Stops, Target};
use watchfire_core::incident::Incident;

use super::escalation::{STEPS, wait};
use super::escalation_file::NoticeFile;
use super::fault::Faults;
use super::fit::{Fit, Known};

/// Notices of one set.
const NOTICES: usize = 50;
/// How long an answer may take, and how often the fallback is told, where the file says nothing.
const WAIT: SignedDuration = SignedDuration::from_mins(10);
const EVERY: SignedDuration = SignedDuration::from_mins(30);
/// How often those who stand for a notice are told again before the fallback.
const REPEAT: u32 = 1;

/// A duty to tell somebody. Its page ends when one of those who stand for it has acknowledged.
#[derive(Clone, PartialEq, Debug)]
pub struct Notice {
    pub name: String,
    /// For people: `Security lead`.
    pub title: String,
    /// The line of the notice in `escalation.yaml`.
    pub line: u64,
    pub when: Fit,
    /// One step, told again once, and a fallback.
    pub policy: Policy,
}

impl Notice {
    /// Returns the notices that an incident owes, in the order of the file.
    pub fn owed<'a>(all: &'a [Self], incident: &'a Incident) -> impl Iterator<Item = &'a Self> {
        all.iter().filter(|notice| notice.when.fits(incident))
    }
}

/// Compiles the notices; every fault that is found is added.
pub(super) fn compile(files: &[Spanned<NoticeFile>], known: &Known<'_>, faults: &mut Faults) -> Vec<Notice> {
    if files.len() > NOTICES {
        faults.whole(format!("{} notices, the limit is {NOTICES}", files.len()));
    }
    let mut notices: Vec<Notice> = Vec::with_capacity(files.len());
    for spot in files {
        let file = &spot.value;
        if notices.iter().any(|other| other.name == file.name.value) {
            faults.at(&file.name, format!("a second notice is named {:?}", file.name.value));
        }
        if !is_word(&file.name.value) {
            faults.at(&file.name, "a notice is named by lower-case letters, digits and dashes, at most 40".to_owned());
        }
        if file.title.value.trim().is_empty() {
            faults.at(&file.title, "give the notice a title: those who are told read it".to_owned());
        }
        if file.page.value.is_empty() || file.page.value.len() > STEPS {
            faults.at(&file.page, format!("a notice tells 1 to {STEPS} targets"));
        }
        let targets = known.targets(&file.page.value, faults);
        let again = file.wait.as_ref().and_then(|spot| wait(spot, faults)).unwrap_or(WAIT);
        let (fallback, fallback_every) = match &file.fallback {
            Some(fallback) => {
                if fallback.page.value.is_empty() {
                    faults.at(&fallback.page, "the fallback pages nobody: name at least owners".to_owned());
                }
                (known.targets(&fallback.page.value, faults), wait(&fallback.every, faults).unwrap_or(EVERY))
            }
            None => (vec![Target::Owners], EVERY),
        };
        notices.push(Notice {
            name: file.name.value.clone(),
            title: file.title.value.trim().to_owned(),
            line: file.name.referenced.line(),
            when: known.fit(&file.when, faults),
            policy: Policy {
                name: "notice".to_owned(),
                steps: vec![Step { targets, wait: again }],
                repeat: REPEAT,
                stops: Stops::Anyone,
                fallback,
                fallback_every,
            },
        });
    }
    notices
}

/// Tells whether a word may name a notice: it stands in the purpose of its page, with commas between.
fn is_word(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !word.is_empty() && word.len() <= 40 && word.bytes().all(fits)
}
