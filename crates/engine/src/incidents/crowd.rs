//! Span of control: how many people report to one lead of an incident.

use std::collections::BTreeSet;

use watchfire_core::incident::{Incident, Role};

use crate::plans::Roles;

/// A lead to whom more people report than one can lead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crowded {
    /// The lead's role, as the plans call it for people.
    pub title: String,
    pub holder: String,
    pub people: usize,
    /// How many one person leads, by the plans.
    pub most: u32,
}

/// Returns the leads to whom too many people report, in the order of the plans; nobody in an incident that is over.
///
/// Whoever holds a role reports to whoever holds the role above it. Whoever only owns open tasks does technical work and
/// reports to operations where somebody holds it, or else to the commander. Nobody counts twice under one lead.
pub(super) fn crowded(roles: &Roles, incident: &Incident, owners: &BTreeSet<String>) -> Vec<Crowded> {
    if !incident.phase.is_open() {
        return Vec::new();
    }
    let operations = Role::parse("operations").filter(|role| incident.holder(role).is_some());
    let leads_work = operations.unwrap_or_else(Role::commander);
    let holds = |login: &str| incident.roles.iter().any(|held| held.holder == login);
    let crowd = |lead: &crate::plans::RolePlan| {
        let holder = incident.holder(&lead.role)?;
        let below = |role: &Role| roles.get(role).is_some_and(|plan| plan.under.as_ref() == Some(&lead.role));
        let mut people: BTreeSet<&str> =
            incident.roles.iter().filter(|held| below(&held.role)).map(|held| held.holder.as_str()).collect();
        if lead.role == leads_work {
            people.extend(owners.iter().map(String::as_str).filter(|owner| !holds(owner)));
        }
        people.remove(holder);
        let is_crowded = u32::try_from(people.len()).is_ok_and(|people| people > roles.span);
        is_crowded.then(|| Crowded {
            title: lead.title.clone(),
            holder: holder.to_owned(),
            people: people.len(),
            most: roles.span,
        })
    };
    roles.roles.iter().filter_map(crowd).collect()
}

#[cfg(test)]
mod tests {
    use watchfire_core::incident::{Assignment, Class, Kind, Phase, Postmortem, Sensitivity, SignalState, Visibility};

    use super::*;
    use crate::plans::{PlanSet, builtin_files};

    fn held(role: &str, holder: &str) -> Assignment {
        let since = jiff::Timestamp::UNIX_EPOCH;
        Assignment { role: Role::parse(role).expect("a role"), holder: holder.into(), since, offered_to: None }
    }

    fn led_by(roles: Vec<Assignment>) -> Incident {
        let now = jiff::Timestamp::UNIX_EPOCH;
        Incident {
            id: watchfire_core::id::IncidentId::from_parts(1, [0; 10]),
            short_id: "INC-7K3QX".into(),
            codename: "quiet-heron".into(),
            title: "Odd logins".into(),
            summary: String::new(),
            class: Class::Account,
            severity: None,
            phase: Phase::Declared,
            team: "secops".into(),
            visibility: Visibility::Open,
            sensitivity: Sensitivity::Normal,
            kind: Kind::Real,
            signal: SignalState::None,
            roles,
            postmortem: Postmortem::NotDue,
            occurred_at: None,
            detected_at: now,
            acknowledged_at: None,
            declared_at: Some(now),
            resolved_at: None,
            closed_at: None,
            scope_known_at: None,
            signalled: None,
            merged_into: None,
            rule: String::new(),
            plan_version: String::new(),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    #[test]
    fn too_many_under_one_lead_are_told_with_the_lead() {
        let mut files = builtin_files();
        let roles = files.get_mut("roles.yaml").expect("roles ship");
        *roles = roles.replace("span: 7", "span: 3");
        let plans = PlanSet::load(files).expect("they are in order");
        let mut incident = led_by(vec![held("commander", "ann"), held("scribe", "ben")]);
        let owners = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(crowded(&plans.roles, &incident, &owners(&["cat", "dan", "ann", "ben"])), [], "three, and nobody twice");
        let found = crowded(&plans.roles, &incident, &owners(&["cat", "dan", "eve"]));
        assert_eq!(found.iter().map(|lead| (lead.holder.as_str(), lead.people)).collect::<Vec<_>>(), [("ann", 4)]);
        incident.roles.push(held("operations", "fay"));
        assert_eq!(crowded(&plans.roles, &incident, &owners(&["cat", "dan", "eve"])), [], "operations leads who does the work");
        incident.phase = Phase::Closed;
        assert_eq!(crowded(&plans.roles, &incident, &owners(&["a", "b", "c", "d", "e"])), [], "over is over");
    }
}
