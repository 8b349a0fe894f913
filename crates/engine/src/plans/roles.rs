//! `roles.yaml`, compiled: which roles there are and who fills them.

use watchfire_core::escalation::Target;
use watchfire_core::incident::{Incident, Role};

use super::escalation_file::RolesFile;
use super::fault::Faults;
use super::fit::{Fit, Known};

/// Roles of one set.
const ROLES: usize = 50;
/// People under one lead before it is too many, where the file says nothing.
const SPAN: u32 = 7;

/// The roles in an incident.
#[derive(Clone, PartialEq, Debug)]
pub struct Roles {
    /// People under one lead before it is too many.
    pub span: u32,
    /// Who leads when no candidate can be found.
    pub fallback: Vec<Target>,
    pub roles: Vec<RolePlan>,
}

/// One role.
#[derive(Clone, PartialEq, Debug)]
pub struct RolePlan {
    pub role: Role,
    /// The name for people.
    pub title: String,
    pub duty: String,
    /// The role that leads it; `None` is at the top.
    pub under: Option<Role>,
    /// Who can take it, the first choice first.
    pub from: Vec<Target>,
    /// For which incidents it is filled by itself; `None` leaves that to people.
    pub when: Option<Fit>,
}

impl Roles {
    /// Returns a role's plan.
    pub fn get(&self, role: &Role) -> Option<&RolePlan> {
        self.roles.iter().find(|plan| plan.role == *role)
    }

    /// Returns the roles that are filled by themselves in an incident.
    pub fn due<'a>(&'a self, incident: &'a Incident) -> impl Iterator<Item = &'a RolePlan> {
        self.roles.iter().filter(|plan| plan.when.as_ref().is_some_and(|when| when.fits(incident)))
    }
}

/// Reads the roles' words first: what follows may point to them.
pub(super) fn words(file: &RolesFile, faults: &mut Faults) -> Vec<Role> {
    let mut words = Vec::new();
    for spot in &file.roles {
        match Role::parse(&spot.value.id.value) {
            Some(role) if words.contains(&role) => faults.at(&spot.value.id, format!("a second role is {role:?}")),
            Some(role) => words.push(role),
            None => faults.at(&spot.value.id, "a role is a word of lower-case letters, digits and underscores".to_owned()),
        }
    }
    if !words.contains(&Role::commander()) {
        faults.whole("there is no role commander: somebody has to lead".to_owned());
    }
    words
}

/// Compiles the file; every fault that is found is added.
pub(super) fn compile(file: &RolesFile, known: &Known<'_>, faults: &mut Faults) -> Roles {
    faults.version(file.version);
    if file.roles.len() > ROLES {
        faults.whole(format!("{} roles, the limit is {ROLES}", file.roles.len()));
    }
    if file.fallback.value.is_empty() {
        faults
            .at(&file.fallback, "the fallback is empty: a declared incident needs a commander, name at least owners".to_owned());
    }
    let mut roles = Vec::new();
    for spot in &file.roles {
        let Some(role) = Role::parse(&spot.value.id.value) else { continue };
        let under = spot.value.under.as_ref().and_then(|under| match Role::parse(&under.value) {
            Some(lead) if lead != role && known.roles.contains(&lead) => Some(lead),
            _ => {
                faults.at(under, format!("role {:?} is not another one in this file", under.value));
                None
            }
        });
        for target in spot.value.from.iter().filter(|target| target.value.trim().starts_with("role ")) {
            faults.at(target, "a role is not filled from another role".to_owned());
        }
        roles.push(RolePlan {
            role,
            title: spot.value.title.clone(),
            duty: spot.value.duty.clone(),
            under,
            from: known.targets(&spot.value.from, faults),
            when: spot.value.when.as_ref().map(|when| known.fit(when, faults)),
        });
    }
    let span = file.span.as_ref().map_or(SPAN, |span| span.value);
    Roles { span, fallback: known.targets(&file.fallback.value, faults), roles }
}
