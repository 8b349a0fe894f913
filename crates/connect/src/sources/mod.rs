//! Where events come from: one file per kind, and the one list of them.
//!
//! A source is added by its file, its line in [`all`] (alphabetical), a folder of samples under
//! `crates/connect/samples/` and a fuzz target; tests fail while one of them is missing.

mod alertmanager;
mod cloudevents;
mod datadog;
mod eventbridge;
mod falco;
pub mod generic;
mod github;
mod gitlab;
mod ocsf;
mod opsgenie;
mod pagerduty;
mod sarif;
mod sentry;
mod sns;
mod sonarqube;
mod suricata;
mod trivy;
mod wazuh;
mod zap;

mod reference;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use watchfire_core::source::{Registry, Source};

pub use opsgenie::genie_key;
pub use pagerduty::routing_key;
pub use reference::render as render_reference;

/// Returns every source by its kind.
pub fn all() -> Registry {
    let sources: [Arc<dyn Source>; 19] = [
        Arc::new(alertmanager::Alertmanager),
        Arc::new(cloudevents::CloudEvents),
        Arc::new(datadog::Datadog),
        Arc::new(eventbridge::EventBridge),
        Arc::new(falco::Falco),
        Arc::new(generic::Generic::default()),
        Arc::new(github::GitHub),
        Arc::new(gitlab::GitLab),
        Arc::new(ocsf::Ocsf),
        Arc::new(opsgenie::Opsgenie),
        Arc::new(pagerduty::PagerDuty),
        Arc::new(sarif::Sarif),
        Arc::new(sentry::Sentry),
        Arc::new(sns::Sns),
        Arc::new(sonarqube::SonarQube),
        Arc::new(suricata::Suricata),
        Arc::new(trivy::Trivy),
        Arc::new(wazuh::Wazuh),
        Arc::new(zap::Zap),
    ];
    sources.into_iter().map(|source| (source.about().kind, source)).collect()
}
