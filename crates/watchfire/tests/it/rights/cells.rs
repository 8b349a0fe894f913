//! The cells of the matrix: who asks which operation about which object, made before the first question.
//!
//! People are reused where a question does not change them, and objects where it does not change anything: for operations
//! that read, and for those that are to be refused. All objects are there before the clock is moved on, once, past the end
//! of what has run out by then.

use std::collections::BTreeMap;
use std::fmt;

use futures::StreamExt as _;
use watchfire_core::access::Role;

use super::house::{House, Who};
use super::object::{OVER_AFTER_SECONDS, Object, Wish};
use super::operations::Operation;
use super::table::{Line, Table, Verdict};

/// Things made, and questions asked, at a time.
pub(super) const AT_ONCE: usize = 16;

/// One operation, asked by somebody about an object.
pub(super) struct Cell<'a> {
    pub(super) operation: &'a Operation,
    pub(super) line: &'a Line,
    pub(super) role: Role,
    pub(super) relation: &'a str,
    pub(super) expected: Verdict,
    pub(super) who: Who,
    pub(super) object: Object,
    relations: usize,
}

impl Cell<'_> {
    /// Returns what the object is called in answers.
    pub(super) fn noun(&self) -> &str {
        self.line.noun()
    }

    /// Tells whether the class asks about roles alone.
    pub(super) fn is_about_roles(&self) -> bool {
        self.relations == 1
    }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation { method, path, .. } = self.operation;
        write!(f, "{method} {path} as {} to {}", self.role.as_str(), self.relation)
    }
}

/// A cell whose person and object are still to be made, with their names: what has one name is made once.
struct Plan<'a> {
    cell: (&'a Operation, &'a Line, Role, &'a str, Verdict, usize),
    login: String,
    object: String,
    /// The object has everything that an operation may name.
    whole: bool,
}

/// Makes everything that the table asks about.
pub(super) async fn cells<'a>(house: &House, table: &'a Table, operations: &'a [Operation]) -> Vec<Cell<'a>> {
    let plans = plans(table, operations);
    let logins: BTreeMap<&str, Role> = plans.iter().map(|plan| (plan.login.as_str(), plan.cell.2)).collect();
    let people: BTreeMap<&str, Who> = futures::stream::iter(logins)
        .map(async |(login, role)| (login, house.account(login, role).await))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let source = house.source("signals").await;
    let wanted: BTreeMap<&str, &Plan<'_>> = plans.iter().map(|plan| (plan.object.as_str(), plan)).collect();
    let objects: BTreeMap<&str, Object> = futures::stream::iter(wanted.into_iter().enumerate())
        .map(async |(turn, (name, plan))| {
            let (_, line, _, relation, ..) = plan.cell;
            let wish = Wish { kind: line.made_as(), relation, who: &people[plan.login.as_str()], whole: plan.whole };
            (name, house.object(&wish, &source, turn).await)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    house.later(OVER_AFTER_SECONDS).await;
    let made = |plan: &Plan<'a>| {
        let (operation, line, role, relation, expected, relations) = plan.cell;
        let (who, object) = (people[plan.login.as_str()].clone(), objects[plan.object.as_str()].clone());
        Cell { operation, line, role, relation, expected, who, object, relations }
    };
    plans.iter().map(made).collect()
}

fn plans<'a>(table: &'a Table, operations: &'a [Operation]) -> Vec<Plan<'a>> {
    let mut plans = Vec::new();
    for (turn, operation) in operations.iter().enumerate() {
        let Some(line) = table.operations.get(&(operation.method.clone(), operation.path.clone())) else { continue };
        let class = &table.classes[&line.class];
        for role in Role::ALL {
            for (relation, expected) in class.relations.iter().zip(&class.answers[&role]) {
                let who = format!("{}-{relation}", role.as_str());
                // Who is asked about people, teams and tokens is changed by what they ask.
                let own = matches!(line.noun(), "person" | "team" | "token");
                let changes = operation.method != "GET" && *expected == Verdict::Reached;
                let whole = !changes || operation.path.contains("/tasks/") || operation.path.contains("{grant}");
                let once = if own || changes { format!("-{turn}") } else { String::new() };
                plans.push(Plan {
                    cell: (operation, line, role, relation, *expected, class.relations.len()),
                    login: if own { format!("{who}-{turn}@example.org") } else { format!("{who}@example.org") },
                    object: format!("{} {who}{once}", line.made_as()),
                    whole,
                });
            }
        }
    }
    plans
}
