//! The recorder behind `/metrics`.

use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::names::{self, ALL, Kind};
use super::process::Process;

/// Bounds of the histograms in seconds: from a fast commit to a slow page.
const SECONDS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Bounds of the histogram of batch sizes.
const ROWS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];

/// The handle by which `/metrics` is written.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

/// Installs the recorder for the whole process; to be called once, before the first metric.
///
/// # Errors
/// When a recorder is installed already.
pub fn install(version: &'static str) -> Result<Metrics, BuildError> {
    let metrics = Metrics(builder()?.install_recorder()?);
    describe();
    gauge!(names::BUILD, "version" => version).set(1.0);
    Ok(metrics)
}

impl Metrics {
    /// Writes all metrics in Prometheus text form 0.0.4, the process figures taken now.
    pub fn render(&self) -> String {
        let process = Process::read();
        let figures = [
            (names::MEMORY, process.memory_bytes),
            (names::DESCRIPTORS, process.descriptors),
            (names::DESCRIPTORS_MOST, process.descriptors_most),
            (names::THREADS, process.threads),
            (names::CPU, process.cpu_seconds),
        ];
        for (name, figure) in figures {
            if let Some(figure) = figure {
                gauge!(name).set(figure);
            }
        }
        self.0.render()
    }

    /// Folds what the histograms have collected; to be called every few seconds, so that a server that nobody
    /// scrapes does not grow.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .set_buckets_for_metric(Matcher::Full(names::STORE_BATCH.to_owned()), ROWS)
}

fn describe() {
    for (kind, name, unit, help) in ALL {
        match (kind, unit) {
            (Kind::Counter, _) => describe_counter!(*name, *help),
            (Kind::Gauge, Some(unit)) => describe_gauge!(*name, *unit, *help),
            (Kind::Gauge, None) => describe_gauge!(*name, *help),
            (Kind::Histogram, Some(unit)) => describe_histogram!(*name, *unit, *help),
            (Kind::Histogram, None) => describe_histogram!(*name, *help),
        }
    }
}

#[cfg(test)]
mod tests {
    use metrics::{counter, histogram};

    use super::*;

    #[test]
    fn metrics_are_written_with_help_buckets_and_process_figures() {
        let recorder = builder().expect("the bounds are valid").build_recorder();
        let metrics = Metrics(recorder.handle());
        metrics::with_local_recorder(&recorder, || {
            describe();
            counter!(names::EVENTS_ACCEPTED, "source_kind" => "generic").increment(2);
            histogram!(names::STORE_COMMIT).record(0.002);
            let text = metrics.render();
            assert!(text.contains("watchfire_events_accepted_total{source_kind=\"generic\"} 2"), "{text}");
            assert!(text.contains("# HELP watchfire_events_accepted_total Events kept durably"), "{text}");
            assert!(text.contains("watchfire_store_commit_seconds_bucket{le=\"0.0025\"} 1"), "{text}");
            assert!(text.contains("process_resident_memory_bytes "), "{text}");
        });
    }

    #[test]
    fn every_name_has_its_help() {
        let source = include_str!("names.rs");
        let declared = source.lines().filter(|line| line.starts_with("pub const ")).count();
        assert_eq!(declared, ALL.len());
        let mut names: Vec<&str> = ALL.iter().map(|(_, name, ..)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len(), "a name is declared twice");
    }
}
