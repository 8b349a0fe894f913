//! Plans.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use watchfire_engine::Plan;
use watchfire_engine::plans::{Fault, PlanSet};

use super::At;

/// Plan files by name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanFiles {
    /// File name to text.
    pub(crate) files: BTreeMap<String, String>,
}

/// One version of the plans.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanVersion)]
pub(crate) struct PlanDocument {
    /// The same files are the same version.
    version: String,
    applied_at: At,
    /// Who put them in force.
    applied_by: String,
    /// File name to text; left out in lists.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, String>,
}

/// The versions that were in force, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlanPage {
    items: Vec<PlanDocument>,
    next: Option<String>,
}

/// What a check found.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlanCheck {
    /// The version that the files would be; null with a fault.
    version: Option<String>,
    rules: usize,
    faults: Vec<FaultDocument>,
}

/// What applying would change.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlanDiff {
    /// A unified diff from the plans in force; empty if they are the same.
    pub(crate) diff: String,
}

/// One fault in a plan file; line and column count from 1.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanFault)]
pub(crate) struct FaultDocument {
    file: String,
    line: u64,
    column: u64,
    message: String,
}

impl From<Plan> for PlanDocument {
    fn from(version: Plan) -> Self {
        Self {
            version: version.version,
            applied_at: At(version.applied_at),
            applied_by: version.applied_by,
            files: version.files,
        }
    }
}

impl From<Vec<Plan>> for PlanPage {
    fn from(versions: Vec<Plan>) -> Self {
        let row = |version| PlanDocument { files: BTreeMap::new(), ..PlanDocument::from(version) };
        Self { items: versions.into_iter().map(row).collect(), next: None }
    }
}

impl From<Result<PlanSet, Vec<Fault>>> for PlanCheck {
    fn from(checked: Result<PlanSet, Vec<Fault>>) -> Self {
        match checked {
            Ok(set) => Self { rules: set.routes.len(), version: Some(set.version), faults: Vec::new() },
            Err(faults) => Self { version: None, rules: 0, faults: faults.into_iter().map(FaultDocument::from).collect() },
        }
    }
}

impl From<Fault> for FaultDocument {
    fn from(fault: Fault) -> Self {
        Self { file: fault.file, line: fault.line, column: fault.column, message: fault.message }
    }
}
