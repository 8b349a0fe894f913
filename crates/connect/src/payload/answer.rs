//! Small steps that every source takes on the way to its answer.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use watchfire_core::alert::{Observation, Signal};
use watchfire_core::source::{Malformed, Parsed};
use watchfire_core::text;

use super::{Faults, Node, read_many};

/// Characters of a scope.
const SCOPE_CHARS: usize = 200;

/// Answers with observations, each cleaned and bounded.
pub(crate) fn parsed(observations: Vec<Observation>) -> Parsed {
    Parsed { observations: observations.into_iter().map(Observation::bounded).collect(), ..Parsed::default() }
}

/// Reads a body of one or several events, each an alert. `what` names one in errors; the id of an only one, at `id`, is the delivery's.
///
/// # Errors
/// What is wrong, with the number of the event if there are several.
pub(crate) fn one_or_many(
    body: &[u8],
    what: &str,
    id: &str,
    observe: fn(&Node<'_>) -> Result<Observation, Malformed>,
) -> Result<Parsed, Malformed> {
    let values = read_many(body)?;
    if let [only] = values.as_slice() {
        let event = Node::within(only, String::new())?;
        let parsed = Parsed { delivery_id: event.scalar(id)?, ..parsed(vec![observe(&event)?]) };
        return Ok(event.faults().remarked(parsed));
    }
    if values.is_empty() {
        return Ok(Parsed::nothing(format!("the list holds no {what}s")));
    }
    let (events, faults) = (values.iter().enumerate(), Faults::default());
    let observations = events.map(|(at, value)| observe(&Node::noting(value, format!("{what} {}", at + 1), &faults)?));
    Ok(faults.remarked(parsed(observations.collect::<Result<_, _>>()?)))
}

/// Dates what has no time of its own by its envelope.
pub(crate) fn dated(observations: &mut [Observation], at: Option<Timestamp>) {
    for observation in observations {
        let own = match observation.signal {
            Signal::Resolved => &mut observation.ended_at,
            _ => &mut observation.occurred_at,
        };
        *own = own.or(at);
    }
}

/// Returns the SHA-256 of a text in lower-case hex.
pub(crate) fn sha256_hex(input: &str) -> String {
    text::hex(&Sha256::digest(input.as_bytes()))
}

/// Joins what is there by a separator.
pub(crate) fn joined(parts: &[Option<&str>], separator: &str) -> String {
    parts.iter().flatten().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(separator)
}

/// Returns the first of several texts that is a web link.
pub(crate) fn link_of(candidates: &[Option<&str>]) -> Option<String> {
    candidates.iter().flatten().find(|link| text::is_web_link(link)).map(|link| (*link).to_owned())
}

/// Names what a report covers: `<tool>/<target>`; long names end in their hash.
pub(crate) fn report_scope(tool: &str, target: &str) -> String {
    let whole = format!("{tool}/{target}");
    if whole.chars().count() <= SCOPE_CHARS && !whole.chars().any(char::is_control) {
        return whole;
    }
    let hash = sha256_hex(&whole);
    format!("{}#{hash}", text::line(&whole, SCOPE_CHARS - hash.len() - 1))
}
