//! The oracle of the crash tests: what senders were told, kept outside the database that it judges.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::Client;

/// One delivery that a sender was told is kept.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Sent {
    /// The name of the source.
    pub source: String,
    /// The mark that the delivery carries, unique in a run: `mark-3-000017`.
    pub mark: String,
    /// The event that the server named in its answer.
    pub event: String,
    /// How often it was sent until it was acknowledged.
    pub tries: u32,
}

/// Where the server's own record differs from the ledger.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// An acknowledged event is not there.
    EventLost { mark: String, event: String },
    /// An acknowledged delivery has no alert.
    AlertLost { mark: String },
    /// One delivery became several alerts.
    AlertDoubled { mark: String, alerts: usize },
    /// A source that names its deliveries has another number of events than deliveries were acknowledged.
    EventsDiffer { source: String, acknowledged: usize, stored: usize },
    /// One group has several incidents.
    IncidentDoubled { title: String, incidents: usize },
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventLost { mark, event } => write!(to, "{mark}: event {event} was acknowledged and is lost"),
            Self::AlertLost { mark } => write!(to, "{mark} was acknowledged and has no alert"),
            Self::AlertDoubled { mark, alerts } => write!(to, "{mark} became {alerts} alerts"),
            Self::EventsDiffer { source, acknowledged, stored } => {
                write!(to, "{source}: {acknowledged} deliveries were acknowledged, {stored} events are stored")
            }
            Self::IncidentDoubled { title, incidents } => write!(to, "{title:?} became {incidents} incidents"),
        }
    }
}

/// What was acknowledged, in the memory of the test.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Vec<Sent>>);

impl Ledger {
    /// Notes an acknowledged delivery.
    pub fn acknowledged(&self, sent: Sent) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
    }

    /// Returns what was acknowledged so far.
    #[must_use]
    pub fn all(&self) -> Vec<Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Compares the ledger with what the server shows; `named` are the sources whose deliveries carry ids, which must
    /// have exactly one event for each.
    ///
    /// The server must be settled: nothing pending, nobody sending.
    pub async fn faults(&self, client: &Client, named: &[&str]) -> Vec<Fault> {
        let sent = self.all();
        let events = client.list("/api/v1/events").await;
        let alerts = client.list("/api/v1/alerts").await;
        let mut faults = lost_events(&sent, &events);
        faults.extend(wrong_alerts(&sent, &alerts));
        for source in named {
            let acknowledged = sent.iter().filter(|sent| sent.source == *source).count();
            let stored = events.iter().filter(|event| event["source"] == **source).count();
            if acknowledged != stored {
                faults.push(Fault::EventsDiffer { source: (*source).to_owned(), acknowledged, stored });
            }
        }
        faults
    }
}

fn lost_events(sent: &[Sent], events: &[Value]) -> Vec<Fault> {
    let stored: BTreeSet<&str> = events.iter().filter_map(|event| event["id"].as_str()).collect();
    sent.iter()
        .filter(|sent| !stored.contains(sent.event.as_str()))
        .map(|sent| Fault::EventLost { mark: sent.mark.clone(), event: sent.event.clone() })
        .collect()
}

fn wrong_alerts(sent: &[Sent], alerts: &[Value]) -> Vec<Fault> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for alert in alerts {
        for mark in marks(&alert.to_string()) {
            *counts.entry(mark).or_default() += 1;
        }
    }
    sent.iter()
        .filter_map(|sent| match counts.get(&sent.mark).copied().unwrap_or(0) {
            0 => Some(Fault::AlertLost { mark: sent.mark.clone() }),
            1 => None,
            alerts => Some(Fault::AlertDoubled { mark: sent.mark.clone(), alerts }),
        })
        .collect()
}

/// Returns the marks that stand in a text, each once.
fn marks(text: &str) -> BTreeSet<String> {
    let ends = |rest: &str| rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '-').unwrap_or(rest.len());
    text.match_indices("mark-")
        .filter_map(|(at, _)| text.get(at..))
        .filter_map(|rest| rest.get(..ends(rest)).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(mark: &str, event: &str) -> Sent {
        Sent { source: "s".to_owned(), mark: mark.to_owned(), event: event.to_owned(), tries: 1 }
    }

    #[test]
    fn a_lost_event_a_lost_alert_and_a_doubled_one_are_told_apart() {
        let all = [sent("mark-1-000001", "a"), sent("mark-1-000002", "b"), sent("mark-1-000003", "c")];
        let events = [json!({ "id": "a" }), json!({ "id": "b" })];
        let alerts = [
            json!({ "title": "x mark-1-000001", "resource": "mark-1-000001" }),
            json!({ "title": "mark-1-000002." }),
            json!({ "title": "mark-1-000002" }),
        ];
        assert_eq!(lost_events(&all, &events), [Fault::EventLost { mark: "mark-1-000003".to_owned(), event: "c".to_owned() }]);
        assert_eq!(
            wrong_alerts(&all, &alerts),
            [
                Fault::AlertDoubled { mark: "mark-1-000002".to_owned(), alerts: 2 },
                Fault::AlertLost { mark: "mark-1-000003".to_owned() },
            ],
        );
    }

    #[test]
    fn a_mark_is_not_taken_for_a_longer_one() {
        let alerts = [json!({ "title": "mark-1-0000010" })];
        assert_eq!(wrong_alerts(&[sent("mark-1-000001", "a")], &alerts), [Fault::AlertLost { mark: "mark-1-000001".to_owned() }]);
    }
}
