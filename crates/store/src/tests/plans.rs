//! How SQLite goes about the statements that run all the time.

use super::harness::Fixture;
use crate::statements::Sql;
use crate::{alert, entry, event, incident};

/// Tables that grow without end.
const LARGE: [&str; 8] = ["event", "alert", "receipt", "incident", "incident_alert", "entry", "entry_secret", "data_key"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_of_the_flow_looks_at_a_whole_table() {
    let fixture = Fixture::sqlite().await;
    let mut link = fixture.behind_our_back().await;
    let hot: Vec<(&str, Sql)> = [event::STATEMENTS, alert::STATEMENTS, entry::STATEMENTS, incident::STATEMENTS]
        .into_iter()
        .flatten()
        .flat_map(|part| part.iter().copied())
        // The begins of lists; they are looked at below, with what they end with.
        .filter(|(name, _)| !["LIST", "ALERTS", "ENTRIES", "INCIDENTS", "INCIDENTS_OF"].contains(name))
        .collect();
    let mut texts: Vec<(String, String)> = hot.into_iter().map(|(name, sql)| (name.to_owned(), sql.text.to_owned())).collect();
    for (name, text) in [
        (
            "alerts by status",
            "SELECT a.* FROM alert a WHERE a.status = $1 AND (a.changed_at, a.id) < ($2, $3) ORDER BY a.changed_at DESC, a.id DESC LIMIT $4",
        ),
        (
            "alerts",
            "SELECT a.* FROM alert a WHERE (a.changed_at, a.id) < ($1, $2) ORDER BY a.changed_at DESC, a.id DESC LIMIT $3",
        ),
        ("alerts of a source", "SELECT a.* FROM alert a WHERE a.source_id = $1 ORDER BY a.changed_at DESC, a.id DESC LIMIT $2"),
        ("incidents by phase", "SELECT i.* FROM incident i WHERE i.phase = $1 AND i.id < $2 ORDER BY i.id DESC LIMIT $3"),
        ("entries of an incident", "SELECT e.* FROM entry e WHERE e.incident_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3"),
        ("events of a source", "SELECT e.* FROM event e WHERE e.source_id = $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3"),
    ] {
        texts.push((name.to_owned(), text.to_owned()));
    }
    let mut wrong = Vec::new();
    for (name, text) in texts {
        for row in link.fetch_text(&format!("EXPLAIN QUERY PLAN {text}"), Vec::new()).await.expect("a plan") {
            let step = row.text("detail").expect("text");
            // `r` is the array that `EACH` takes apart; receipts are never called so.
            let alias = |table: &str| table.chars().next().map(String::from).filter(|alias| alias != "r").unwrap_or_default();
            let scans = LARGE.iter().any(|table| step == format!("SCAN {table}") || step == format!("SCAN {}", alias(table)));
            if scans
                || step.contains("USE TEMP B-TREE FOR ORDER BY")
                    && !["PENDING", "OF_ALERTS", "OF_EVENT", "BY_GROUPS", "REPRESENTATIVES", "OPEN_IN_SNAPSHOT"]
                        .contains(&name.as_str())
            {
                wrong.push(format!("{name}: {step}"));
            }
        }
    }
    drop(link);
    assert!(wrong.is_empty(), "{wrong:#?}");
    fixture.end().await;
}
