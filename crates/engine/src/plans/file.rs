//! The plan files as people write them; unknown keys are refused.

use serde::Deserialize;
use serde_saphyr::Spanned;

/// `routing.yaml`: which alert becomes which incident.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoutingFile {
    pub version: u32,
    #[serde(default)]
    pub teams: Vec<TeamFile>,
    pub default: Spanned<RouteFile>,
    #[serde(default)]
    pub rules: Vec<Spanned<RouteFile>>,
    #[serde(default)]
    pub maintenance: Vec<MaintenanceFile>,
    #[serde(default)]
    pub flapping: Option<FlappingFile>,
}

/// A team that incidents go to.
#[derive(Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct TeamFile {
    /// The word that rules and the API use.
    pub id: String,
    /// The name for people.
    pub title: String,
}

/// A rule, or the default outcome, which has neither name nor condition.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteFile {
    pub name: Option<Spanned<String>>,
    pub when: Option<Spanned<String>>,
    pub class: Option<Spanned<String>>,
    pub severity: Option<Spanned<String>>,
    pub team: Option<Spanned<String>>,
    pub visibility: Option<Spanned<String>>,
    pub group_by: Option<Spanned<String>>,
    pub group_window: Option<Spanned<String>>,
    pub title: Option<Spanned<String>>,
    #[serde(default)]
    pub playbooks: Vec<String>,
    pub declare: Option<bool>,
    pub incident: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MaintenanceFile {
    pub name: Spanned<String>,
    pub when: Spanned<String>,
    pub from: Spanned<String>,
    pub until: Spanned<String>,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlappingFile {
    pub turns: u32,
    pub within: Spanned<String>,
}
