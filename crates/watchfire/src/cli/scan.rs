//! `watchfire scan`: finds leaked secrets.

use super::scan_key;
use crate::world::SystemClock;
use anyhow::Context;
use clap::ValueEnum;
use std::io::{IsTerminal, Write, stderr, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use watchfire_connect::clients::secret_check::SecretCheck;
use watchfire_core::time::Clock as _;
use watchfire_scan::command::{self, Baseline, FAILED, Mode, Options, Outcome};
use watchfire_scan::finding::Confidence;
use watchfire_scan::live::{Bases, Caller};
use watchfire_scan::report::{Format, Style};
use watchfire_scan::rule::RuleSet;

/// What to scan and how.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 nothing found, 1 secrets found, 2 the scan could not be done.")]
pub(crate) struct Args {
    /// Files, folders or repositories; the current folder when none is given.
    paths: Vec<PathBuf>,
    /// Scan every object of a repository; a folder that is none is scanned as files.
    #[arg(long, group = "mode")]
    history: bool,
    /// Scan what is staged.
    #[arg(long, group = "mode")]
    staged: bool,
    /// Scan what the commits of a range brought, as `A..B`.
    #[arg(long, group = "mode", value_name = "A..B")]
    range: Option<String>,
    /// Scan the standard input.
    #[arg(long, group = "mode")]
    stdin: bool,
    /// The name that findings of the standard input carry; its ending tells what kind of file it is.
    #[arg(long, value_name = "NAME", default_value = "stdin")]
    stdin_name: String,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
    /// Write the report to a file.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show values in full.
    #[arg(long)]
    reveal: bool,
    /// Show why the generic scanner believes a value to be a secret.
    #[arg(long)]
    explain: bool,
    /// How many threads work; 0 means one per core.
    #[arg(long, short, default_value_t = 0)]
    jobs: usize,
    /// The lowest confidence that is reported.
    #[arg(long, value_enum, default_value_t = Threshold::Medium)]
    confidence: Threshold,
    /// Leave out the findings that this file names.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write a baseline of everything that is found; needs --reason and --owner.
    #[arg(long, value_name = "FILE", requires = "reason", requires = "owner")]
    write_baseline: Option<PathBuf>,
    /// Why the findings of a written baseline are accepted.
    #[arg(long)]
    reason: Option<String>,
    /// Who accepts them.
    #[arg(long)]
    owner: Option<String>,
    /// The last day on which they are accepted.
    #[arg(long, value_name = "YYYY-MM-DD")]
    expires: Option<String>,
    /// Read no ignore files.
    #[arg(long)]
    no_ignore: bool,
    /// Scan every byte of a history, also what a pack stores as a copy; finds the same, slower.
    #[arg(long)]
    full: bool,
    /// How many encodings are undone inside of each other, 0 to 4.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=4))]
    decode_depth: u8,
    /// Do not open archives and compressed files.
    #[arg(long)]
    no_archives: bool,
    /// The most bytes of one file that are scanned.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 30)]
    max_file_bytes: u64,
    /// Remember what was scanned in this folder, so that the next history scan looks only at new commits.
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Add rules of this file, YAML or gitleaks TOML.
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,
    /// The key of fingerprints, 64 hex digits; made when it is not there.
    #[arg(long, value_name = "FILE", env = "WATCHFIRE_SCAN_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Ask services whether what was found still works, with read-only calls; off unless asked for.
    #[arg(long)]
    check: bool,
    /// A base address that stands in for the host of a service, as `api.github.com=https://github.example.com/api/v3`.
    #[arg(long, value_name = "HOST=URL", requires = "check")]
    check_base: Vec<String>,
    /// Show no progress.
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReportFormat {
    Text,
    Json,
    Jsonl,
    Sarif,
    Junit,
    Html,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Threshold {
    Low,
    Medium,
    High,
    Certain,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> ExitCode {
    finish(scan(&args))
}

/// Ends a scanning command: its exit code, or the error on the standard error.
pub(super) fn finish(result: anyhow::Result<u8>) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // A reader that went away (`| head`) is no failure worth words.
            let _ = writeln!(stderr(), "watchfire: {error:#}");
            ExitCode::from(FAILED)
        }
    }
}

/// Says on the standard error what a report in a form without notices leaves out.
pub(super) fn warn(outcome: &Outcome) {
    for one in &outcome.report.incomplete {
        let _ = writeln!(stderr(), "watchfire: not fully scanned: {}: {}", one.what, one.why);
    }
}

fn scan(args: &Args) -> anyhow::Result<u8> {
    let options = options(args)?;
    let rules = rule_set(&args.rules)?;
    let bar = progress(args, options.format);
    let told = |bytes| {
        if let Some(bar) = &bar {
            bar.inc(bytes);
        }
    };
    let mut out = Vec::new();
    let outcome = command::run(&options, rules, &mut stdin().lock(), &mut out, &told)?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    match &args.output {
        Some(path) => std::fs::write(path, &out).with_context(|| format!("{} cannot be written", path.display()))?,
        None => stdout().lock().write_all(&out).context("the report cannot be written")?,
    }
    if options.format == Format::Jsonl || args.output.is_some() {
        warn(&outcome);
    }
    if let (Some(path), Some(reason), Some(owner)) = (&args.write_baseline, &args.reason, &args.owner) {
        let baseline = Baseline::of(&outcome.report.findings, reason, owner, args.expires.as_deref());
        let text = serde_json::to_string_pretty(&baseline)?;
        std::fs::write(path, text + "\n").with_context(|| format!("{} cannot be written", path.display()))?;
        return Ok(command::CLEAN);
    }
    Ok(outcome.code)
}

fn options(args: &Args) -> anyhow::Result<Options> {
    let format = match args.format {
        ReportFormat::Text => Format::Text,
        ReportFormat::Json => Format::Json,
        ReportFormat::Jsonl => Format::Jsonl,
        ReportFormat::Sarif => Format::Sarif,
        ReportFormat::Junit => Format::Junit,
        ReportFormat::Html => Format::Html,
    };
    let mode = match &args.range {
        Some(range) => Mode::Range(range.clone()),
        None if args.history => Mode::History,
        None if args.staged => Mode::Staged,
        None if args.stdin => Mode::Stdin,
        None => Mode::Files,
    };
    let colour = args.output.is_none() && stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let bases = bases(&args.check_base)?;
    let caller = if args.check {
        let caller = SecretCheck::new(bases.clone()).map_err(anyhow::Error::msg)?;
        Some(Arc::new(caller) as Arc<dyn Caller>)
    } else {
        None
    };
    Ok(Options {
        mode,
        caller,
        bases,
        paths: args.paths.clone(),
        format,
        style: Style { colour },
        reveal: args.reveal,
        explain: args.explain,
        jobs: args.jobs,
        confidence: match args.confidence {
            Threshold::Low => Confidence::Low,
            Threshold::Medium => Confidence::Medium,
            Threshold::High => Confidence::High,
            Threshold::Certain => Confidence::Certain,
        },
        baseline: args.baseline.clone(),
        today: today(),
        no_ignore: args.no_ignore,
        full: args.full,
        decode_depth: args.decode_depth,
        archives: !args.no_archives,
        file_bytes_max: args.max_file_bytes,
        state: args.state.clone(),
        stdin_name: args.stdin_name.clone(),
        index_file: std::env::var_os("GIT_INDEX_FILE").map(PathBuf::from),
        ..Options::new(scan_key::load(args.key_file.as_deref())?)
    })
}

fn bases(texts: &[String]) -> anyhow::Result<Bases> {
    texts
        .iter()
        .map(|text| {
            let (host, base) = text.split_once('=').with_context(|| format!("`{text}` is not HOST=URL"))?;
            Ok((host.to_owned(), base.to_owned()))
        })
        .collect()
}

/// Returns the day of the baseline's expiry dates.
pub(super) fn today() -> String {
    SystemClock.now().strftime("%Y-%m-%d").to_string()
}

/// Returns the rules that ship, with those of the user's files. They live as long as the program.
pub(super) fn rule_set(files: &[PathBuf]) -> anyhow::Result<&'static RuleSet> {
    let Some((first, others)) = files.split_first() else {
        return Ok(RuleSet::builtin());
    };
    let mut set = RuleSet::builtin_copy().with(read_rules(first)?)?;
    for file in others {
        set = set.with(read_rules(file)?)?;
    }
    Ok(Box::leak(Box::new(set)))
}

fn read_rules(file: &PathBuf) -> anyhow::Result<RuleSet> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let set = if file.extension().is_some_and(|extension| extension == "toml") {
        RuleSet::import_gitleaks(&text)
    } else {
        RuleSet::from_yaml(&file.display().to_string(), &text)
    };
    set.with_context(|| format!("the rules of {} cannot be used", file.display()))
}

/// Shows a bar only to people: on a terminal, beside a report in text.
fn progress(args: &Args, format: Format) -> Option<indicatif::ProgressBar> {
    if args.quiet || format != Format::Text || args.stdin || !stderr().is_terminal() {
        return None;
    }
    let bar = indicatif::ProgressBar::new_spinner();
    let style = indicatif::ProgressStyle::with_template("{spinner} {bytes} scanned, {bytes_per_sec}, {elapsed}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    Some(bar)
}
