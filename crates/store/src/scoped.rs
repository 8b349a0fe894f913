//! Scopes as conditions: what somebody may not see is not in the answer.

use watchfire_core::access::Scope;

use crate::statements::Query;

/// An incident `i` that is open, or where the login holds a role or is offered one.
const INCIDENT_OPEN: &str =
    "(i.visibility = 'open' OR EXISTS (SELECT 1 FROM incident_person p WHERE p.incident_id = i.id AND p.login = ?))";
const INCIDENT_OWN: &str = "EXISTS (SELECT 1 FROM incident_person p WHERE p.incident_id = i.id AND p.login = ?)";

/// An alert `a` that belongs to no incident hidden from the login, or also to one that is not hidden.
const ALERT_OPEN: &str = "(NOT EXISTS (
      SELECT 1 FROM incident_alert l JOIN incident i ON i.id = l.incident_id
      WHERE l.alert_id = a.id AND i.visibility = 'restricted'
        AND NOT EXISTS (SELECT 1 FROM incident_person p WHERE p.incident_id = i.id AND p.login = ?))
    OR EXISTS (
      SELECT 1 FROM incident_alert l JOIN incident i ON i.id = l.incident_id
      WHERE l.alert_id = a.id AND (i.visibility = 'open'
        OR EXISTS (SELECT 1 FROM incident_person p WHERE p.incident_id = i.id AND p.login = ?))))";
const ALERT_OWN: &str = "EXISTS (
      SELECT 1 FROM incident_alert l JOIN incident_person p ON p.incident_id = l.incident_id
      WHERE l.alert_id = a.id AND p.login = ?)";

/// An entry `e` about a visible incident, a visible alert, or neither.
const ENTRY_OPEN: &str = "(CASE
      WHEN e.incident_id IS NOT NULL THEN EXISTS (SELECT 1 FROM incident i WHERE i.id = e.incident_id AND (i.visibility = 'open'
        OR EXISTS (SELECT 1 FROM incident_person p WHERE p.incident_id = i.id AND p.login = ?)))
      WHEN e.alert_id IS NOT NULL THEN (NOT EXISTS (
          SELECT 1 FROM incident_alert l JOIN incident i ON i.id = l.incident_id
          WHERE l.alert_id = e.alert_id AND i.visibility = 'restricted'
            AND NOT EXISTS (SELECT 1 FROM incident_person p WHERE p.incident_id = i.id AND p.login = ?))
        OR EXISTS (
          SELECT 1 FROM incident_alert l JOIN incident i ON i.id = l.incident_id
          WHERE l.alert_id = e.alert_id AND (i.visibility = 'open'
            OR EXISTS (SELECT 1 FROM incident_person p WHERE p.incident_id = i.id AND p.login = ?))))
      ELSE TRUE END)";
const ENTRY_OWN: &str = "EXISTS (SELECT 1 FROM incident_person p WHERE p.incident_id = e.incident_id AND p.login = ?)";

/// Narrows a query over `incident i` to what the scope shows.
pub(crate) fn incidents(query: Query, scope: &Scope) -> Query {
    narrow(query, scope, INCIDENT_OPEN, INCIDENT_OWN)
}

/// Narrows a query over `alert a` to what the scope shows.
pub(crate) fn alerts(query: Query, scope: &Scope) -> Query {
    narrow(query, scope, ALERT_OPEN, ALERT_OWN)
}

/// Narrows a query over `entry e` to what the scope shows.
pub(crate) fn entries(query: Query, scope: &Scope) -> Query {
    narrow(query, scope, ENTRY_OPEN, ENTRY_OWN)
}

fn narrow(query: Query, scope: &Scope, open: &'static str, own: &'static str) -> Query {
    if scope.sees_restricted() && scope.sees_open() {
        query
    } else if scope.sees_open() {
        query.and(open, scope.login())
    } else {
        query.and(own, scope.login())
    }
}
