//! The figures of this process, from `/proc`.

/// What the system says about this process; `None` where it does not say, as outside of Linux.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Process {
    pub(super) memory_bytes: Option<f64>,
    pub(super) descriptors: Option<f64>,
    pub(super) descriptors_most: Option<f64>,
    pub(super) threads: Option<f64>,
    pub(super) cpu_seconds: Option<f64>,
}

/// Ticks per second of `/proc/self/stat`; 100 on every Linux that Rust builds for (`USER_HZ`).
const TICKS: f64 = 100.0;

impl Process {
    /// Reads the present figures.
    pub(super) fn read() -> Self {
        let text = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
        let descriptors = std::fs::read_dir("/proc/self/fd").ok().map(|entries| entries.count() as f64);
        Self { descriptors, ..Self::parse(&text("status"), &text("stat"), &text("limits")) }
    }

    fn parse(status: &str, stat: &str, limits: &str) -> Self {
        let number = |text: &str, label: &str| -> Option<f64> {
            text.lines().find_map(|line| line.strip_prefix(label))?.split_whitespace().next()?.parse().ok()
        };
        // The name in parentheses may hold blanks; user and system time are fields 14 and 15, 12 and 13 after it.
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let mut times = after_name.split_whitespace().skip(11).map_while(|field| field.parse::<f64>().ok());
        let cpu_seconds = times.next().zip(times.next()).map(|(user, system)| (user + system) / TICKS);
        Self {
            memory_bytes: number(status, "VmRSS:").map(|kib| kib * 1024.0),
            descriptors: None,
            descriptors_most: number(limits, "Max open files"),
            threads: number(status, "Threads:"),
            cpu_seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_forms_of_proc() {
        let status = "Name:\twatchfire\nVmRSS:\t   20480 kB\nThreads:\t7\n";
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 7 0 100";
        let limits = "Max open files            1024                 524288               files     \n";
        let process = Process::parse(status, stat, limits);
        assert_eq!(process.memory_bytes, Some(20_971_520.0));
        assert_eq!(process.threads, Some(7.0));
        assert_eq!(process.descriptors_most, Some(1024.0));
        assert_eq!(process.cpu_seconds, Some(2.0));
    }

    #[test]
    fn an_unknown_form_gives_no_figures() {
        assert_eq!(Process::parse("", "", ""), Process::default());
    }
}
