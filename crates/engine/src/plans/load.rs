//! From files to a compiled set, or to every fault in them.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use watchfire_core::text;

use super::access::AccessFile;
use super::escalation_file::{EscalationFile, RolesFile};
use super::fault::{Fault, Faults};
use super::file::RoutingFile;
use super::fit::Known;
use super::incidents::{self, IncidentsFile};
use super::responsibility::{self, ResponsibilityFile};
use super::stakeholders::{self, StakeholdersFile};
use super::{Files, PlanSet, access, builtin_files, escalation, oncall, roles, routing};

const ACCESS: &str = "access.yaml";
const ESCALATION: &str = "escalation.yaml";
const RESPONSIBILITY: &str = "responsibility.yaml";
const ROLES: &str = "roles.yaml";
const ROUTING: &str = "routing.yaml";
const STAKEHOLDERS: &str = "stakeholders.yaml";
/// The files of a set, in alphabetical order. One that is left out is as it ships; `routing.yaml` is never left out.
const FILES: &[&str] = &[ACCESS, ESCALATION, incidents::FILE, oncall::FILE, RESPONSIBILITY, ROLES, ROUTING, STAKEHOLDERS];

impl PlanSet {
    /// Compiles a set of files.
    ///
    /// # Errors
    /// Every fault that was found, not only the first; a file that is no YAML gives one.
    pub fn load(files: Files) -> Result<Self, Vec<Fault>> {
        Self::compile(files, Faults::default())
    }

    /// Compiles a set of files that was put in force before, perhaps by a version that checked less: an expression that can
    /// never match is no fault here. Otherwise a new version might not start.
    ///
    /// # Errors
    /// As [`PlanSet::load`].
    pub fn load_kept(files: Files) -> Result<Self, Vec<Fault>> {
        Self::compile(files, Faults::of_kept())
    }

    fn compile(files: Files, mut faults: Faults) -> Result<Self, Vec<Fault>> {
        for name in files.keys().filter(|name| !FILES.contains(&name.as_str())) {
            faults.add(name, 1, 1, format!("unknown plan file; this version knows {}", FILES.join(", ")));
        }
        if !files.contains_key(ROUTING) {
            faults.add(ROUTING, 1, 1, "the file is missing".to_owned());
        }
        let mut texts = builtin_files();
        texts.retain(|name, _| name != ROUTING);
        texts.extend(files.clone());
        let routing = faults.read::<RoutingFile>(&texts, ROUTING).map(|file| routing::compile(file, &mut faults));
        let known = routing.iter().flat_map(|routing| &routing.teams).map(|team| team.id.clone()).collect();
        let access = faults.read::<AccessFile>(&texts, ACCESS).map(|file| access::compile(&file, &known, &mut faults));
        let incidents = faults.read::<IncidentsFile>(&texts, incidents::FILE);
        let incidents = incidents.map(|file| incidents::compile(file, &mut faults));
        let teams = routing.as_ref().map_or(&[][..], |routing| &routing.teams);
        let on_call = oncall::load(&texts, teams, &mut faults);
        let schedules: Vec<String> = on_call.iter().map(|schedule| schedule.id.clone()).collect();
        let roles_file = faults.read::<RolesFile>(&texts, ROLES);
        let words = roles_file.as_ref().map(|file| roles::words(file, &mut faults)).unwrap_or_default();
        let ours = builtin_files();
        let shipped = |file: &str| files.get(file).is_none_or(|text| ours.get(file) == Some(text));
        let known = |file: &str| Known { teams, schedules: &schedules, roles: &words, shipped: shipped(file) };
        let roles = roles_file.map(|file| roles::compile(&file, &known(ROLES), &mut faults));
        let escalation = faults.read::<EscalationFile>(&texts, ESCALATION);
        let escalation = escalation.map(|file| escalation::compile(&file, &known(ESCALATION), &mut faults));
        let rules: Vec<String> = routing.iter().flat_map(|routing| &routing.routes).map(|route| route.name.clone()).collect();
        let responsibility = faults.read::<ResponsibilityFile>(&texts, RESPONSIBILITY);
        let responsibility =
            responsibility.map(|file| responsibility::compile(&file, &known(RESPONSIBILITY), &rules, &mut faults));
        let stakeholders = faults.read::<StakeholdersFile>(&texts, STAKEHOLDERS);
        let stakeholders = stakeholders.map(|file| stakeholders::compile(&file, &known(STAKEHOLDERS), &mut faults));
        let more = responsibility.zip(stakeholders);
        match (routing, access, incidents, escalation, roles, more, faults.found.is_empty()) {
            (Some(routing), Some(access), Some(incidents), Some(escalation), Some(roles), Some(more), true) => Ok(Self {
                responsibility: more.0,
                stakeholders: more.1,
                access,
                version: version(&files),
                files,
                teams: routing.teams,
                routes: routing.routes,
                default: routing.default,
                maintenance: routing.maintenance,
                flapping: routing.flapping,
                incidents: Arc::new(incidents),
                on_call,
                escalation,
                roles,
            }),
            _ => Err(faults.found),
        }
    }
}

/// Returns the version of a set of files.
fn version(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (name, text) in files {
        for part in [name, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    text::hex(&hash.finalize()).chars().take(12).collect()
}
