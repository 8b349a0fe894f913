//! How many files this process may have open.

/// Descriptors kept for everything that is no connection: the database, blobs, logs, outgoing calls.
const RESERVED: usize = 256;

/// Returns how many connections there may be, so that descriptors never run out: `wanted`, or fewer where the
/// process may not open that many files.
pub(super) fn affordable(wanted: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    match soft_limit(&limits) {
        Some(limit) if limit < wanted + RESERVED => {
            let fewer = limit.saturating_sub(RESERVED).max(limit / 2).max(1);
            tracing::warn!(
                files.limit = limit,
                connections.wanted = wanted,
                connections.limit = fewer,
                "the limit of open files allows fewer connections than configured; raise it with `ulimit -n` or LimitNOFILE="
            );
            fewer
        }
        _ => wanted,
    }
}

/// Reads the soft limit from the form of `/proc/self/limits`; `None` where it is unlimited or unknown.
fn soft_limit(limits: &str) -> Option<usize> {
    limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_read() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max processes             95735                95735                processes \n\
                    Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(text), Some(1024));
        assert_eq!(soft_limit("Max open files   unlimited  unlimited files"), None);
    }

    #[test]
    fn this_process_may_have_a_few_connections() {
        assert_eq!(affordable(1), 1);
    }
}
