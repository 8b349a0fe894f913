//! What is wrong with a schedule before anybody needs it.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::{Directory, Layer, Participant, Schedule, is_skipped};

/// Findings of one schedule at most; a schedule with more is wrong as a whole.
const MOST: usize = 200;

/// One fault of one schedule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The schedule's id, or what else of the plans it is about: `notice legal`, `rule leaked-secret`, `stakeholders security`.
    pub schedule: String,
    pub flaw: Flaw,
}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// Nobody holds the schedule at any time of the span.
    Nobody,
    /// Nobody is on call for a while.
    Gap { from: Timestamp, until: Timestamp },
    /// A login that is no person's.
    Unknown { layer: String, login: String },
    /// A person who may not sign in any more.
    Disabled { layer: String, login: String },
    /// A team without members, or no owner.
    Empty { layer: String, group: String },
    /// A person whom no page would reach outside the console.
    Unreachable { login: String },
    /// A hand-off at a wall time that the clocks jump over; it takes place when they have jumped.
    SkippedHandOff { layer: String, wall: DateTime, at: Timestamp },
    /// Nobody stands for a notice: its fallback is told at once.
    NobodyTold,
    /// Nobody is named who is responsible, or accountable, for what a rule raises.
    NobodyAnswers { part: &'static str },
    /// A group is told through a channel that is not there.
    NoChannel { channel: String },
}

impl Flaw {
    /// Returns the word of the API.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Gap { .. } => "gap",
            Self::Unknown { .. } => "unknown_person",
            Self::Disabled { .. } => "disabled_person",
            Self::Empty { .. } => "empty_group",
            Self::Unreachable { .. } => "unreachable_person",
            Self::SkippedHandOff { .. } => "skipped_hand_off",
            Self::NobodyTold => "nobody_told",
            Self::NobodyAnswers { .. } => "nobody_answers",
            Self::NoChannel { .. } => "no_channel",
        }
    }

    /// Returns the instant that it is about.
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Gap { from, .. } => Some(*from),
            Self::SkippedHandOff { at, .. } => Some(*at),
            _ => None,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody is on call at any time"),
            Self::Gap { from, until } => write!(f, "nobody is on call from {from:.0} to {until:.0}"),
            Self::Unknown { layer, login } => write!(f, "{login} of layer {layer} is no person here"),
            Self::Disabled { layer, login } => write!(f, "{login} of layer {layer} is disabled: the turn is nobody's"),
            Self::Empty { layer, group } => write!(f, "{group} of layer {layer} has no member"),
            Self::Unreachable { login } => write!(f, "{login} has no verified contact: no page reaches them outside the console"),
            Self::NobodyTold => f.write_str("nobody stands for it: its fallback is told at once"),
            Self::NobodyAnswers { part } => write!(f, "nobody is {part} for what it raises: say who in responsibility.yaml"),
            Self::NoChannel { channel } => write!(f, "there is no channel {channel:?}"),
            Self::SkippedHandOff { layer, wall, at } => {
                write!(f, "the hand-off of layer {layer} at {wall} is skipped by the clocks; it takes place at {at:.0}")
            }
        }
    }
}

/// Looks for faults of a schedule within a span, overrides counted in.
pub fn lint(schedule: &Schedule, people: &Directory, from: Timestamp, until: Timestamp) -> Vec<Finding> {
    let mut flaws = Vec::new();
    let shifts = schedule.shifts(from, until);
    if shifts.iter().all(|shift| shift.holders.is_empty()) {
        flaws.push(Flaw::Nobody);
    } else {
        let gaps = shifts.iter().filter(|shift| shift.holders.is_empty());
        flaws.extend(gaps.map(|gap| Flaw::Gap { from: gap.from, until: gap.until }));
    }
    let mut named = BTreeSet::new();
    for layer in &schedule.layers {
        for participant in &layer.participants {
            look_at(participant, layer, people, &mut named, &mut flaws);
        }
        skipped(layer, from, until, &mut flaws);
    }
    named.extend(shifts.iter().flat_map(|shift| shift.logins()).map(str::to_owned));
    let silent = named.into_iter().filter(|login| people.0.get(login).is_some_and(|person| !person.is_reachable));
    flaws.extend(silent.map(|login| Flaw::Unreachable { login }));
    flaws.truncate(MOST);
    flaws.into_iter().map(|flaw| Finding { schedule: schedule.id.clone(), flaw }).collect()
}

fn look_at(word: &Participant, layer: &Layer, people: &Directory, named: &mut BTreeSet<String>, flaws: &mut Vec<Flaw>) {
    let name = || layer.name.clone();
    match word {
        Participant::Person(login) => match people.0.get(login) {
            None => flaws.push(Flaw::Unknown { layer: name(), login: login.clone() }),
            Some(person) if !person.is_active => flaws.push(Flaw::Disabled { layer: name(), login: login.clone() }),
            Some(_) => {
                named.insert(login.clone());
            }
        },
        Participant::Team(_) | Participant::Owners => {
            let members = people.members(word);
            if members.is_empty() {
                flaws.push(Flaw::Empty { layer: name(), group: word.word() });
            }
            named.extend(members);
        }
        Participant::Together(all) => all.iter().for_each(|one| look_at(one, layer, people, named, flaws)),
    }
}

/// Hand-offs within the span whose wall time is skipped.
fn skipped(layer: &Layer, from: Timestamp, until: Timestamp, flaws: &mut Vec<Flaw>) {
    let first = layer.turn_at(from).map_or(0, |turn| turn + 1);
    for turn in first.. {
        let at = layer.hand_off(turn);
        if at >= until || flaws.len() > MOST {
            return;
        }
        if let Some(wall) = layer.hand_off_wall(turn).filter(|wall| is_skipped(&layer.zone, *wall)) {
            flaws.push(Flaw::SkippedHandOff { layer: layer.name.clone(), wall, at });
        }
    }
}
