//! A schedule: layers, and what people changed of them.

use jiff::tz::TimeZone;

use super::{Directory, Layer, Override};

/// A duty that somebody is to hold at every instant.
#[derive(Clone, PartialEq, Debug)]
pub struct Schedule {
    /// The word that plans and the API use.
    pub id: String,
    /// The name for people.
    pub title: String,
    /// The zone in which people read it.
    pub zone: TimeZone,
    /// The later one counts where it counts.
    pub layers: Vec<Layer>,
    /// In the order in which they were made; the later one works on what the earlier one left.
    pub overrides: Vec<Override>,
}

impl Schedule {
    /// Puts people, and what they changed, into the schedule.
    #[must_use]
    pub fn with(&self, people: &Directory, overrides: Vec<Override>) -> Self {
        let mut schedule = Self { overrides, ..self.clone() };
        for layer in &mut schedule.layers {
            layer.slots = people.slots(&layer.participants);
        }
        schedule
    }
}
