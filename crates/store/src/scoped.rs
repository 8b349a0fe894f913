//! Scopes as conditions: what somebody may not see is not in the answer.
//!
//! There are four kinds of scope. Watchfire's own work sees everything. An owner sees all but incidents whose sensitivity
//! shuts owners out. A member sees what is open. Everybody sees the incidents that they are on: a role held, a grant, a
//! grant of a team (the view `incident_reader`). `watchfire_core::access::decide` follows the same laws.
//!
//! Each question asks one table and ends with `LIMIT 1 OFFSET 0`, so that it is answered from an index for each row: where its
//! statistics are young, as in the minute after a storm began, PostgreSQL would join all links with all incidents first, 260 ms at
//! 100,000 alerts, for a page of fifty.

use watchfire_core::access::Scope;

use crate::statements::Query;

macro_rules! on_it {
    ($incident:literal) => {
        concat!("EXISTS (SELECT 1 FROM incident_reader n WHERE n.incident_id = ", $incident, " AND n.login = ? LIMIT 1 OFFSET 0)")
    };
}

/// An incident `i` as owners see it.
macro_rules! owner {
    () => {
        concat!("(i.sensitivity = 'normal' OR ", on_it!("i.id"), ")")
    };
}

/// An incident `i` as members see it.
macro_rules! member {
    () => {
        concat!("((i.visibility = 'open' AND i.sensitivity = 'normal') OR ", on_it!("i.id"), ")")
    };
}

/// An alert, named by its column, that belongs to no incident or to one that is seen.
macro_rules! alert {
    ($alert:literal, $seen:expr) => {
        concat!(
            "(NOT EXISTS (SELECT 1 FROM incident_alert l WHERE l.alert_id = ",
            $alert,
            " LIMIT 1 OFFSET 0) OR EXISTS (SELECT 1 FROM incident_alert l WHERE l.alert_id = ",
            $alert,
            " AND EXISTS (SELECT 1 FROM incident i WHERE i.id = l.incident_id AND ",
            $seen,
            " LIMIT 1 OFFSET 0) LIMIT 1 OFFSET 0))"
        )
    };
}

/// An event, named by its column, none of whose alerts belongs to an incident that is not seen: its bytes tell of them all.
macro_rules! event {
    ($event:literal, $seen:expr) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM receipt c WHERE c.event_id = ",
            $event,
            " AND EXISTS (SELECT 1 FROM incident_alert l WHERE l.alert_id = c.alert_id
          AND EXISTS (SELECT 1 FROM incident i WHERE i.id = l.incident_id AND NOT ",
            $seen,
            " LIMIT 1 OFFSET 0) LIMIT 1 OFFSET 0) LIMIT 1 OFFSET 0)"
        )
    };
}

/// An entry `e` about a seen incident, alert or event; what belongs to none is for `$other`.
macro_rules! entry {
    ($seen:expr, $other:expr) => {
        concat!(
            "(CASE
      WHEN e.incident_id IS NOT NULL THEN EXISTS (SELECT 1 FROM incident i WHERE i.id = e.incident_id AND ",
            $seen,
            ")
      WHEN e.alert_id IS NOT NULL THEN ",
            alert!("e.alert_id", $seen),
            "
      WHEN e.event_id IS NOT NULL THEN ",
            event!("e.event_id", $seen),
            "
      ELSE ",
            $other,
            " END)"
        )
    };
}

/// An entry `e` about nothing of the above. Who came in with what is told to owners and to whom it concerns; that also keeps
/// the numbers of the record without meaning: a gap between two entries that somebody sees is an everyday thing.
macro_rules! not_private {
    () => {
        "((e.actor_kind = 'person' AND e.actor_id = ?)
        OR NOT (e.kind LIKE 'session.%' OR e.kind LIKE 'sign_in.%' OR e.kind LIKE 'token.%'))"
    };
}

const INCIDENT: [&str; 3] = [owner!(), member!(), on_it!("i.id")];
const ALERT: [&str; 3] = [
    alert!("a.id", owner!()),
    alert!("a.id", member!()),
    "EXISTS (SELECT 1 FROM incident_alert l JOIN incident_reader n ON n.incident_id = l.incident_id
        WHERE l.alert_id = a.id AND n.login = ?)",
];
const ENTRY: [&str; 3] = [entry!(owner!(), "TRUE"), entry!(member!(), not_private!()), on_it!("e.incident_id")];
const EVENT: [&str; 3] = [
    event!("e.id", owner!()),
    // What was not looked at yet may turn out to be anything.
    concat!("e.status <> 'pending' AND ", event!("e.id", member!())),
    "FALSE AND '' = ?",
];
/// Silences that were made for an alert that is not seen tell of it.
const SILENCE: [&str; 3] = [
    concat!("(s.alert_id IS NULL OR ", alert!("s.alert_id", owner!()), ")"),
    concat!("(s.alert_id IS NULL OR ", alert!("s.alert_id", member!()), ")"),
    "EXISTS (SELECT 1 FROM incident_alert l JOIN incident_reader n ON n.incident_id = l.incident_id
        WHERE l.alert_id = s.alert_id AND n.login = ?)",
];

/// Narrows a query over `incident i` to what the scope shows.
pub(crate) fn incidents(query: Query, scope: &Scope) -> Query {
    narrow(query, scope, INCIDENT)
}

/// Narrows a query over `alert a` to what the scope shows.
pub(crate) fn alerts(query: Query, scope: &Scope) -> Query {
    narrow(query, scope, ALERT)
}

/// Narrows a query over `entry e` to what the scope shows.
pub(crate) fn entries(query: Query, scope: &Scope) -> Query {
    narrow(query, scope, ENTRY)
}

/// Narrows a query over `event e` to what the scope shows.
pub(crate) fn events(query: Query, scope: &Scope) -> Query {
    narrow(query, scope, EVENT)
}

/// Narrows a query over `silence s` to what the scope shows.
pub(crate) fn silences(query: Query, scope: &Scope) -> Query {
    narrow(query, scope, SILENCE)
}

fn narrow(query: Query, scope: &Scope, [owner, member, on_it]: [&'static str; 3]) -> Query {
    if scope.sees_everything() {
        query
    } else if scope.sees_restricted() {
        query.and(owner, scope.login())
    } else if scope.sees_open() {
        query.and(member, scope.login())
    } else {
        query.and(on_it, scope.login())
    }
}
