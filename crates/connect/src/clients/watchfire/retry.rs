//! When to ask again.

use std::time::Duration;

use http::{StatusCode, header};

use crate::egress::{Answer, EgressError};

/// Tries of one request altogether.
pub(super) const TRIES: u32 = 4;
/// The first pause where the server names none; doubled each time.
const FIRST: Duration = Duration::from_millis(250);
/// The longest pause that is worth waiting for at a command line.
const LONGEST: Duration = Duration::from_secs(10);

/// Returns the pause before the next try; `None` when there is no use in one.
///
/// A server that is starting, draining or waiting for its database answers 503 and says for how long.
pub(super) fn pause(outcome: &Result<Answer, EgressError>, tries: u32, repeatable: bool) -> Option<Duration> {
    if tries >= TRIES {
        return None;
    }
    let own = FIRST * 2_u32.saturating_pow(tries - 1);
    match outcome {
        Ok(answer) if answer.status == StatusCode::SERVICE_UNAVAILABLE => {
            let named = answer.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
            let pause = named.map_or(own, Duration::from_secs);
            (pause <= LONGEST).then_some(pause)
        }
        // What was sent may have been done; only what may be done twice is sent twice.
        Err(EgressError::Exchange { .. }) if repeatable => Some(own),
        Ok(_) | Err(_) => None,
    }
}
