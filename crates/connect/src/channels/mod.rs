//! Ways to reach people: one file per kind, and the one list of them.
//!
//! A channel is added by its file and its line in [`all`] (alphabetical); tests fail while one of them is missing. Every
//! call goes through the one egress client; what other systems wrote passes [`words`] before it becomes part of a request.

mod exchange;
mod matrix;
mod opsgenie;
mod pagerduty;
mod slack;
mod slack_webhook;
mod smtp;
mod teams;
mod webhook;
mod words;
mod zoom;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use watchfire_core::channel::{Channel, Registry};

use crate::egress::Egress;

/// Returns every channel by its kind; all of them send through `egress`.
pub fn all(egress: &Egress) -> Registry {
    let channels: [Arc<dyn Channel>; 9] = [
        Arc::new(matrix::Matrix::new(egress)),
        Arc::new(opsgenie::Opsgenie::new(egress)),
        Arc::new(pagerduty::PagerDuty::new(egress)),
        Arc::new(slack::Slack::new(egress)),
        Arc::new(slack_webhook::SlackWebhook::new(egress)),
        Arc::new(smtp::Smtp::new(egress)),
        Arc::new(teams::Teams::new(egress)),
        Arc::new(webhook::Webhook::new(egress)),
        Arc::new(zoom::Zoom::new(egress)),
    ];
    channels.into_iter().map(|channel| (channel.about().kind, channel)).collect()
}
