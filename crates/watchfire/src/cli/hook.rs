//! `watchfire hook`: git hooks that stop secrets before a commit, before a push, and at the server.

use super::{scan, scan_key};
use anyhow::{Context, bail};
use clap::ValueEnum;
use std::io::{Read, Write, stderr, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use watchfire_scan::command::{self, CLEAN, Mode, Options, hooks_folder};
use watchfire_scan::rule::RuleSet;

/// What to do with hooks.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Writes hooks into a repository.
    Install {
        /// The repository.
        #[arg(long, default_value = ".")]
        repo: PathBuf,
        /// Which hooks; pre-commit when none is given.
        #[arg(value_enum)]
        hooks: Vec<Hook>,
        /// Replace hooks that are not Watchfire's.
        #[arg(long)]
        force: bool,
    },
    /// Scans as git's hook; git calls this.
    Run {
        /// Which hook.
        #[arg(value_enum)]
        hook: Hook,
        /// What git passes to the hook.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        _rest: Vec<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::enum_variant_names, reason = "the names are git's own")]
enum Hook {
    /// Before a commit: what is staged.
    PreCommit,
    /// Before a push: the commits that leave.
    PrePush,
    /// At the server: the commits that arrive, before any reference moves.
    PreReceive,
}

/// What marks a hook as ours.
const MARK: &str = "# written by watchfire hook install";
/// The baseline that hooks read when a repository has one.
const BASELINE: &str = ".watchfire-baseline.yaml";
/// More lines than this are no push.
const LINES_BYTES_MAX: u64 = 64 << 20;

/// Runs the command.
pub(crate) fn run(args: Args) -> ExitCode {
    scan::finish(match args.command {
        Command::Install { repo, hooks, force } => install(&repo, &hooks, force),
        Command::Run { hook, .. } => run_hook(hook),
    })
}

fn install(repo: &Path, hooks: &[Hook], force: bool) -> anyhow::Result<u8> {
    let folder = hooks_folder(repo).with_context(|| format!("{} is in no git repository", repo.display()))?;
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let program = std::env::current_exe().context("the path of this program is not known")?;
    // Quoted for sh: a single quote ends the text, is escaped, and starts it again.
    let program = format!("'{}'", program.display().to_string().replace('\'', r"'\''"));
    let hooks = if hooks.is_empty() { &[Hook::PreCommit] } else { hooks };
    for hook in hooks {
        let path = folder.join(hook.name());
        let foreign = std::fs::read(&path).is_ok_and(|text| !String::from_utf8_lossy(&text).contains(MARK));
        if foreign && !force {
            bail!("{} already exists; add the line `{program} hook run {}` to it, or give --force", path.display(), hook.name());
        }
        let script = format!("#!/bin/sh\n{MARK}\nexec {program} hook run {} \"$@\"\n", hook.name());
        write_program(&path, &script).with_context(|| format!("{} cannot be written", path.display()))?;
        writeln!(stdout(), "installed {}", path.display())?;
    }
    Ok(CLEAN)
}

/// Writes beside and renames, so that git never runs half a hook.
fn write_program(path: &Path, script: &str) -> std::io::Result<()> {
    let beside = path.with_extension("watchfire-new");
    std::fs::write(&beside, script)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o755))?;
    }
    std::fs::rename(&beside, path)
}

fn run_hook(hook: Hook) -> anyhow::Result<u8> {
    let mode = match hook {
        Hook::PreCommit => Mode::Staged,
        Hook::PrePush => Mode::PrePush(lines()?),
        Hook::PreReceive => Mode::PreReceive(lines()?),
    };
    let here = PathBuf::from(".");
    let key_file = std::env::var_os("WATCHFIRE_SCAN_KEY_FILE").map(PathBuf::from);
    let options = Options {
        mode,
        baseline: Some(here.join(BASELINE)).filter(|path| path.is_file()),
        paths: vec![here],
        today: scan::today(),
        quarantine: std::env::var_os("GIT_QUARANTINE_PATH").map(PathBuf::from),
        index_file: std::env::var_os("GIT_INDEX_FILE").map(PathBuf::from),
        ..Options::new(scan_key::load(key_file.as_deref())?)
    };
    let mut out = Vec::new();
    let outcome = command::run(&options, RuleSet::builtin(), &mut std::io::empty(), &mut out, &|_| ())?;
    if outcome.code != CLEAN {
        // Git shows a hook's standard error to the person, for pushes also across the network.
        stderr().lock().write_all(&out)?;
        writeln!(
            stderr(),
            "watchfire: stopped by {}; remove the secret, or say `watchfire:ignore` in a comment on its line",
            hook.name()
        )?;
    } else {
        scan::warn(&outcome);
    }
    Ok(outcome.code)
}

fn lines() -> anyhow::Result<Vec<u8>> {
    let mut lines = Vec::new();
    stdin().lock().take(LINES_BYTES_MAX).read_to_end(&mut lines).context("the standard input cannot be read")?;
    Ok(lines)
}

impl Hook {
    fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PrePush => "pre-push",
            Self::PreReceive => "pre-receive",
        }
    }
}
