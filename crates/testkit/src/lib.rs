//! Development only: a whole server in a test, its real counterparts, and a ledger that no crash can reach.
//!
//! Everything here is black box: it speaks with the built program over HTTP, its command line and signals, and knows
//! neither the store nor the engine. What it starts, it ends by process id.

mod cluster;
mod crash;
mod database;
mod fake;
mod folder;
mod http;
mod ledger;
mod monitoring;
mod payload;
mod process;
mod program;
mod raw;
mod server;
mod wait;

pub use cluster::Cluster;
pub use crash::{CrashReport, CrashRun};
pub use database::{Database, left_out, say};
pub use fake::{HttpFake, Letter, Manners, Recorded, Reply, SlackFake, SlackFault, SlackMessage, SmtpFake};
pub use folder::Folder;
pub use http::{Answer, Client, Connection, percent};
pub use ledger::{Fault, Ledger, Sent};
pub use monitoring::{Alertmanager, Prometheus, Rule};
pub use payload::{Alert, alertmanager_group, alertmanager_group_at, now_rfc3339};
pub use process::{Process, free_port, open_files};
pub use program::{Output, Program};
pub use raw::RawAnswer;
pub use server::{NewSource, Server, ServerOptions};
pub use wait::{eventually, eventually_value};
