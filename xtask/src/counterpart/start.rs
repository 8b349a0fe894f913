//! Everything up: what is there is started or pointed at, what is not is named.

use std::path::PathBuf;

use anyhow::Result;

use super::install::{Install, install_missing};
use super::need::NEEDS;
use super::postgres::Postgres;
use super::{axe, need, oidc};
use crate::command::target_directory;

/// The counterparts of one run; dropping it stops what was started.
pub(crate) struct Counterparts {
    environment: Vec<(&'static str, String)>,
    /// One sentence for each that is missing.
    pub(crate) missing: Vec<String>,
    _postgres: Option<Postgres>,
}

impl Counterparts {
    /// Returns the variables in which the tests find the counterparts; what is missing has none.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.environment.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

/// Installs (where asked to), starts and points at everything that the tests need.
pub(crate) fn start(install: Install) -> Result<Counterparts> {
    if install == Install::Missing {
        install_missing()?;
    }
    let mut environment = Vec::new();
    let mut missing = Vec::new();
    for need in NEEDS {
        match ((need.find)(), need.variable) {
            (Some(path), Some(variable)) => environment.push((variable, path.to_string_lossy().into_owned())),
            (Some(_), None) => {}
            (None, _) => missing.push(format!("tests that need {}, which is not installed: {}", need.name, need.why)),
        }
    }
    match axe::script(install)? {
        Some(path) => environment.push(("WATCHFIRE_TEST_AXE", path.to_string_lossy().into_owned())),
        None => missing.push("accessibility checks, as axe-core could not be fetched with npm".to_owned()),
    }
    match oidc::modules(install)? {
        Some(path) => environment.push(("WATCHFIRE_TEST_OIDC_PROVIDER", path.to_string_lossy().into_owned())),
        None => {
            missing.push("stories of signing on, as oidc-provider could not be fetched with npm or there is no Node".to_owned());
        }
    }
    let postgres = need::postgres_binaries().map(|binaries| Postgres::start(&binaries)).transpose()?;
    if let Some(postgres) = &postgres {
        environment.push(("WATCHFIRE_TEST_POSTGRES_URL", postgres.url.clone()));
    }
    environment.push(("WATCHFIRE_TEST_ARTIFACTS", artifacts()?.to_string_lossy().into_owned()));
    for (name, value) in &environment {
        println!("{name}={value}");
    }
    Ok(Counterparts { environment, missing, _postgres: postgres })
}

/// Returns the folder in which the tests leave screenshots and logs, created.
fn artifacts() -> Result<PathBuf> {
    let folder = target_directory()?.join("test-artifacts");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
