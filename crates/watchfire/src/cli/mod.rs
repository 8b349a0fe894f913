//! The command line: one file per command, `remote` to speak with a server, `output` to speak with people and programs.

mod alert;
mod backup;
mod channel;
mod chat;
mod completions;
mod doctor;
mod event;
mod explain;
mod failure;
mod figures;
mod generate_reference;
mod hook;
mod incident;
mod init;
mod invite;
mod man;
mod oncall;
mod output;
mod plans;
mod record;
mod recover;
mod reference;
mod remote;
mod restore;
mod root;
mod rules;
mod scan;
mod scan_key;
mod serve;
mod silence;
mod source;
mod source_try;
mod token;
mod words;

pub(crate) use output::say;
pub(crate) use root::main;
