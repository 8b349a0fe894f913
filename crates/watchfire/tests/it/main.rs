//! The one integration binary: stories told to the built program over HTTP, its command line and signals.
//!
//! Every story runs on both databases; what a machine lacks is left out and named on standard error.

mod backup_stories;
mod browser;
mod command_line_stories;
mod confidentiality;
mod crash;
mod database_outage_stories;
mod disk_full_stories;
mod hostile_deliveries;
mod idle_connections;
mod monitoring_stories;
mod node_stories;
mod plan_faults;
mod repeated_deliveries;
mod support;
mod visibility;
