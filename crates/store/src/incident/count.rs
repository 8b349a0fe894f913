//! How many incidents there are.

use std::collections::BTreeMap;

use watchfire_core::Severity;
use watchfire_core::access::Scope;
use watchfire_core::incident::{Kind, Phase};

use crate::statements::Query;
use crate::{Conn, Error, scoped, tally};

/// Begin of a query that ends with a scope's condition and `GROUP BY`.
const COUNT: &str = "SELECT i.kind, i.phase, COALESCE(i.severity, 0) AS severity, COUNT(*) AS number FROM incident i WHERE TRUE";

const ANY_HIDDEN: &str = "SELECT 1 AS found FROM incident i WHERE (i.visibility = 'restricted' OR i.sensitivity <> 'normal')";
const ANY_SHUT: &str = "SELECT 1 AS found FROM incident i WHERE i.sensitivity <> 'normal'";

/// Tells whether there is an incident that somebody with the scope's rights does not see by them alone: one that not everybody
/// sees, or for owners one that shuts them out. Where there is none, what belongs to such incidents need not be looked for.
///
/// # Errors
/// What the database answers.
pub(crate) async fn any_hidden(conn: &mut Conn, scope: &Scope) -> Result<bool, Error> {
    let query = Query::new(if scope.sees_restricted() { ANY_SHUT } else { ANY_HIDDEN });
    Ok(!conn.query(query.ending("", 1)).await?.is_empty())
}

/// How many incidents of one kind, phase and severity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Count {
    pub kind: Kind,
    pub phase: Phase,
    pub severity: Option<Severity>,
    pub number: i64,
}

/// Counts the incidents that the scope shows; what there is none of is left out.
///
/// # Errors
/// What the database answers.
pub async fn counts(conn: &mut Conn, scope: &Scope) -> Result<Vec<Count>, Error> {
    let mut found: BTreeMap<(String, String, i64), i64> = BTreeMap::new();
    let mut add = |kind: &str, phase: &str, severity: i64, number: i64| {
        *found.entry((kind.to_owned(), phase.to_owned(), severity)).or_default() += number;
    };
    if scope.sees_open() || scope.sees_everything() {
        for (name, number) in tally::under(conn, "incidents.").await? {
            let parts: Vec<&str> = name.split('.').collect();
            let [kind, visibility, phase, severity] = parts.as_slice() else { continue };
            let shown = match *visibility {
                "open" => true,
                "restricted" => scope.sees_restricted() || scope.sees_everything(),
                _ => scope.sees_everything(),
            };
            if shown {
                add(kind, phase, severity.parse().unwrap_or(0), number);
            }
        }
    }
    if !scope.sees_everything() {
        // What the tallies cannot tell: incidents that are seen for a role or a grant alone.
        let mut query = Query::new(COUNT);
        if scope.sees_restricted() {
            query = query.and_plain("i.sensitivity <> 'normal'");
        } else if scope.sees_open() {
            query = query.and_plain("(i.visibility = 'restricted' OR i.sensitivity <> 'normal')");
        }
        let mut query = scoped::incidents(query, scope);
        query.text.push_str(" GROUP BY i.kind, i.phase, COALESCE(i.severity, 0)");
        for row in conn.query(query).await? {
            add(&row.text("kind")?, &row.text("phase")?, row.int("severity")?, row.int("number")?);
        }
    }
    found
        .into_iter()
        .map(|((kind, phase, severity), number)| {
            Ok(Count {
                kind: serde_json::from_value(kind.into()).map_err(|_| Error::damaged("an incident's kind"))?,
                phase: Phase::parse(&phase).ok_or_else(|| Error::damaged("an incident's phase"))?,
                severity: Severity::from_level(severity),
                number,
            })
        })
        .collect()
}
