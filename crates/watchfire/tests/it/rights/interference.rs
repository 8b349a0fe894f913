//! Two days that differ in what is hidden alone look the same to everybody who may not see it.

use super::crawl::crawl;
use super::day::{SECRETS, play};
use super::house::House;

/// The least number of places that are looked at.
const POINTS: usize = 300;
/// Set for the run of this test that is to go red.
const PLANT: &str = "WATCHFIRE_PLANT";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_with_a_hidden_incident_looks_like_the_same_day_without() {
    let (with, without) = (House::start().await, House::start().await);
    let mut day_with = play(&with, true).await;
    let mut day_without = play(&without, false).await;
    if std::env::var_os(PLANT).is_some() {
        // A planted leak is seen by any of them; one is enough, and takes a quarter of the time.
        for day in [&mut day_with, &mut day_without] {
            day.observers.retain(|(name, _)| *name == "member");
        }
    }
    let (seen_with, seen_without) = (crawl(&with, &day_with).await, crawl(&without, &day_without).await);
    let mut differences = Vec::new();
    for address in seen_with.keys().chain(seen_without.keys().filter(|address| !seen_with.contains_key(*address))) {
        match (seen_with.get(address), seen_without.get(address)) {
            (Some(with), Some(without)) if with == without => {}
            (Some(with), Some(without)) => differences.push(format!("{address}:\n{}", first_difference(with, without))),
            (Some(_), None) => differences.push(format!("{address}: there on the day with it alone")),
            _ => differences.push(format!("{address}: there on the day without it alone")),
        }
    }
    assert!(differences.is_empty(), "{} of {} places differ:\n{}", differences.len(), seen_with.len(), differences.join("\n"));
    for (address, text) in &seen_with {
        for secret in SECRETS {
            // What was asked for comes back in the form that it was asked with.
            let echoed = address.contains(secret) || address.contains("text=");
            assert!(echoed || !text.contains(secret), "{address} tells of {secret}");
        }
    }
    assert!(seen_with.len() >= POINTS, "only {} places were looked at", seen_with.len());
    with.end().await;
    without.end().await;
}

/// Shows where two texts part.
fn first_difference(with: &str, without: &str) -> String {
    let at = with.bytes().zip(without.bytes()).position(|(a, b)| a != b).unwrap_or_else(|| with.len().min(without.len()));
    let part = |text: &str| {
        let bytes = text.as_bytes();
        let (from, to) = (at.saturating_sub(120), (at + 120).min(bytes.len()));
        String::from_utf8_lossy(bytes.get(from.min(to)..to).unwrap_or_default()).replace('\n', " ")
    };
    format!("  with:    {}\n  without: {}", part(with), part(without))
}

/// Runs the test above again on planted defects: a harness that cannot fail shows nothing.
#[test]
fn the_comparison_goes_red_on_a_planted_leak() {
    if !cfg!(feature = "planted-defects") || std::env::var_os(PLANT).is_some() {
        watchfire_testkit::left_out("the two days against a planted leak (built without the feature planted-defects)");
        return;
    }
    for defect in ["count-everything", "list-every-event"] {
        let run = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "rights::interference::a_day_with_a_hidden_incident_looks_like_the_same_day_without"])
            .env(PLANT, defect)
            .output()
            .expect("this program runs again");
        let told = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
        assert!(!run.status.success() && told.contains("places differ"), "{defect} was not found:\n{told}");
    }
}
