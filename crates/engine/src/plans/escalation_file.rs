//! `escalation.yaml` and `roles.yaml` as people write them; unknown keys are refused.

use serde::Deserialize;
use serde_saphyr::Spanned;

/// `escalation.yaml`: who is paged.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EscalationFile {
    pub version: u32,
    pub policies: Vec<Spanned<PolicyFile>>,
    #[serde(default)]
    pub rules: Vec<Spanned<RuleFile>>,
    #[serde(default)]
    pub coordination: Option<CoordinationFile>,
    #[serde(default)]
    pub notices: Vec<Spanned<NoticeFile>>,
    #[serde(default)]
    pub stalled_after: StalledFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyFile {
    pub name: Spanned<String>,
    #[serde(default)]
    pub steps: Vec<StepFile>,
    #[serde(default)]
    pub repeat: Option<Spanned<u32>>,
    #[serde(default)]
    pub stops: Option<Spanned<String>>,
    pub fallback: FallbackFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepFile {
    pub page: Vec<Spanned<String>>,
    pub wait: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FallbackFile {
    pub page: Spanned<Vec<Spanned<String>>>,
    pub every: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub name: Spanned<String>,
    #[serde(default)]
    pub when: FitFile,
    pub policy: Spanned<String>,
}

/// Which incidents something is for; what is left out fits all.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct FitFile {
    #[serde(default)]
    pub severity: Option<Spanned<String>>,
    #[serde(default)]
    pub class: Vec<Spanned<String>>,
    #[serde(default)]
    pub family: Vec<Spanned<String>>,
    #[serde(default)]
    pub team: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoordinationFile {
    pub policy: Spanned<String>,
    #[serde(default)]
    pub severity: Option<Spanned<String>>,
    #[serde(default)]
    pub teams: Option<Spanned<u32>>,
}

/// Who has to be told at once, besides those who respond.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeFile {
    pub name: Spanned<String>,
    pub title: Spanned<String>,
    #[serde(default)]
    pub when: FitFile,
    pub page: Spanned<Vec<Spanned<String>>>,
    /// How long an answer may take; left out, ten minutes.
    #[serde(default)]
    pub wait: Option<Spanned<String>>,
    /// Left out, the owners, every half hour.
    #[serde(default)]
    pub fallback: Option<FallbackFile>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct StalledFile {
    pub sev1: Option<Spanned<String>>,
    pub sev2: Option<Spanned<String>>,
    pub sev3: Option<Spanned<String>>,
    pub sev4: Option<Spanned<String>>,
    pub sev5: Option<Spanned<String>>,
}

/// `roles.yaml`: which roles there are and who fills them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RolesFile {
    pub version: u32,
    #[serde(default)]
    pub span: Option<Spanned<u32>>,
    pub fallback: Spanned<Vec<Spanned<String>>>,
    pub roles: Vec<Spanned<RoleFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleFile {
    pub id: Spanned<String>,
    pub title: String,
    #[serde(default)]
    pub duty: String,
    #[serde(default)]
    pub under: Option<Spanned<String>>,
    #[serde(default)]
    pub from: Vec<Spanned<String>>,
    /// Left out, the role is filled by people alone.
    #[serde(default)]
    pub when: Option<FitFile>,
}
