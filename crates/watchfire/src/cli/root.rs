//! The command line as a whole.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use super::account::AccountArgs;
use super::alert::AlertArgs;
use super::backup::BackupArgs;
use super::board::BoardArgs;
use super::channel::ChannelArgs;
use super::chat::ChatArgs;
use super::completions::CompletionsArgs;
use super::contact::ContactArgs;
use super::counts::CountsArgs;
use super::doctor::DoctorArgs;
use super::event::EventArgs;
use super::explain::ExplainArgs;
use super::failure::{Exit, Failure};
use super::figures::FiguresArgs;
use super::generate_reference::ReferenceArgs;
use super::incident::IncidentArgs;
use super::init::InitArgs;
use super::invite::InviteArgs;
use super::man::ManArgs;
use super::oncall::OncallArgs;
use super::organisation::OrganisationArgs;
use super::output::Output;
use super::page::PageArgs;
use super::person::PersonArgs;
use super::plans::PlansArgs;
use super::record::RecordArgs;
use super::recover::RecoverArgs;
use super::report::ReportArgs;
use super::restore::RestoreArgs;
use super::serve::ServeCommand;
use super::silence::SilenceArgs;
use super::source::SourceArgs;
use super::token::TokenArgs;
use super::work::WorkArgs;
use super::{hook, rules, scan};

/// Incident response in one binary: from the first signal to the published postmortem.
#[derive(Parser, Debug)]
#[command(name = "watchfire", version, max_term_width = 100, after_help = AFTER)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str =
    "Exit codes: 0 done; 1 refused, not there, or the answer is no; 2 wrong usage or a fault of Watchfire; 3 the \
server or its store cannot be reached; 4 the credential is missing, wrong, or does not reach.

Commands that speak with a server read WATCHFIRE_URL and WATCHFIRE_TOKEN. init, serve, doctor, backup, restore, recover, plans init, \
plans check, source try and scan need no server.";

#[derive(Subcommand, Debug)]
enum Command {
    Init(InitArgs),
    Serve(Box<ServeCommand>),
    Doctor(DoctorArgs),
    Backup(BackupArgs),
    Restore(RestoreArgs),
    Recover(RecoverArgs),
    Invite(InviteArgs),
    Source(SourceArgs),
    Channel(ChannelArgs),
    Chat(ChatArgs),
    Plans(PlansArgs),
    Incident(Box<IncidentArgs>),
    Alert(Box<AlertArgs>),
    Page(PageArgs),
    Contact(ContactArgs),
    Silence(SilenceArgs),
    Oncall(Box<OncallArgs>),
    Event(EventArgs),
    Explain(ExplainArgs),
    Record(RecordArgs),
    /// Finds leaked secrets in files, streams and git histories.
    Scan(Box<scan::Args>),
    /// Looks after the rules by which secrets are found.
    Rules(rules::Args),
    /// Installs and runs git hooks that stop secrets.
    Hook(hook::Args),
    Work(WorkArgs),
    Board(BoardArgs),
    Report(ReportArgs),
    Counts(CountsArgs),
    Figures(FiguresArgs),
    Person(PersonArgs),
    Organisation(OrganisationArgs),
    Account(AccountArgs),
    Token(TokenArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    #[command(hide = true)]
    GenerateReference(ReferenceArgs),
}

/// Runs the command that the process was started with.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = std::env::args_os().any(|argument| argument == "--json");
    let command = match cli.command.run_alone() {
        Ok(code) => return code,
        Err(command) => command,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            Output { json }.failure(&Failure::new(Exit::Fault, format!("cannot start: {error}")));
            return Exit::Fault.into();
        }
    };
    match runtime.block_on(command.run()) {
        Ok(()) => Exit::Done.into(),
        Err(failure) => {
            Output { json }.failure(&failure);
            failure.exit.into()
        }
    }
}

impl Command {
    /// Runs a command that needs no runtime and has exit codes of its own; gives any other one back.
    fn run_alone(self) -> Result<ExitCode, Self> {
        match self {
            Self::Scan(args) => Ok(scan::run(*args)),
            Self::Rules(args) => Ok(rules::run(args)),
            Self::Hook(args) => Ok(hook::run(args)),
            command => Err(command),
        }
    }

    async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Init(args) => args.run().await,
            Self::Serve(args) => args.run().await,
            Self::Doctor(args) => args.run().await,
            Self::Backup(args) => args.run().await,
            Self::Restore(args) => args.run().await,
            Self::Recover(args) => args.run().await,
            Self::Invite(args) => args.run().await,
            Self::Source(args) => args.run().await,
            Self::Channel(args) => args.run().await,
            Self::Chat(args) => args.run().await,
            Self::Plans(args) => args.run().await,
            Self::Incident(args) => args.run().await,
            Self::Alert(args) => args.run().await,
            Self::Page(args) => args.run().await,
            Self::Contact(args) => args.run().await,
            Self::Silence(args) => args.run().await,
            Self::Oncall(args) => args.run().await,
            Self::Event(args) => args.run().await,
            Self::Explain(args) => args.run().await,
            Self::Record(args) => args.run().await,
            Self::Work(args) => args.run().await,
            Self::Board(args) => args.run().await,
            Self::Report(args) => args.run().await,
            Self::Counts(args) => args.run().await,
            Self::Figures(args) => args.run().await,
            Self::Person(args) => args.run().await,
            Self::Organisation(args) => args.run().await,
            Self::Account(args) => args.run().await,
            Self::Token(args) => args.run().await,
            Self::Completions(args) => {
                args.run();
                Ok(())
            }
            Self::Man(args) => args.run(),
            Self::GenerateReference(args) => args.run(),
            // They ran alone.
            Self::Scan(_) | Self::Rules(_) | Self::Hook(_) => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "root_tests.rs"]
mod tests;
