//! GitHub's webhooks: builds, deployments and the alerts of its scanners.

mod alerts;
mod builds;
mod source;

pub(super) use source::GitHub;
