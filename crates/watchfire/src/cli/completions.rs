//! `watchfire completions`: for the shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::output::write_out;
use super::root::Cli;

/// Print completions for a shell
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    shell: Shell,
}

impl CompletionsArgs {
    /// Carries the command out.
    pub(crate) fn run(self) {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "watchfire", &mut text);
        write_out(&text);
    }
}
