//! Workflows, check suites and deployments.

use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::source::Malformed;

use crate::payload::{Node, joined, link_of};

/// An observation, or the reason why there is none.
pub(super) type Found = Result<Observation, String>;

/// What a conclusion says; the others (cancelled, skipped, neutral, stale, action_required) are neither failure nor repair.
fn concluded(conclusion: &str) -> Option<Signal> {
    match conclusion {
        "failure" | "timed_out" | "startup_failure" => Some(Signal::Firing),
        "success" => Some(Signal::Resolved),
        _ => None,
    }
}

/// A failed run fires for its workflow and branch, and the next successful one resolves it.
pub(super) fn workflow_run(body: &Node<'_>) -> Result<Found, Malformed> {
    let run = body.need_node("workflow_run")?;
    let repository = body.need("repository.full_name")?;
    let Some(conclusion) = run.filled("conclusion")? else {
        return Ok(Err("the workflow run is not over".to_owned()));
    };
    let Some(signal) = concluded(conclusion) else {
        return Ok(Err(format!("the conclusion {conclusion:?} is neither a failure nor a success")));
    };
    let name = run.first(&["name", "path"])?.unwrap_or("workflow");
    let branch = run.scalar("head_branch")?.unwrap_or_default();
    // A fork's pull request has branches of its own, often of the same name.
    let from = run.filled("head_repository.full_name")?.unwrap_or(repository);
    let workflow = run.scalar("workflow_id")?.unwrap_or_else(|| name.to_owned());
    let key = DedupKey::of_parts("github-workflow", 1, &[repository, &workflow, from, &branch]);
    let words = if signal == Signal::Firing { "failed" } else { "succeeded" };
    let mut observation = Observation::new(key, signal, format!("{name} {words} on {branch} of {repository}"));
    build(&mut observation, body, &run, &branch, from == repository)?;
    observation.label("workflow", name);
    observation.label("conclusion", conclusion);
    observation.label("event", run.scalar("event")?.unwrap_or_default());
    observation.label("run", run.scalar("run_number")?.unwrap_or_default());
    observation.label("actor", run.scalar("actor.login")?.unwrap_or_default());
    Ok(Ok(observation))
}

/// Check suites of other services; those of GitHub Actions are told by their workflow runs.
pub(super) fn check_suite(body: &Node<'_>) -> Result<Found, Malformed> {
    let suite = body.need_node("check_suite")?;
    let repository = body.need("repository.full_name")?;
    let app = suite.first(&["app.slug", "app.name"])?.unwrap_or("unknown");
    if app == "github-actions" {
        return Ok(Err("a check suite of GitHub Actions, told by its workflow run".to_owned()));
    }
    let Some(conclusion) = suite.filled("conclusion")? else {
        return Ok(Err("the check suite is not over".to_owned()));
    };
    let Some(signal) = concluded(conclusion) else {
        return Ok(Err(format!("the conclusion {conclusion:?} is neither a failure nor a success")));
    };
    let branch = suite.scalar("head_branch")?.unwrap_or_default();
    let key = DedupKey::of_parts("github-checks", 1, &[repository, app, &branch]);
    let words = if signal == Signal::Firing { "failed" } else { "succeeded" };
    let title = format!("Checks of {app} {words} on {branch} of {repository}");
    let mut observation = Observation::new(key, signal, title);
    build(&mut observation, body, &suite, &branch, true)?;
    observation.link = link_of(&[body.text("repository.html_url")?]);
    observation.label("app", app);
    observation.label("conclusion", conclusion);
    Ok(Ok(observation))
}

/// A failed deployment fires for its environment, and the next successful one resolves it.
pub(super) fn deployment_status(body: &Node<'_>) -> Result<Found, Malformed> {
    let status = body.need_node("deployment_status")?;
    let repository = body.need("repository.full_name")?;
    let state = status.need("state")?;
    let signal = match state {
        "failure" | "error" => Signal::Firing,
        "success" => Signal::Resolved,
        _ => return Ok(Err(format!("the deployment is {state}"))),
    };
    let environment = status.filled("environment")?.or(body.filled("deployment.environment")?).unwrap_or("unknown environment");
    let production =
        body.flag("deployment.production_environment")?.unwrap_or(false) || environment.to_ascii_lowercase().starts_with("prod");
    let key = DedupKey::of_parts("github-deployment", 1, &[repository, environment]);
    let words = if signal == Signal::Firing { "failed" } else { "succeeded" };
    let title = format!("Deployment of {repository} to {environment} {words}");
    let mut observation = Observation::new(key, signal, title);
    observation.class = Some(Class::FailedDeploy);
    observation.description = status.scalar("description")?.unwrap_or_default();
    observation.source_severity = Some(state.to_owned());
    if signal == Signal::Firing {
        observation.severity = Some(if production { Severity::Sev2 } else { Severity::Sev3 });
        observation.occurred_at = status.time("created_at")?;
    } else {
        observation.ended_at = status.time("created_at")?;
    }
    observation.resource = Some(joined(&[Some(repository), Some(environment)], "/"));
    observation.link = link_of(&[
        status.text("log_url")?,
        status.text("target_url")?,
        body.text("workflow_run.html_url")?,
        body.text("repository.html_url")?,
    ]);
    observation.label("repository", repository);
    observation.label("environment", environment);
    observation.label("sha", body.scalar("deployment.sha")?.unwrap_or_default());
    observation.label("ref", body.scalar("deployment.ref")?.unwrap_or_default());
    Ok(Ok(observation))
}

fn build(observation: &mut Observation, body: &Node<'_>, run: &Node<'_>, branch: &str, own: bool) -> Result<(), Malformed> {
    let is_default = own && body.text("repository.default_branch")? == Some(branch);
    let repository = body.need("repository.full_name")?;
    observation.class = Some(Class::Operational);
    observation.source_severity = run.scalar("conclusion")?;
    if observation.signal == Signal::Firing {
        observation.severity = Some(if is_default { Severity::Sev3 } else { Severity::Sev4 });
        observation.occurred_at = run.time("updated_at")?;
    } else {
        observation.ended_at = run.time("updated_at")?;
    }
    observation.resource = Some(repository.to_owned());
    observation.link = link_of(&[run.text("html_url")?]);
    observation.label("repository", repository);
    observation.label("branch", branch);
    observation.label("default_branch", if is_default { "true" } else { "false" });
    observation.label("sha", run.scalar("head_sha")?.unwrap_or_default());
    observation.label("author_email", run.scalar("head_commit.author.email")?.unwrap_or_default());
    Ok(())
}
