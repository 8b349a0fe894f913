//! The playbook that lets whoever wrote a commit see the incident that came of it.

use std::collections::{BTreeMap, BTreeSet};

use watchfire_core::access::GrantSource;
use watchfire_core::chance::{self, Chance};
use watchfire_core::incident::{Incident, Sensitivity};
use watchfire_core::person::{self, State};
use watchfire_core::text;
use watchfire_store::alert::Alert;
use watchfire_store::grant::{Grant, Grantee};
use watchfire_store::person as people;

use crate::incidents::Happening;
use crate::plans::{AUTHOR, PlanSet};
use crate::{Engine, Error};

/// The name of the playbook, as the grants that it gives have it.
const PLAYBOOK: &str = "commit_authors";
/// People read at once.
const PAGE: usize = 500;
/// Characters of a commit's name that a reason holds.
const COMMIT_CHARS: usize = 64;

/// Who stands behind addresses: lower-cased address to login.
pub(crate) type Authors = BTreeMap<String, String>;

impl Engine {
    /// Finds the active people whose login or whose verified further address wrote the commits of these alerts. An address
    /// that was not shown to be somebody's matches nobody, and so does one that several have.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn authors<'a>(&self, alerts: impl Iterator<Item = &'a Alert>) -> Result<Authors, Error> {
        let mut found = Authors::new();
        if self.plans().access.commit_authors.is_none() {
            return Ok(found);
        }
        let mut wanted: BTreeSet<String> =
            alerts.filter_map(|alert| alert.labels.get(AUTHOR)).filter_map(|text| person::login(text)).collect();
        if wanted.is_empty() {
            return Ok(found);
        }
        let mut reader = self.store().read().await?;
        let known: Vec<String> = wanted.iter().cloned().collect();
        for person in people::by_logins(&mut reader, &known).await? {
            // Whose login it is decides, also where they may not come in any more.
            wanted.remove(&person.login);
            if person.state == State::Active {
                found.insert(person.login.clone(), person.login);
            }
        }
        let mut several: BTreeSet<String> = BTreeSet::new();
        let mut after = String::new();
        while !wanted.is_empty() {
            let page = people::list(&mut reader, &after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.login);
            for person in page.iter().filter(|person| person.state == State::Active) {
                for address in person.addresses.iter().filter(|address| address.verified_at.is_some()) {
                    let address = address.address.to_lowercase();
                    if wanted.contains(&address) && found.insert(address.clone(), person.login.clone()).is_some() {
                        several.insert(address);
                    }
                }
            }
        }
        found.retain(|address, _| !several.contains(address));
        Ok(found)
    }
}

/// Makes the grant of whoever wrote the commit of an alert that was linked to an incident; `None` if the playbook is off for
/// it, or nobody stands behind the address.
pub(super) fn grant(
    plans: &PlanSet,
    authors: &Authors,
    incident: &Incident,
    alert: &Alert,
    happening: &Happening,
    chance: &dyn Chance,
) -> Option<Grant> {
    let playbook = plans.access.commit_authors.as_ref()?;
    if incident.sensitivity == Sensitivity::Employee || !playbook.fits(incident.class, incident.severity) {
        return None;
    }
    let login = authors.get(&person::login(alert.labels.get(AUTHOR)?)?)?;
    let commit = alert.labels.get("commit").or_else(|| alert.labels.get("sha")).map(|commit| text::line(commit, COMMIT_CHARS));
    let commit = commit.filter(|commit| !commit.is_empty()).unwrap_or_else(|| "of an unknown name".to_owned());
    Some(Grant {
        id: chance::id(chance, happening.now),
        incident: incident.id,
        grantee: Grantee::Person(login.clone()),
        level: playbook.level,
        source: GrantSource::Playbook,
        reason: format!("wrote the commit {commit}"),
        by: PLAYBOOK.to_owned(),
        granted_at: happening.now,
        until: None,
    })
}
