//! Reading what others send: strict, bounded, with errors that name the place.

mod answer;
mod faults;
mod guess;
mod json;
mod markup;
mod node;
mod percent;
mod severity;
#[cfg(test)]
mod tests;
mod when;

pub(crate) use answer::{dated, joined, link_of, one_or_many, parsed, report_scope, sha256_hex};
pub(crate) use faults::Faults;
pub(crate) use guess::{guess, signal_of};
pub(crate) use json::{read, read_many};
pub(crate) use markup::plain_text;
pub(crate) use node::Node;
pub(crate) use percent::percent_decoded;
pub(crate) use severity::{by_threshold, by_word};
pub(crate) use when::read_time;
