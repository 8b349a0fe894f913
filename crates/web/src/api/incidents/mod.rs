//! Incidents: `read` shows them, `raise` makes them, `change` moves them on, `updates` says where they stand, `roles` and `tasks` say who does what.

mod access;
mod change;
mod duties;
mod raise;
mod read;
mod roles;
mod rooms;
mod routes;
mod tasks;
mod updates;

pub(super) use routes::routes;
