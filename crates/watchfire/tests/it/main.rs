//! The stories of the whole binary, told from outside: the command line and HTTP.

mod api;
mod bad_input;
mod cli;
mod harness;
mod hooks;
mod idempotency;
mod lifecycle;
mod reference;
