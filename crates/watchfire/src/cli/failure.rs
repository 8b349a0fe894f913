//! Why a command did not succeed, and the exit code that says so.

use std::process::ExitCode;

use serde_json::Value;

/// The exit codes; part of the interface, they do not change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// It was done.
    Done = 0,
    /// It was refused, is not there, or the answer is no (`plans check` with faults, `scan` with findings).
    Refused = 1,
    /// The command was wrong, or Watchfire has a fault.
    Fault = 2,
    /// The server, its store or a file cannot be reached.
    Unreachable = 3,
    /// The credential is missing, wrong, or does not reach.
    NotAllowed = 4,
}

impl Exit {
    /// All codes with what they mean, for the reference and the help.
    pub(crate) const ALL: [(Self, &'static str); 5] = [
        (Self::Done, "done"),
        (Self::Refused, "refused, not there, or the answer is no"),
        (Self::Fault, "wrong usage, or a fault of Watchfire"),
        (Self::Unreachable, "the server or its store cannot be reached"),
        (Self::NotAllowed, "the credential is missing, wrong, or does not reach"),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What went wrong, in one sentence for a person, with the way on where there is one.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// The server's problem document, for `--json`.
    pub(crate) problem: Option<Value>,
}

impl Failure {
    /// Starts a failure.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None, problem: None }
    }

    /// Says that the answer is no.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Exit::Refused, message)
    }

    /// Says that the command cannot be carried out as it was given.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Fault, message)
    }

    /// Adds the way on.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Exit::Fault, format!("{error:#}"))
    }
}
