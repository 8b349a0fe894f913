//! Every operation of the API against every role and relation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use futures::StreamExt as _;
use watchfire_core::access::Role;
use watchfire_core::person::State;
use watchfire_testkit::Answer;

use super::cells::{AT_ONCE, Cell, cells};
use super::house::House;
use super::object::{ABSENT, Object};
use super::operations::{operations, send};
use super::table::{Table, Verdict};

/// The least number of cells that are asked.
const CELLS: usize = 2_000;

#[test]
fn every_operation_is_in_the_table_and_every_line_is_an_operation() {
    let (table, operations) = (Table::read(), operations());
    let missing: Vec<String> = operations
        .iter()
        .filter(|operation| !table.operations.contains_key(&(operation.method.clone(), operation.path.clone())))
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    assert!(missing.is_empty(), "not reviewed, add a line for each to rights/expected.txt:\n{}", missing.join("\n"));
    for (method, path) in table.operations.keys() {
        let known = operations.iter().any(|operation| operation.method == *method && operation.path == *path);
        assert!(known, "{method} {path} is in the table and in the document no more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_each_role_and_relation_as_the_table_says() {
    let (table, operations, house) = (Table::read(), operations(), House::start().await);
    let cells = cells(&house, &table, &operations).await;
    let asked = futures::stream::iter(&cells).map(|cell| ask(&house, cell)).buffered(AT_ONCE).collect::<Vec<_>>().await;
    let mut wrong: Vec<String> = asked.iter().filter_map(|(fault, _)| fault.clone()).collect();
    wrong.extend(told_apart(&cells, &asked));
    assert!(wrong.is_empty(), "{} of {} cells are wrong:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
    assert!(cells.len() > CELLS, "only {} cells were asked", cells.len());
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_the_invited_and_the_disabled_get_no_operation_at_all() {
    let house = House::start().await;
    let disabled = house.person("gone@example.org", Role::Owner).await;
    house.engine.disable_person(&house.machine(), &disabled.login).await.expect("disabled");
    let pending = house.newcomer("soon@example.org", Role::Owner, State::Invited).await;
    for (name, client) in [
        ("nobody", house.client(None)),
        ("disabled", house.client(Some(&disabled.token))),
        ("pending", house.client(Some(&pending.token))),
    ] {
        for operation in operations() {
            let object = Object { id: ABSENT.to_owned(), ..Object::default() };
            let answer = send(&client, &operation, None, &object).await;
            // Whoever guesses tokens is slowed, and told no more than that.
            assert!(matches!(answer.status, 401 | 429), "{name} {} {}: {}", operation.method, operation.path, answer.status);
        }
    }
    let pages = house.client(None).call("GET", "/incidents", &[("cookie", disabled.cookie.as_str())], "").await;
    assert_eq!(pages.expect("an answer").status, 303, "a session of somebody disabled leads to the sign-in page");
    house.end().await;
}

/// Asks one cell. Returns what is wrong with the answer, and its plain text if it says that the object is not there.
async fn ask(house: &House, cell: &Cell<'_>) -> (Option<String>, Option<String>) {
    let answer = send(&house.client(Some(&cell.who.token)), cell.operation, cell.line.body.as_ref(), &cell.object).await;
    let mut verdict = Verdict::of(answer.status);
    let noun = format!("no such {}", cell.noun());
    if verdict == Verdict::Hidden && (cell.is_about_roles() || !answer.text().contains(&noun)) {
        // Classes of one relation are about roles alone. And whoever is told that another object is not there, such as
        // a channel that the body names, has got past the rights on this one.
        verdict = Verdict::Reached;
    }
    // Whoever is slowed has not come to the rights.
    let failed = answer.status >= 500 || answer.status == 429;
    let fault = (failed || verdict != cell.expected)
        .then(|| format!("{cell}: {verdict:?} instead of {:?}: {} {}", cell.expected, answer.status, answer.text()));
    (fault, (verdict == Verdict::Hidden).then(|| plain(&answer, cell)))
}

/// Compares what is hidden from a role with what never was, operation by operation: the answers are the same.
fn told_apart(cells: &[Cell<'_>], asked: &[(Option<String>, Option<String>)]) -> Vec<String> {
    let hidden = || cells.iter().zip(asked).filter_map(|(cell, (_, text))| Some((cell, text.as_ref()?)));
    let place = |cell: &Cell<'_>| (cell.operation.method.clone(), cell.operation.path.clone(), cell.role);
    let absent: BTreeMap<_, _> =
        hidden().filter(|(cell, _)| cell.relation == "absent").map(|(cell, text)| (place(cell), text)).collect();
    let mut faults = Vec::new();
    for (cell, text) in hidden() {
        let Some(absent) = absent.get(&place(cell)).filter(|absent| **absent != text) else { continue };
        let mut fault = format!("{cell}: not yours is not the same as not there:");
        let _ = write!(fault, "\n  {text}\n  {absent}");
        faults.push(fault);
    }
    faults
}

/// Returns an answer without what differs by the object's name.
fn plain(answer: &Answer, cell: &Cell<'_>) -> String {
    let (object, who) = (&cell.object, &cell.who);
    let mut text = format!("{} {} {}", answer.status, answer.header("content-type"), answer.text());
    for name in [&object.id, &object.alert, &object.grant, &object.login, &who.login] {
        if !name.is_empty() {
            text = text.replace(name.as_str(), "NAME");
        }
    }
    text
}
