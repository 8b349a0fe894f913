//! Plans: the files in force, their versions, and what changed between them.

use askama::Template;
use axum::extract::Path;
use jiff::Timestamp;
use watchfire_engine::{Error, Plan};

use super::filters;
use super::frame::Room;
use super::query::Query;
use super::visit::{Answer, Visit};
use crate::api::unified;

/// The room.
#[derive(Template)]
#[template(path = "plans.html")]
pub(crate) struct Plans {
    pub(crate) version: String,
    pub(crate) current: bool,
    pub(crate) applied_at: Option<Timestamp>,
    pub(crate) applied_by: String,
    pub(crate) files: Vec<FileLink>,
    pub(crate) file: Option<File>,
    pub(crate) versions: Vec<Version>,
    /// The change from the version before, when it is shown.
    pub(crate) diff: Option<Vec<DiffLine>>,
}

/// A file of the shown version.
#[derive(Clone, Debug)]
pub(crate) struct FileLink {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// The shown file with its lines.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) lines: Vec<String>,
}

/// One version.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) version: String,
    pub(crate) href: String,
    pub(crate) diff_href: String,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) shown: bool,
}

/// One line of a unified diff.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DiffLine {
    /// `add`, `del`, `head` or nothing.
    pub(crate) class: &'static str,
    pub(crate) text: String,
}

/// Reads a unified diff into lines with their class.
pub(crate) fn diff_lines(diff: &str) -> Vec<DiffLine> {
    let class = |line: &str| match line {
        line if line.starts_with("+++") || line.starts_with("---") || line.starts_with("@@") => "head",
        line if line.starts_with('+') => "add",
        line if line.starts_with('-') => "del",
        _ => "",
    };
    diff.lines().map(|line| DiffLine { class: class(line), text: line.to_owned() }).collect()
}

/// Answers with the version in force.
pub(crate) async fn current(visit: Visit) -> Answer {
    let version = visit.engine.plans_current(&visit.who).await?;
    room(&visit, version).await
}

/// Answers with one version.
pub(crate) async fn version(visit: Visit, Path(version): Path<String>) -> Answer {
    let version = visit.engine.plans_version(&visit.who, &version).await?;
    room(&visit, version).await
}

async fn room(visit: &Visit, plan: Plan) -> Answer {
    let versions = visit.engine.plans_versions(&visit.who).await?;
    let in_force = visit.engine.plans_current(&visit.who).await?.version;
    let path = format!("/plans/{}", plan.version);
    let wanted = visit.query.get("file").or_else(|| plan.files.keys().next().map(String::as_str)).unwrap_or_default();
    let file = plan.files.get(wanted);
    let diff = match visit.query.get("diff") {
        Some(_) => Some(change(visit, &versions, &plan).await?),
        None => None,
    };
    let link = |name: &String| FileLink {
        name: name.clone(),
        href: Query::default().with("file", Some(name)).href(&path),
        current: name == wanted && diff.is_none(),
    };
    let entry = |version: &Plan| Version {
        version: version.version.clone(),
        href: format!("/plans/{}", version.version),
        diff_href: format!("/plans/{}?diff=1", version.version),
        at: version.applied_at,
        by: version.applied_by.clone(),
        shown: version.version == plan.version,
    };
    let content = Plans {
        current: plan.version == in_force,
        applied_at: Some(plan.applied_at),
        applied_by: plan.applied_by.clone(),
        files: plan.files.keys().map(link).collect(),
        file: file.map(|text| File { name: wanted.to_owned(), lines: text.lines().map(str::to_owned).collect() }),
        versions: versions.iter().map(entry).collect(),
        diff,
        version: plan.version.clone(),
    };
    visit.show("Plans", Room::Plans, false, content).await
}

/// Returns what a version changed against the one that was in force before it.
async fn change(visit: &Visit, versions: &[Plan], plan: &Plan) -> Result<Vec<DiffLine>, Error> {
    let before = versions.iter().skip_while(|version| version.version != plan.version).nth(1);
    let before = match before {
        Some(before) => visit.engine.plans_version(&visit.who, &before.version).await?.files,
        None => std::collections::BTreeMap::new(),
    };
    Ok(diff_lines(&unified(&before, &plan.files)))
}
