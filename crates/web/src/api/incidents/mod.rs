//! Incidents: `read` shows them, `raise` makes them, `change` moves them on, `roles` and `tasks` say who does what.

mod change;
mod raise;
mod read;
mod roles;
mod rooms;
mod routes;
mod tasks;

pub(super) use routes::routes;
