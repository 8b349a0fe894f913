//! The machine in plain words.

use std::process::Command;

/// Describes date, machine and versions, without naming the machine itself.
pub(crate) fn describe(server: &str) -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':')).map_or("unknown", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: u64 =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or_default().to_owned();
    #[expect(clippy::disallowed_methods, reason = "a report carries its date")]
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut lines = vec![
        format!("Measured on {today}: {cores} cores ({model}), {} GiB of memory, Linux {}.", kib / 1024 / 1024, kernel.trim()),
        format!("Load average at the end: {load}. Server, load generator and databases share the cores."),
        format!("Versions: {}.", versions(server).join(", ")),
        "F: synced appends of 2 KiB a second on the same file system. C: the same inserts into SQLite without syncing, 64 in a transaction."
            .to_owned(),
    ];
    lines.push(String::new());
    lines.join("\n")
}

fn versions(server: &str) -> Vec<String> {
    let alertmanager = std::env::var("WATCHFIRE_TEST_ALERTMANAGER").unwrap_or_default();
    [(server, "--version"), (alertmanager.as_str(), "--version"), ("psql", "--version")]
        .into_iter()
        .filter(|(program, _)| !program.is_empty())
        .filter_map(|(program, flag)| {
            let output = Command::new(program).arg(flag).output().ok()?;
            let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
            let text = String::from_utf8_lossy(&text).into_owned();
            let line = text.lines().next()?.split(" (").next()?;
            Some(line.to_owned())
        })
        .collect()
}
