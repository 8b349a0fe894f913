//! Tests of the store on both databases: SQLite always, PostgreSQL when `WATCHFIRE_TEST_POSTGRES_URL` names a server on
//! which databases may be made.

mod access;
mod alerts;
mod answers;
mod backup;
mod channels;
mod disk;
mod events;
mod faults;
mod harness;
mod incidents;
mod keys;
mod oncall;
mod opening;
mod paging;
mod plans;
mod record;
mod responsibility;
mod rows;
mod sealed;
mod statements;
mod writer;
