//! `stakeholders.yaml`, compiled: who is kept informed of an incident.

use serde::Deserialize;
use serde_saphyr::Spanned;
use watchfire_core::escalation::Target;
use watchfire_core::incident::Incident;

use super::escalation_file::FitFile;
use super::fault::Faults;
use super::fit::{Fit, Known};

/// Groups of one set, and channels or people of one group.
const GROUPS: usize = 100;
const PLACES: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StakeholdersFile {
    version: u32,
    #[serde(default)]
    groups: Vec<GroupFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    id: Spanned<String>,
    title: Spanned<String>,
    #[serde(default)]
    people: Vec<Spanned<String>>,
    #[serde(default)]
    channels: Vec<Spanned<String>>,
    #[serde(default)]
    when: FitFile,
    #[serde(default)]
    restricted: bool,
}

/// Who is kept informed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Stakeholders {
    /// In the order of the file.
    pub groups: Vec<Group>,
}

/// One group.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    pub id: String,
    /// For people: `Infrastructure`.
    pub title: String,
    /// Told through their own contacts, if they may see the incident.
    pub people: Vec<Target>,
    /// Names of channels.
    pub channels: Vec<String>,
    /// Which incidents it is told of.
    pub when: Fit,
    /// Its channels hear of restricted incidents too.
    pub restricted: bool,
}

impl Stakeholders {
    /// Returns the groups that are told of an incident.
    pub fn of<'a>(&'a self, incident: &'a Incident) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(|group| group.when.fits(incident))
    }
}

/// Compiles the file; every fault that is found is added.
pub(super) fn compile(file: &StakeholdersFile, known: &Known<'_>, faults: &mut Faults) -> Stakeholders {
    faults.version(file.version);
    if file.groups.len() > GROUPS {
        faults.whole(format!("{} groups, the limit is {GROUPS}", file.groups.len()));
    }
    let mut groups: Vec<Group> = Vec::with_capacity(file.groups.len());
    for group in &file.groups {
        if group.id.value.trim().is_empty() || groups.iter().any(|other| other.id == group.id.value) {
            faults.at(&group.id, format!("{:?} is empty or names a second group", group.id.value));
        }
        if group.title.value.trim().is_empty() {
            faults.at(&group.title, "give the group a title".to_owned());
        }
        for spot in group.people.get(PLACES).into_iter().chain(group.channels.get(PLACES)) {
            faults.at(spot, format!("more than {PLACES} are named"));
        }
        for spot in group.channels.iter().filter(|spot| spot.value.trim().is_empty()) {
            faults.at(spot, "the channel has no name".to_owned());
        }
        groups.push(Group {
            id: group.id.value.clone(),
            title: group.title.value.trim().to_owned(),
            people: known.targets(&group.people, faults),
            channels: group.channels.iter().map(|spot| spot.value.trim().to_owned()).collect(),
            when: known.fit(&group.when, faults),
            restricted: group.restricted,
        });
    }
    Stakeholders { groups }
}
