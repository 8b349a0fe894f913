//! The console's rooms: each a handler, a context and a template.

pub(crate) mod account;
pub(crate) mod acknowledge;
pub(crate) mod alert;
pub(crate) mod alerts;
pub(crate) mod board;
pub(crate) mod channel_acts;
pub(crate) mod channels;
pub(crate) mod chart;
pub(crate) mod chat;
pub(crate) mod composer;
pub(crate) mod contacts;
pub(crate) mod declare;
pub(crate) mod done;
pub(crate) mod due;
pub(crate) mod duty;
pub(crate) mod event;
pub(crate) mod events;
pub(crate) mod failed;
pub(crate) mod fault;
#[expect(unreachable_pub, reason = "the macro of the template engine writes filters as pub")]
pub(crate) mod filters;
pub(crate) mod form;
pub(crate) mod frame;
pub(crate) mod incident;
pub(crate) mod incidents;
pub(crate) mod lines;
pub(crate) mod list;
pub(crate) mod metrics;
pub(crate) mod names;
pub(crate) mod oncall;
pub(crate) mod paging;
pub(crate) mod passkey;
pub(crate) mod people;
pub(crate) mod plans;
pub(crate) mod prove;
pub(crate) mod query;
pub(crate) mod record;
pub(crate) mod report;
mod routes;
pub(crate) mod scheme;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod sign_in_settings;
pub(crate) mod sign_on;
pub(crate) mod source_acts;
pub(crate) mod sources;
pub(crate) mod teams;
pub(crate) mod tokens;
pub(crate) mod visit;
pub(crate) mod welcome;
pub(crate) mod words;
pub(crate) mod work;

pub(crate) use routes::routes;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
