//! Waiting for a condition instead of for a time.

use std::time::{Duration, Instant};

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(25);

/// Waits until `look` gives a value and returns it with the time that passed.
///
/// # Panics
/// When there is none within the limit; the text names what was awaited.
pub async fn eventually_value<T, F, R>(what: &str, within: Duration, mut look: F) -> (T, Duration)
where
    F: FnMut() -> R,
    R: Future<Output = Option<T>>,
{
    let began = Instant::now();
    loop {
        if let Some(value) = look().await {
            return (value, began.elapsed());
        }
        assert!(began.elapsed() < within, "{what}: not within {} s", within.as_secs_f32());
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits until `look` says yes and returns the time that passed.
///
/// # Panics
/// When it does not within the limit.
pub async fn eventually<F, R>(what: &str, within: Duration, mut look: F) -> Duration
where
    F: FnMut() -> R,
    R: Future<Output = bool>,
{
    let mut looking = || {
        let looked = look();
        async { looked.await.then_some(()) }
    };
    eventually_value(what, within, &mut looking).await.1
}
