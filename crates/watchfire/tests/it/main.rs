//! The one integration binary: stories told to the built program over HTTP, its command line and signals.
//!
//! Every story runs on both databases; what a machine lacks is left out and named on standard error.

mod api;
mod backup_stories;
mod bad_input;
mod browser;
mod channel_stories;
mod cli;
mod command_line_stories;
mod confidentiality;
mod crash;
mod database_outage_stories;
mod disk_full_stories;
mod duty_stories;
mod failed_sync_stories;
mod harness;
mod hooks;
mod hostile_deliveries;
mod idempotency;
mod idle_connections;
mod lifecycle;
mod monitoring_stories;
mod node_stories;
mod oncall_stories;
mod paging_stories;
mod plan_faults;
mod reference;
mod repeated_deliveries;
mod rights;
mod scan_hostile;
mod scan_stories;
mod support;
mod visibility;
