//! `cli.md`.

use clap::{Command, CommandFactory};

use crate::cli::failure::Exit;
use crate::cli::root::Cli;

/// Writes the page of the command line: every command with its help.
pub(super) fn page() -> String {
    let mut root = Cli::command().term_width(100).disable_help_subcommand(true);
    root.build();
    let mut out =
        String::from("# Command line\n\nWritten by `cargo xtask generate` from the commands themselves.\n\n## Exit codes\n\n");
    for (exit, meaning) in Exit::ALL {
        out.push_str(&format!("- `{}`: {meaning}\n", exit as u8));
    }
    out.push_str(
        "\n`--json` prints data to stdout as the API gives it; everything else goes to stderr. A server's problem document \
         is printed to stdout too. Colour is used on a terminal alone, and not with `NO_COLOR`.\n",
    );
    describe(&mut root, &mut out);
    out
}

fn describe(command: &mut Command, out: &mut String) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    out.push_str(&format!("\n## {name}\n\n```text\n{}\n```\n", help.join("\n").trim_end()));
    for child in command.get_subcommands_mut() {
        if !child.is_hide_set() && child.get_name() != "help" {
            describe(child, out);
        }
    }
}
