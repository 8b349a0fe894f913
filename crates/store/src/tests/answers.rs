//! Shared answers: how often the database is asked.

use std::cell::Cell;

use tokio::sync::watch;

use crate::Error;
use crate::answers::{Answers, Question};
use crate::args::args;
use crate::writer::Progress;

fn question(login: &str) -> Question {
    Question { text: "SELECT 1".into(), args: args![login] }
}

#[tokio::test]
async fn a_question_is_asked_once_between_two_commits_and_never_answered_for_another_reader() {
    let progress = watch::Sender::new(Progress { head: 0, commits: 0 });
    let answers = Answers::new(progress.subscribe());
    let asked = Cell::new(0);
    let ask = async |login: &str| {
        let count = async |_: &Question| {
            asked.set(asked.get() + 1);
            Ok(Vec::new())
        };
        answers.to(question(login), count).await.map(|rows| rows.len())
    };
    assert_eq!((ask("ann").await, ask("ann").await, asked.get()), (Ok(0), Ok(0), 1), "the second time it is known");
    assert_eq!((ask("ben").await, asked.get()), (Ok(0), 2), "another reader is another question");
    progress.send_modify(|progress| progress.commits += 1);
    assert_eq!((ask("ann").await, ask("ann").await, asked.get()), (Ok(0), Ok(0), 3), "a commit makes all answers old");
}

#[tokio::test]
async fn what_was_asked_before_a_commit_is_not_kept_after_it_and_no_failure_is_kept() {
    let progress = watch::Sender::new(Progress { head: 0, commits: 0 });
    let answers = Answers::new(progress.subscribe());
    let asked = Cell::new(0);
    let slow = async |_: &Question| {
        // The commit comes while the database answers.
        progress.send_modify(|progress| progress.commits += 1);
        Ok(Vec::new())
    };
    assert!(answers.to(question("ann"), slow).await.is_ok());
    let failing = async |_: &Question| {
        asked.set(asked.get() + 1);
        Err(Error::Unavailable("gone".to_owned()))
    };
    assert!(answers.to(question("ann"), failing).await.is_err());
    let well = async |_: &Question| {
        asked.set(asked.get() + 1);
        Ok(Vec::new())
    };
    assert!(answers.to(question("ann"), well).await.is_ok());
    assert_eq!(asked.get(), 2, "neither the older answer nor the failure was handed out");
}
