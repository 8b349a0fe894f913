//! What the tests need from the machine, as a table.

use std::path::{Path, PathBuf};

use crate::command::find_program;

/// The PostgreSQL that the tests are written against, and the least that Watchfire runs on.
pub(crate) const POSTGRES_LEAST: u32 = 15;

/// One program that the tests start or drive.
pub(crate) struct Need {
    /// What people call it.
    pub(crate) name: &'static str,
    /// Why the tests need it, as the end of "needed for ...".
    pub(crate) why: &'static str,
    /// The Debian packages that bring it.
    pub(crate) packages: &'static [&'static str],
    /// The variable in which the tests find its path; `None` where they get something else.
    pub(crate) variable: Option<&'static str>,
    /// Looks for it on this machine.
    pub(crate) find: fn() -> Option<PathBuf>,
}

/// Everything that the tests need.
pub(crate) const NEEDS: &[Need] = &[
    Need {
        name: "PostgreSQL",
        why: "every story on the second database",
        packages: &["postgresql"],
        variable: None,
        find: postgres_binaries,
    },
    Need {
        name: "Prometheus",
        why: "the story from a firing rule to an incident",
        packages: &["prometheus"],
        variable: Some("WATCHFIRE_TEST_PROMETHEUS"),
        find: || find_program(&["prometheus"]),
    },
    Need {
        name: "Alertmanager",
        why: "the story from a firing rule to an incident, and as the peer of the measurements",
        packages: &["prometheus-alertmanager"],
        variable: Some("WATCHFIRE_TEST_ALERTMANAGER"),
        find: || find_program(&["prometheus-alertmanager", "alertmanager"]),
    },
    Need {
        name: "Chromium",
        why: "the tests of the console",
        packages: &["chromium"],
        variable: Some("WATCHFIRE_TEST_CHROMIUM"),
        find: || find_program(&["chromium", "chromium-browser", "google-chrome"]),
    },
    Need {
        name: "ChromeDriver",
        why: "driving Chromium",
        packages: &["chromium-driver"],
        variable: Some("WATCHFIRE_TEST_CHROMEDRIVER"),
        find: || find_program(&["chromedriver"]),
    },
];

/// Returns the folder of the newest PostgreSQL's programs that is new enough.
pub(crate) fn postgres_binaries() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(version, folder)| *version >= POSTGRES_LEAST && has_server(folder))
        .collect();
    versions.sort();
    let elsewhere =
        || find_program(&["postgres"]).and_then(|path| path.parent().map(Path::to_path_buf)).filter(|f| has_server(f));
    versions.pop().map(|(_, folder)| folder).or_else(elsewhere)
}

fn has_server(folder: &Path) -> bool {
    folder.join("postgres").is_file() && folder.join("initdb").is_file()
}
