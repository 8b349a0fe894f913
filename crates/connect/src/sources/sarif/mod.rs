//! SARIF 2.1.0: reports of static analysis and other scanners.

mod result;
mod rules;
mod source;

pub(super) use source::Sarif;
