//! Every metric: its name, kind and help.
//!
//! Labels are short fixed words (a source's kind, a route's template, a status class). Never an id, a title,
//! an address or anything else that names an incident or a person.

use metrics::Unit;

pub const EVENTS_ACCEPTED: &str = "watchfire_events_accepted_total";
pub const EVENTS_REPEATED: &str = "watchfire_events_repeated_total";
pub const EVENTS_QUARANTINED: &str = "watchfire_events_quarantined_total";
pub const INTAKE_LAG: &str = "watchfire_intake_lag_seconds";
pub const ACCEPT: &str = "watchfire_accept_seconds";
pub const TRIAGE: &str = "watchfire_triage_seconds";
pub const ALERTS: &str = "watchfire_alerts";
pub const STORE_COMMIT: &str = "watchfire_store_commit_seconds";
pub const STORE_BATCH: &str = "watchfire_store_batch_size";
pub const STORE_ERRORS: &str = "watchfire_store_errors_total";
pub const HTTP_REQUESTS: &str = "watchfire_http_requests_seconds";
pub const HTTP_PANICS: &str = "watchfire_http_panics_total";
pub const CONNECTIONS: &str = "watchfire_connections";
pub const CONNECTIONS_REFUSED: &str = "watchfire_connections_refused_total";
pub const CONNECTIONS_CLOSED: &str = "watchfire_connections_closed_total";
pub const LIVE_STREAMS: &str = "watchfire_live_streams";
pub const RATE_LIMITED: &str = "watchfire_rate_limited_total";
pub const MEMORY: &str = "process_resident_memory_bytes";
pub const DESCRIPTORS: &str = "process_open_fds";
pub const DESCRIPTORS_MOST: &str = "process_max_fds";
pub const THREADS: &str = "process_threads";
pub const CPU: &str = "process_cpu_seconds_total";
pub const BUILD: &str = "watchfire_build_info";

/// What a metric measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

use Kind::{Counter, Gauge, Histogram};

/// Every metric with its help text; a test holds that none of the names above is missing.
pub(super) const ALL: &[(Kind, &str, Option<Unit>, &str)] = &[
    (Counter, EVENTS_ACCEPTED, None, "Events kept durably and answered 2xx, by source_kind"),
    (Counter, EVENTS_REPEATED, None, "Deliveries that were kept before and changed nothing, by source_kind"),
    (Counter, EVENTS_QUARANTINED, None, "Events that could not be read and wait for a person, by source_kind"),
    (Histogram, INTAKE_LAG, Some(Unit::Seconds), "Age of the oldest accepted event when a round of triage begins"),
    (Histogram, ACCEPT, Some(Unit::Seconds), "From the whole body to the durable answer, by source_kind"),
    (Histogram, TRIAGE, Some(Unit::Seconds), "From the durable event to its alert or incident"),
    (Gauge, ALERTS, None, "Alerts by status"),
    (Histogram, STORE_COMMIT, Some(Unit::Seconds), "One transaction of the writer, until it is on stable storage"),
    (Histogram, STORE_BATCH, None, "Operations folded into one transaction"),
    (Counter, STORE_ERRORS, None, "Transactions that failed, by reason"),
    (Histogram, HTTP_REQUESTS, Some(Unit::Seconds), "Requests until the answer begins, by method, route and status class"),
    (Counter, HTTP_PANICS, None, "Requests that ended in a bug of ours"),
    (Gauge, CONNECTIONS, None, "Open connections"),
    (Counter, CONNECTIONS_REFUSED, None, "Connections refused at the door, by reason"),
    (Counter, CONNECTIONS_CLOSED, None, "Connections closed for missing a deadline, by reason"),
    (Gauge, LIVE_STREAMS, None, "Open live streams"),
    (Counter, RATE_LIMITED, None, "Requests over a rate limit, by limit"),
    (Gauge, MEMORY, Some(Unit::Bytes), "Resident memory of this process"),
    (Gauge, DESCRIPTORS, None, "Open file descriptors of this process"),
    (Gauge, DESCRIPTORS_MOST, None, "File descriptors that this process may open"),
    (Gauge, THREADS, None, "Threads of this process"),
    (Gauge, CPU, Some(Unit::Seconds), "Processor time of this process, user and system"),
    (Gauge, BUILD, None, "1, with the version as label"),
];
