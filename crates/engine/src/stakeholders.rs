//! Who is kept informed: each status update goes to the groups of the plans.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use watchfire_core::access::Identity;
use watchfire_core::channel::{Kind as MessageKind, Message, Named};
use watchfire_core::incident::{Incident, Kind, Sensitivity, StatusUpdate, Visibility};
use watchfire_core::{Severity, text};
use watchfire_store::{Error as StoreError, Tx, incident};

use crate::channels::{Dispatch, dispatch};
use crate::paging::{With, inform};

/// Sends a status update to the groups that are kept informed of its incident, and records through what each was told. Drills
/// reach nobody outside the console, and of an incident about employees nothing is sent.
///
/// # Errors
/// As the store.
pub(crate) async fn keep_informed(
    tx: &mut Tx,
    incident: &Incident,
    update: &StatusUpdate,
    with: &With,
) -> Result<(), StoreError> {
    if incident.kind != Kind::Real || incident.sensitivity == Sensitivity::Employee {
        return Ok(());
    }
    let plans = std::sync::Arc::clone(&with.roster.plans);
    let hidden = incident.visibility == Visibility::Restricted;
    let mut told: BTreeSet<String> = BTreeSet::from([update.author.clone()]);
    let mut posted: BTreeSet<String> = BTreeSet::new();
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for group in plans.stakeholders.of(incident) {
        let through = groups.entry(group.id.as_str()).or_default();
        for channel in group.channels.iter().filter(|_| !hidden || group.restricted) {
            if posted.insert(channel.clone()) {
                let mut wish = Dispatch::new(channel.as_str(), message(incident, update, channel, with));
                // Whoever reads another channel was not chosen to be informed.
                wish.only = true;
                dispatch(tx, Some(incident.id), &wish).await?;
            }
            through.push(format!("channel {channel}"));
        }
        for person in group.people.iter().flat_map(|target| with.roster.active(target, incident)) {
            let Some(role) = with.roster.role_of(&person) else { continue };
            let scope = Identity::person(&person, role).scope();
            if told.contains(&person) || incident::get(tx, &scope, &incident.short_id).await?.is_none() {
                continue;
            }
            told.insert(person.clone());
            let message = message(incident, update, &person, with);
            if inform(tx, &person, Some(incident.id), &message).await? {
                through.push(person);
            }
        }
    }
    for (group, through) in groups.into_iter().filter(|(_, through)| !through.is_empty()) {
        let mut draft = with.happening.draft("update.sent").with("group", group).with("number", update.number);
        draft.incident = Some(incident.id);
        tx.record(draft.with("version", update.version).with("through", through.join(", ")));
    }
    Ok(())
}

/// Writes the message. Of a restricted incident it says severity and codename, and that there is an update.
fn message(incident: &Incident, update: &StatusUpdate, recipient: &str, with: &With) -> Message {
    let severity = incident.severity.map_or("severity unknown", Severity::label);
    let restricted = incident.visibility == Visibility::Restricted;
    let title = if restricted { incident.codename.as_str() } else { incident.title.as_str() };
    let right = if update.version > 1 { ", put right" } else { "" };
    let said = &update.text;
    let text = if restricted {
        "A status update was written. Who is on the incident reads it in the console.".to_owned()
    } else {
        let parts = [
            ("Current risk", said.risk.as_str()),
            ("Users impacted", said.users.as_str()),
            ("Timeline", said.timeline.as_str()),
            ("Mitigation taken", said.mitigation.as_str()),
            ("Current status", said.status.as_str()),
            ("Next steps", said.next_steps.as_str()),
        ];
        parts.map(|(name, words)| format!("{name}: {words}")).join("\n")
    };
    // The same update to the same recipient is one message, also where the transaction is tried again.
    let key = text::hex(&Sha256::digest(format!("update|{}|{recipient}", update.id)))[..32].to_owned();
    Message {
        kind: MessageKind::Notice,
        to: None,
        subject: format!("{severity} {} {title}: status update {}{right}", incident.short_id, update.number),
        text: text::prose(&text, 6_000),
        severity: incident.severity,
        incident: Some(Named { short_id: incident.short_id.clone(), codename: incident.codename.clone(), restricted }),
        link: Some(format!("{}/incidents/{}/updates", with.base_url, incident.short_id)),
        acknowledge: None,
        console: with.base_url.clone(),
        matter: key.clone(),
        key,
        thread: None,
    }
}
