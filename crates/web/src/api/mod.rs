//! The API under `/api/v1`: one file per noun, shapes in `model`, what handlers take out of a request in `extract`.
//!
//! Nothing here decides: every operation is one engine call with the caller's identity. The document that is served at
//! `/api/v1/openapi.json` is generated from the same routes.

#![expect(unused_qualifications, reason = "the derive of query parameters writes full paths")]

mod alerts;
mod channels;
mod chat;
mod contacts;
mod counts;
mod diff;
mod document;
mod events;
mod extract;
mod failure;
mod figures;
mod idempotency;
mod incidents;
mod me;
mod model;
mod oncall;
mod paging;
mod people;
mod plans;
mod record;
mod reports;
mod router;
mod sign_in;
mod silences;
mod sources;
mod teams;
mod tokens;
mod work;

pub(crate) use contacts::minutes;
pub(crate) use diff::unified;
pub use document::openapi;
pub(crate) use failure::problem_of;
pub(crate) use router::router;

#[cfg(test)]
mod tests;
