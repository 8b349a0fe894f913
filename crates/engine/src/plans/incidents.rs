//! `incidents.yaml`: how an incident is run. What severities mean, what triage asks, the tracking document's template.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_saphyr::Spanned;
use watchfire_core::Severity;
use watchfire_core::incident::Incident;
use watchfire_core::{limits, text};

use super::fault::Faults;

/// The file's name.
pub(super) const FILE: &str = "incidents.yaml";
/// The file that serves where a set of plans has none.
pub(super) const BUILT_IN: &str = include_str!("../../../../plans/incidents.yaml");
/// Checks of one checklist, so that a form of them stays one.
const CHECKS: usize = 50;
/// The fields that a template may name.
const FIELDS: [&str; 10] =
    ["title", "short_id", "codename", "class", "severity", "team", "commander", "declared_at", "detected_at", "plan_version"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentsFile {
    version: u32,
    severities: BTreeMap<String, Spanned<SeverityFile>>,
    report: Spanned<ReportFile>,
    document: DocumentFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeverityFile {
    guideline: String,
    update_every: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportFile {
    thanks: String,
    checks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentFile {
    name: String,
    text: Spanned<String>,
}

/// Compiles the file; every fault that is found is added.
pub(super) fn compile(file: IncidentsFile, faults: &mut Faults) -> IncidentPlan {
    faults.version(file.version);
    let mut severities = BTreeMap::new();
    for (word, plan) in &file.severities {
        let Ok(severity) = word.parse::<Severity>() else {
            faults.at(plan, format!("{word:?} is no severity; there are sev1 to sev5"));
            continue;
        };
        let update_every = plan.value.update_every.as_ref().and_then(|spot| faults.duration(spot));
        severities.insert(severity, SeverityPlan { guideline: plan.value.guideline.trim().to_owned(), update_every });
    }
    for severity in Severity::ALL.into_iter().filter(|severity| !file.severities.contains_key(severity.as_str())) {
        faults.whole(format!("severities: {} is missing", severity.as_str()));
    }
    if file.report.value.checks.len() > CHECKS {
        faults.at(&file.report, format!("more than {CHECKS} checks"));
    }
    for name in names(&file.document.text.value).filter(|name| !FIELDS.contains(name)) {
        faults.at(&file.document.text, format!("the template names {{{{{name}}}}}; known are {}", FIELDS.join(", ")));
    }
    IncidentPlan {
        severities,
        thanks: file.report.value.thanks.clone(),
        checks: file.report.value.checks.iter().map(|check| text::line(check, limits::TITLE_CHARS)).collect(),
        template: file.document.name,
        text: file.document.text.value,
    }
}

/// How incidents are run.
#[derive(Clone, PartialEq, Debug)]
pub struct IncidentPlan {
    severities: BTreeMap<Severity, SeverityPlan>,
    /// What a reporter is told.
    pub thanks: String,
    /// What triage asks of a report, in order.
    pub checks: Vec<String>,
    /// The name of the tracking document's template.
    pub template: String,
    text: String,
}

/// What a severity means.
#[derive(Clone, PartialEq, Debug)]
pub struct SeverityPlan {
    /// When to choose it, in one or two sentences.
    pub guideline: String,
    /// How long a status update stays good; `None` promises none.
    pub update_every: Option<SignedDuration>,
}

impl IncidentPlan {
    /// Returns when to choose a severity.
    pub fn guideline(&self, severity: Severity) -> &str {
        self.severities.get(&severity).map_or("", |plan| plan.guideline.as_str())
    }

    /// Returns how long a status update stays good at a severity; an unknown one counts as the worst that is not proven.
    pub fn update_every(&self, severity: Option<Severity>) -> Option<SignedDuration> {
        self.severities.get(&severity.unwrap_or(Severity::UNKNOWN_AS))?.update_every
    }

    /// Writes the first version of an incident's tracking document.
    pub fn document(&self, incident: &Incident) -> String {
        let at = |at: Option<jiff::Timestamp>| at.map_or("unknown".to_owned(), |at| at.strftime("%F %H:%M UTC").to_string());
        let value = |name: &str| match name {
            "title" => incident.title.clone(),
            "short_id" => incident.short_id.clone(),
            "codename" => incident.codename.clone(),
            "class" => incident.class.title().to_lowercase(),
            "severity" => incident.severity.map_or("unknown".to_owned(), |severity| severity.label().to_owned()),
            "team" => incident.team.clone(),
            "commander" => incident.commander().unwrap_or("nobody yet").to_owned(),
            "declared_at" => at(incident.declared_at),
            "detected_at" => at(Some(incident.detected_at)),
            "plan_version" => incident.plan_version.clone(),
            _ => String::new(),
        };
        let mut out = String::with_capacity(self.text.len() * 2);
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((name, after)) = after.split_once("}}") else {
                out.push_str("{{");
                rest = after;
                continue;
            };
            out.push_str(&value(name.trim()));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// Returns the names that a template uses.
fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim())
}
