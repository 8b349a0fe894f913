//! Amazon SNS over HTTPS: signed envelopes around CloudWatch alarms and other messages.

mod envelope;
mod message;
mod source;

pub(super) use source::Sns;
