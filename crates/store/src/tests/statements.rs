//! Every statement is understood by both databases.

use super::harness::{Fixture, on_both};
use crate::statements::Sql;
use crate::{
    alert, certificate, channel, chat, document, entry, event, grant, grouping, idempotency, incident, keys, link, membership,
    migrate, oncall, outbox, paging, person, plan, report, resolution, responsibility, session, setting, sign_in, silence,
    source, tally, task, timer, token, update,
};

/// All statements by file; a new file of statements joins here.
fn all() -> Vec<(&'static str, &'static [(&'static str, Sql)])> {
    let mut all: Vec<(&str, &[(&str, Sql)])> = vec![
        ("certificate", certificate::ALL),
        ("channel", channel::ALL),
        ("chat", chat::ALL),
        ("document", document::ALL),
        ("grant", grant::ALL),
        ("grouping", grouping::ALL),
        ("idempotency", idempotency::ALL),
        ("keys", keys::STATEMENTS),
        ("link", link::ALL),
        ("membership", membership::ALL),
        ("migrate", migrate::ALL),
        ("outbox", outbox::ALL),
        ("person", person::ALL),
        ("plan", plan::ALL),
        ("report", report::ALL),
        ("resolution", resolution::ALL),
        ("responsibility", responsibility::ALL),
        ("session", session::ALL),
        ("setting", setting::ALL),
        ("silence", silence::ALL),
        ("source", source::ALL),
        ("tally", tally::ALL),
        ("task", task::ALL),
        ("timer", timer::ALL),
        ("token", token::ALL),
        ("update", update::ALL),
    ];
    for (file, parts) in [
        ("alert", alert::STATEMENTS),
        ("entry", entry::STATEMENTS),
        ("event", event::STATEMENTS),
        ("incident", incident::STATEMENTS),
        ("oncall", oncall::STATEMENTS),
        ("paging", &paging::STATEMENTS),
        ("sign_in", sign_in::STATEMENTS),
    ] {
        all.extend(parts.iter().map(|part| (file, *part)));
    }
    all
}

on_both! {
    async fn every_statement_can_be_prepared(fixture: Fixture) {
        let mut link = fixture.behind_our_back().await;
        for (file, statements) in all() {
            for (name, sql) in statements {
                let text = sql.for_engine(link.engine());
                if let Err(error) = link.prepare(text).await {
                    panic!("{file}::{name}: {error}\n{text}");
                }
            }
        }
        drop(link);
    }
}

#[test]
fn every_file_with_statements_is_in_the_list() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![root];
    let mut declared = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).expect("sources").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file");
            declared += text.lines().filter(|line| *line == "statements! {").count();
        }
    }
    assert_eq!(declared, all().len(), "a file declares statements and is not in the list above");
}
