//! From the file to schedules without people, or to every fault in it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_saphyr::Spanned;
use watchfire_core::oncall::{Layer, Participant, Schedule, Weekdays, Window};
use watchfire_core::text;

use super::file::{HolidaysFile, LayerFile, OnCallFile, ScheduleFile, SlotFile};
use super::words;
use crate::plans::fault::Faults;
use crate::plans::{Files, TeamFile};

pub(in crate::plans) const FILE: &str = "oncall.yaml";
/// Words that are addresses of their own under `/on-call`, so that no schedule may have them.
const TAKEN: [&str; 6] = ["overrides", "swaps", "feeds", "lint", "schedules", "people"];
/// What one file holds at most.
const SCHEDULES: usize = 100;
const LAYERS: usize = 20;
const SLOTS: usize = 200;
const HOURS: usize = 50;
const DATES: usize = 1_000;
const TITLE_CHARS: usize = 80;

type Holidays = BTreeMap<String, BTreeSet<Date>>;

/// Reads the file.
pub(in crate::plans) fn load(files: &Files, teams: &[TeamFile], faults: &mut Faults) -> Vec<Schedule> {
    let Some(file) = faults.read::<OnCallFile>(files, FILE) else { return Vec::new() };
    faults.version(file.version);
    if file.schedules.len() > SCHEDULES {
        faults.whole(format!("{} schedules, the limit is {SCHEDULES}", file.schedules.len()));
        return Vec::new();
    }
    let zone = file.zone.as_ref().and_then(|zone| words::zone(zone, faults)).unwrap_or(TimeZone::UTC);
    let holidays = holidays(&file.holidays, faults);
    let mut ids = BTreeSet::new();
    let mut schedules = Vec::new();
    for spot in &file.schedules {
        let id = &spot.value.id;
        if !words::is_id(&id.value) || TAKEN.contains(&id.value.as_str()) {
            faults.at(
                id,
                format!(
                    "{:?} cannot name a schedule: lower-case letters, digits, - and _, not one of {}",
                    id.value,
                    TAKEN.join(", ")
                ),
            );
        } else if !ids.insert(id.value.clone()) {
            faults.at(id, format!("a second schedule is named {:?}", id.value));
        }
        schedules.push(schedule(spot, &zone, &holidays, teams, faults));
    }
    schedules
}

fn holidays(files: &[HolidaysFile], faults: &mut Faults) -> Holidays {
    let mut holidays = Holidays::new();
    for file in files {
        if file.dates.len() > DATES {
            faults.at(&file.id, format!("{} dates, the limit is {DATES}", file.dates.len()));
            continue;
        }
        let dates = file.dates.iter().filter_map(|date| words::date(date, faults)).collect();
        if holidays.insert(file.id.value.clone(), dates).is_some() {
            faults.at(&file.id, format!("a second list of holidays is named {:?}", file.id.value));
        }
    }
    holidays
}

fn schedule(
    spot: &Spanned<ScheduleFile>,
    zone: &TimeZone,
    holidays: &Holidays,
    teams: &[TeamFile],
    faults: &mut Faults,
) -> Schedule {
    let file = &spot.value;
    let zone = file.zone.as_ref().and_then(|zone| words::zone(zone, faults)).unwrap_or_else(|| zone.clone());
    let title = text::line(&file.title.value, TITLE_CHARS);
    if title.is_empty() {
        faults.at(&file.title, "give the schedule a title for people".to_owned());
    }
    if file.layers.is_empty() || file.layers.len() > LAYERS {
        faults.at(spot, format!("a schedule has 1 to {LAYERS} layers, this one {}", file.layers.len()));
    }
    let mut names = BTreeSet::new();
    let mut layers = Vec::new();
    for layer in file.layers.iter().take(LAYERS) {
        if !names.insert(layer.value.name.value.as_str()) {
            faults.at(&layer.value.name, format!("a second layer is named {:?}", layer.value.name.value));
        }
        layers.extend(self::layer(layer, &zone, holidays, teams, faults));
    }
    Schedule { id: file.id.value.clone(), title, zone, layers, overrides: Vec::new() }
}

fn layer(
    spot: &Spanned<LayerFile>,
    zone: &TimeZone,
    holidays: &Holidays,
    teams: &[TeamFile],
    faults: &mut Faults,
) -> Option<Layer> {
    let file = &spot.value;
    let zone = file.zone.as_ref().and_then(|zone| words::zone(zone, faults)).unwrap_or_else(|| zone.clone());
    let participants = participants(spot, teams, faults);
    let first_hand_off = words::wall(&file.first_hand_off, faults);
    let turn_hours = words::turn(&file.turn, faults);
    let until = file.until.as_ref().and_then(|until| words::wall(until, faults));
    if let (Some(first), Some(until), Some(spot)) = (first_hand_off, until, &file.until)
        && until <= first
    {
        faults.at(spot, "the layer ends before its first hand-off".to_owned());
    }
    let name = text::line(&file.name.value, TITLE_CHARS);
    if name.is_empty() {
        faults.at(&file.name, "give the layer a name".to_owned());
    }
    if file.hours.len() > HOURS {
        faults.at(spot, format!("{} spans of hours, the limit is {HOURS}", file.hours.len()));
        return None;
    }
    let windows = file.hours.iter().filter_map(|hours| {
        let days = Weekdays::of(words::days(&hours.days, faults));
        let (from, until) = (words::time(&hours.from, faults), words::time(&hours.until, faults));
        Some(Window { days, from: from?, until: until? })
    });
    let windows = windows.collect();
    let only = (!file.only_on.is_empty()).then(|| dates(&file.only_on, holidays, faults));
    Some(Layer {
        name,
        zone,
        first_hand_off: first_hand_off.unwrap_or(DateTime::ZERO),
        turn_hours: turn_hours.unwrap_or(1),
        participants,
        slots: Vec::new(),
        until,
        windows,
        except: dates(&file.not_on, holidays, faults),
        only,
    })
}

fn participants(spot: &Spanned<LayerFile>, teams: &[TeamFile], faults: &mut Faults) -> Vec<Participant> {
    let slots = &spot.value.participants;
    let count: usize =
        slots.iter().map(|slot| if let SlotFile::Together(all) = &slot.value { all.len().max(1) } else { 1 }).sum();
    if slots.is_empty() || count > SLOTS {
        faults.at(spot, format!("a rotation has 1 to {SLOTS} participants, this one {count}"));
        return Vec::new();
    }
    let mut participants = Vec::with_capacity(slots.len());
    for slot in slots {
        match &slot.value {
            SlotFile::One(word) => participants.extend(words::participant(slot, word, teams, faults)),
            SlotFile::Together(all) if all.is_empty() => faults.at(slot, "a turn of several people names nobody".to_owned()),
            SlotFile::Together(all) => {
                let all = all.iter().filter_map(|word| words::participant(slot, word, teams, faults)).collect();
                participants.push(Participant::Together(all));
            }
        }
    }
    participants
}

fn dates(words: &[Spanned<String>], holidays: &Holidays, faults: &mut Faults) -> BTreeSet<Date> {
    let mut dates = BTreeSet::new();
    for word in words {
        match holidays.get(&word.value) {
            Some(listed) => dates.extend(listed),
            None => faults.at(word, format!("no list under holidays is named {:?}", word.value)),
        }
    }
    dates
}
