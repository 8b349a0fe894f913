//! The file as people write it; unknown keys are refused.

use serde::Deserialize;
use serde_saphyr::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnCallFile {
    pub version: u32,
    /// The zone of schedules that name none.
    pub zone: Option<Spanned<String>>,
    #[serde(default)]
    pub holidays: Vec<HolidaysFile>,
    #[serde(default)]
    pub schedules: Vec<Spanned<ScheduleFile>>,
}

/// Dates under a word.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidaysFile {
    pub id: Spanned<String>,
    pub dates: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleFile {
    pub id: Spanned<String>,
    pub title: Spanned<String>,
    pub zone: Option<Spanned<String>>,
    #[serde(default)]
    pub layers: Vec<Spanned<LayerFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LayerFile {
    pub name: Spanned<String>,
    pub zone: Option<Spanned<String>>,
    pub first_hand_off: Spanned<String>,
    pub turn: Spanned<String>,
    #[serde(default)]
    pub participants: Vec<Spanned<SlotFile>>,
    pub until: Option<Spanned<String>>,
    #[serde(default)]
    pub hours: Vec<HoursFile>,
    /// Words of holidays on which the layer does not count.
    #[serde(default)]
    pub not_on: Vec<Spanned<String>>,
    /// Words of holidays on which alone it counts.
    #[serde(default)]
    pub only_on: Vec<Spanned<String>>,
}

/// One turn's people: a word, or several who hold it together. The place is the turn's: inside of it places are lost.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum SlotFile {
    One(String),
    Together(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HoursFile {
    #[serde(default)]
    pub days: Vec<Spanned<String>>,
    pub from: Spanned<String>,
    pub until: Spanned<String>,
}
