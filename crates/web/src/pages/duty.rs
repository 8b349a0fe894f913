//! Who is on call now, by login.

use std::collections::HashMap;

use jiff::SignedDuration;

use super::visit::Visit;

/// Returns the schedules that each person holds at this instant, by their titles. Nobody where no schedule is in force, the
/// reader may not look, or the store does not answer: the page that asks has other things to show.
pub(crate) async fn now(visit: &Visit) -> HashMap<String, Vec<String>> {
    let mut held: HashMap<String, Vec<String>> = HashMap::new();
    let until = visit.now.checked_add(SignedDuration::from_secs(1)).unwrap_or(visit.now);
    let Ok(board) = visit.engine.on_call_board(&visit.who, visit.now, until).await else { return held };
    for lane in board.lanes {
        for holder in lane.current.holders {
            held.entry(holder.login).or_default().push(lane.schedule.title.clone());
        }
    }
    held
}
