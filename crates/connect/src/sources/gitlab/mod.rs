//! GitLab's webhooks: pipelines, jobs and deployments.

mod events;
mod source;

pub(super) use source::GitLab;
