//! The binary: wiring, settings and the command line.

mod cli;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Security incident response on your own machine.
#[derive(Debug, Parser)]
#[command(name = "watchfire", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Finds leaked secrets in files, streams and git histories.
    Scan(cli::scan::Args),
    /// Looks after the rules by which secrets are found.
    Rules(cli::rules::Args),
    /// Installs and runs git hooks that stop secrets.
    Hook(cli::hook::Args),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Scan(args) => cli::scan::run(args),
        Command::Rules(args) => cli::rules::run(args),
        Command::Hook(args) => cli::hook::run(args),
    }
}
