//! The closed vocabularies, as schemas. The values themselves are core's.

use utoipa::ToSchema;
use watchfire_core::incident::Kind;

/// How bad it is: sev1 is the worst. Null is unknown, which is not low.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum SeverityWord {
    Sev1,
    Sev2,
    Sev3,
    Sev4,
    Sev5,
}

/// The state of an alert.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum AlertStatusWord {
    Firing,
    Acknowledged,
    Resolved,
    Unknown,
}

/// What became of an event.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum EventStatusWord {
    Pending,
    Processed,
    Quarantined,
}

/// What kind of trouble it is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum ClassWord {
    DataBreach,
    Intrusion,
    Account,
    Malware,
    LeakedSecret,
    Misconfiguration,
    Vulnerability,
    Compliance,
    Reliability,
    FailedDeploy,
    Operational,
    Other,
}

/// How far the response has come.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum PhaseWord {
    Reported,
    Triaged,
    Declared,
    Contained,
    Eradicated,
    Recovered,
    Resolved,
    Closed,
    Dismissed,
    Merged,
}

/// Who may learn of an incident.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum VisibilityWord {
    Restricted,
    Open,
}

/// Whether it is real; drills and tests stay out of every figure.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum KindWord {
    Real,
    Drill,
    Test,
}

/// Whether the alerts that raised it still fire. Gone is not closed.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum SignalWord {
    None,
    Present,
    Gone,
}

/// How far a task has come.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum TaskStateWord {
    Open,
    Accepted,
    Doing,
    Done,
    Verified,
    Cancelled,
}

/// How many users feel it. Unknown is not none.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum UsersWord {
    Some,
    Many,
    All,
    None,
    Unknown,
}

/// How far somebody's rights reach.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum RoleWord {
    Restricted,
    Member,
    Manager,
    Owner,
}

/// Whether somebody may come in. Only the active have rights.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum PersonStateWord {
    Invited,
    Active,
    Disabled,
}

/// How far a grant reaches; each level holds those before it.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum LevelWord {
    Read,
    Act,
    Manage,
}

/// Where a grant comes from.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum GrantSourceWord {
    Rule,
    Playbook,
    Manual,
    Role,
}

/// Whom an incident is kept from beyond its visibility.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum SensitivityWord {
    Normal,
    Employee,
}

/// How severities are shown.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum SeverityDisplayWord {
    Sev,
    P,
    S,
}

/// Whose a token is.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum TokenKindWord {
    Personal,
    Service,
}

/// What an event did to its alert.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a schema alone: core's type is what is written")]
pub(crate) enum ChangeWord {
    Fired,
    FiredAgain,
    Worsened,
    Repeated,
    Acknowledged,
    Resolved,
    BecameUnknown,
    Noted,
    Stale,
}

/// Reads the word for whether an incident is real.
pub(crate) fn kind(word: &str) -> Option<Kind> {
    match word {
        "real" => Some(Kind::Real),
        "drill" => Some(Kind::Drill),
        "test" => Some(Kind::Test),
        _ => None,
    }
}
