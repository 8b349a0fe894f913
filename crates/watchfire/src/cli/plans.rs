//! `watchfire plans`: what is decided before an incident.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use watchfire_engine::plans::{Fault, PlanSet, builtin_files};

use super::failure::{Exit, Failure};
use super::output::{Output, at, facts, list, safe_lines};
use super::remote::{PageArgs, Remote, segment};
use crate::plan_folder;

/// Plans: routing rules and what else is decided before an incident
#[derive(Args, Debug)]
pub(crate) struct PlansArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: PlansCommand,
}

#[derive(Subcommand, Debug)]
enum PlansCommand {
    /// Write the built-in plans into a folder, to edit them
    Init {
        #[arg(default_value = "plans")]
        folder: PathBuf,
    },
    /// Check a folder of plans; no server is asked
    Check {
        #[arg(default_value = "plans")]
        folder: PathBuf,
    },
    /// Show what a folder of plans would change
    Diff {
        #[arg(default_value = "plans")]
        folder: PathBuf,
    },
    /// Put a folder of plans in force; with a fault in it the old version stays
    Apply {
        #[arg(default_value = "plans")]
        folder: PathBuf,
    },
    /// Show the plans in force, or a version of them
    Show { version: Option<String> },
    /// List the versions that were in force
    Versions {
        #[command(flatten)]
        page: PageArgs,
    },
}

impl PlansArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let output = self.remote.output();
        match self.command {
            PlansCommand::Init { folder } => init(output, &folder),
            PlansCommand::Check { folder } => check(output, &folder),
            PlansCommand::Diff { folder } => {
                let body = json!({ "files": files(&folder)? });
                let diff = self.remote.connect()?.post("/plans/diff", body).await?;
                output.value(&diff, |diff| match at(diff, "diff") {
                    same if same.is_empty() => "no difference".to_owned(),
                    diff => safe_lines(&diff),
                });
                Ok(())
            }
            PlansCommand::Apply { folder } => {
                let body = json!({ "files": files(&folder)? });
                let version = self.remote.connect()?.post("/plans/apply", body).await?;
                output.value(&version, |version| format!("version {} is in force", at(version, "version")));
                Ok(())
            }
            PlansCommand::Show { version } => {
                let path = match version {
                    Some(version) => format!("/plans/versions/{}", segment(&version)),
                    None => "/plans/current".to_owned(),
                };
                output.value(&self.remote.connect()?.get(&path, &[]).await?, show);
                Ok(())
            }
            PlansCommand::Versions { page } => {
                let fields = [("version", "version"), ("applied", "applied_at"), ("by", "applied_by")];
                let versions = self.remote.connect()?.get("/plans/versions", &page.onto(Vec::new())).await?;
                output.value(&versions, |versions| list(versions, &fields, "no versions"));
                Ok(())
            }
        }
    }
}

fn init(output: Output, folder: &Path) -> Result<(), Failure> {
    let files = builtin_files();
    let count = plan_folder::write(folder, &files).map_err(|error| Failure::refused(format!("{error:#}")))?;
    let value = json!({ "folder": folder, "files": files.keys().collect::<Vec<_>>() });
    output.value(&value, |_| format!("wrote {count} files into {}", folder.display()));
    Ok(())
}

fn check(output: Output, folder: &Path) -> Result<(), Failure> {
    let files = files(folder)?;
    match PlanSet::load(files) {
        Ok(set) => {
            let value = json!({ "version": set.version, "rules": set.routes.len(), "faults": [] });
            output.value(&value, |_| format!("{} rules, no fault; this is version {}", set.routes.len(), set.version));
            Ok(())
        }
        Err(faults) => {
            output.value(&json!({ "faults": faults }), |_| lines(folder, &faults));
            Err(Failure::refused(format!("{} faults in {}", faults.len(), folder.display())))
        }
    }
}

fn lines(folder: &Path, faults: &[Fault]) -> String {
    faults.iter().map(|fault| safe_lines(&format!("{}/{fault}", folder.display())) + "\n").collect()
}

fn show(version: &Value) -> String {
    let mut text = facts(version, &[("version", "version"), ("applied", "applied_at"), ("by", "applied_by")]);
    for (name, file) in version.get("files").and_then(Value::as_object).into_iter().flatten() {
        let body = safe_lines(file.as_str().unwrap_or_default());
        text.push_str(&format!("\n# {}\n{body}", super::output::safe(name)));
    }
    text
}

fn files(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    plan_folder::read(folder).map_err(|error| Failure::new(Exit::Unreachable, format!("{error:#}")))
}
