//! The built program as a command.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The built program and how it reaches a server.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    environment: Vec<(String, String)>,
    folder: Option<PathBuf>,
}

/// What a command printed and how it ended.
#[derive(Clone, Debug)]
pub struct Output {
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Output {
    /// Returns standard output as JSON, null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or(Value::Null)
    }
}

impl Program {
    /// Takes the program at a path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), environment: Vec::new(), folder: None }
    }

    /// Returns it with a variable set.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Returns it run within a folder.
    #[must_use]
    pub fn within(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Prepares a command with nothing of this process's own settings.
    #[must_use]
    pub fn command<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(&self.path);
        command.args(arguments).env("NO_COLOR", "1");
        for name in ["WATCHFIRE_URL", "WATCHFIRE_TOKEN", "WATCHFIRE_TOKEN_FILE", "WATCHFIRE_DATA", "WATCHFIRE_DATABASE_URL"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub async fn run<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("nothing panics there");
        let output = output.expect("the built program starts");
        Output {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command that has to succeed and returns what it printed as JSON.
    ///
    /// # Panics
    /// When it fails or prints no JSON.
    pub async fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments).await;
        assert_eq!(output.code, 0, "{arguments:?}: {}{}", output.err, output.out);
        serde_json::from_str(&output.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", output.out))
    }
}
