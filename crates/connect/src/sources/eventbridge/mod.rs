//! Amazon EventBridge, and the findings of AWS that it carries.

mod cloudwatch;
mod compliance;
mod guardduty;
mod security_hub;
mod source;

pub(super) use cloudwatch::observe_notification as observe_alarm;
pub(super) use compliance::observe_detail as observe_compliance;
pub(super) use guardduty::observe_finding as observe_guardduty;
pub(super) use security_hub::observe_finding as observe_security_hub;
pub(super) use source::{EventBridge, observe};
