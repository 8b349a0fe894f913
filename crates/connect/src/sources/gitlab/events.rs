//! What the events say.

use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::source::Malformed;

use crate::payload::{Node, joined, link_of};

/// An observation, or the reason why there is none.
pub(super) type Found = Result<Observation, String>;

fn finished(status: &str) -> Option<Signal> {
    match status {
        "failed" => Some(Signal::Firing),
        "success" => Some(Signal::Resolved),
        _ => None,
    }
}

/// A failed pipeline fires for its branch, and the next successful one resolves it. Variables of the pipeline are
/// not kept: they may be secrets.
pub(super) fn pipeline(body: &Node<'_>) -> Result<Found, Malformed> {
    let pipeline = body.need_node("object_attributes")?;
    let status = pipeline.need("status")?;
    let Some(signal) = finished(status) else {
        return Ok(Err(format!("the pipeline is {status}")));
    };
    let project = body.need("project.path_with_namespace")?;
    let branch = pipeline.need("ref")?;
    // A merge request's pipeline may run on a branch of a fork that is named like one of ours.
    let request = body.scalar("merge_request.iid")?.unwrap_or_default();
    let key = DedupKey::of_parts("gitlab-pipeline", 1, &[&project_id(body, project)?, branch, &request]);
    let mut observation = Observation::new(key, signal, format!("Pipeline {} on {branch} of {project}", past(signal)));
    let failed: Vec<String> = body
        .list("builds")?
        .iter()
        .filter(|job| job.key("status").is_some_and(|status| status == "failed"))
        .filter(|job| job.key("allow_failure").is_none_or(|allowed| *allowed != true))
        .filter_map(|job| job.scalar("name").ok().flatten())
        .collect();
    if !failed.is_empty() {
        observation.description = format!("Failed jobs: {}", failed.join(", "));
    }
    let is_default = request.is_empty() && body.text("project.default_branch")? == Some(branch);
    build(&mut observation, is_default, pipeline.time("finished_at")?);
    observation.source_severity = Some(status.to_owned());
    observation.resource = Some(project.to_owned());
    observation.link = link_of(&[pipeline.text("url")?, body.text("project.web_url")?]);
    observation.label("project", project);
    observation.label("branch", branch);
    observation.label("merge_request", request);
    for name in ["id", "sha", "source"] {
        observation.label(name, pipeline.scalar(name)?.unwrap_or_default());
    }
    observation.label("author_email", body.scalar("commit.author.email")?.unwrap_or_default());
    Ok(Ok(observation))
}

/// A failed job fires for its name and branch, unless it may fail.
pub(super) fn job(body: &Node<'_>) -> Result<Found, Malformed> {
    let status = body.need("build_status")?;
    let Some(signal) = finished(status) else {
        return Ok(Err(format!("the job is {status}")));
    };
    if signal == Signal::Firing && body.flag("build_allow_failure")?.unwrap_or(false) {
        return Ok(Err("the job failed and may fail".to_owned()));
    }
    let name = body.need("build_name")?;
    let branch = body.need("ref")?;
    let project = body
        .first(&["project.path_with_namespace", "project_name", "repository.name"])?
        .ok_or_else(|| body.missing("project_name"))?;
    let key = DedupKey::of_parts("gitlab-job", 1, &[&project_id(body, project)?, branch, name]);
    let mut observation = Observation::new(key, signal, format!("Job {name} {} on {branch} of {project}", past(signal)));
    observation.description = body.scalar("build_failure_reason")?.unwrap_or_default();
    let is_default = body.text("project.default_branch")? == Some(branch);
    build(&mut observation, is_default, body.time("build_finished_at")?);
    observation.source_severity = Some(status.to_owned());
    observation.resource = Some(project.to_owned());
    let home = body.first(&["project.web_url", "repository.homepage"])?;
    let page = match (home, body.scalar("build_id")?) {
        (Some(home), Some(id)) => Some(format!("{home}/-/jobs/{id}")),
        _ => None,
    };
    observation.link = link_of(&[page.as_deref(), home]);
    observation.label("project", project);
    observation.label("branch", branch);
    observation.label("job", name);
    observation.label("stage", body.scalar("build_stage")?.unwrap_or_default());
    observation.label("sha", body.scalar("sha")?.unwrap_or_default());
    observation.label("author_email", body.scalar("commit.author_email")?.unwrap_or_default());
    Ok(Ok(observation))
}

/// A failed deployment fires for its environment, and the next successful one resolves it.
pub(super) fn deployment(body: &Node<'_>) -> Result<Found, Malformed> {
    let status = body.need("status")?;
    let Some(signal) = finished(status) else {
        return Ok(Err(format!("the deployment is {status}")));
    };
    let environment = body.need("environment")?;
    let project = body.need("project.path_with_namespace")?;
    let key = DedupKey::of_parts("gitlab-deployment", 1, &[&project_id(body, project)?, environment]);
    let mut observation = Observation::new(key, signal, format!("Deployment of {project} to {environment} {}", past(signal)));
    observation.class = Some(Class::FailedDeploy);
    let at = body.time("status_changed_at")?;
    if signal == Signal::Firing {
        let production = match body.filled("environment_tier")? {
            Some(tier) => tier == "production",
            None => environment.to_ascii_lowercase().starts_with("prod"),
        };
        observation.severity = Some(if production { Severity::Sev2 } else { Severity::Sev3 });
        observation.occurred_at = at;
    } else {
        observation.ended_at = at;
    }
    observation.description = body.scalar("commit_title")?.unwrap_or_default();
    observation.source_severity = Some(status.to_owned());
    observation.resource = Some(joined(&[Some(project), Some(environment)], "/"));
    observation.link =
        link_of(&[body.text("deployable_url")?, body.text("environment_external_url")?, body.text("project.web_url")?]);
    observation.label("project", project);
    observation.label("environment", environment);
    observation.label("sha", body.scalar("short_sha")?.unwrap_or_default());
    observation.label("ref", body.scalar("ref")?.unwrap_or_default());
    Ok(Ok(observation))
}

fn build(observation: &mut Observation, is_default: bool, at: Option<jiff::Timestamp>) {
    observation.class = Some(Class::Operational);
    observation.label("default_branch", if is_default { "true" } else { "false" });
    if observation.signal == Signal::Firing {
        observation.severity = Some(if is_default { Severity::Sev3 } else { Severity::Sev4 });
        observation.occurred_at = at;
    } else {
        observation.ended_at = at;
    }
}

fn past(signal: Signal) -> &'static str {
    if signal == Signal::Firing { "failed" } else { "succeeded" }
}

/// Projects are renamed; their number stays.
fn project_id(body: &Node<'_>, project: &str) -> Result<String, Malformed> {
    Ok(body.scalar("project.id")?.or(body.scalar("project_id")?).unwrap_or_else(|| project.to_owned()))
}
