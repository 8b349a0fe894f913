//! What the reader's own act did, said once on the page that follows.
//!
//! The address carries a word of the list below, so nothing is kept for it here and no cookie is set. The script takes the
//! word out of the address again; a word that is not in the list says nothing.

use axum::response::{IntoResponse, Redirect, Response};

use super::query::Query;

/// The parameter that carries the word.
pub(super) const NAME: &str = "done";
/// More than any list has rows: a number that somebody made up is not said.
const MOST: usize = 500;

/// What can have been done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Done {
    Acknowledged,
    AlertsAcknowledged(usize),
    AlertResolved,
    AlertSilenced,
    SilenceEnded,
    PageAcknowledged,
    Paged,
    Phase,
    Severity,
    Role,
    Summary,
    Link,
    Room,
    Task,
    Consulted,
    Resolution,
    Access,
    Update,
}

/// Each with its word in the address and what is said; those that count have their own words.
const SAID: [(Done, &str, &str); 17] = [
    (Done::Acknowledged, "acknowledged", "Acknowledged"),
    (Done::AlertResolved, "alert-resolved", "The alert is resolved"),
    (Done::AlertSilenced, "alert-silenced", "The alert is silenced"),
    (Done::SilenceEnded, "silence-ended", "The silence is ended"),
    (Done::PageAcknowledged, "page-acknowledged", "The page is acknowledged: you have it"),
    (Done::Paged, "paged", "The page is on its way"),
    (Done::Phase, "phase", "The phase is changed"),
    (Done::Severity, "severity", "The severity is changed"),
    (Done::Role, "role", "The role is changed"),
    (Done::Summary, "summary", "Where we stand is kept"),
    (Done::Link, "link", "The address is set"),
    (Done::Room, "room", "The room is made"),
    (Done::Task, "task", "The task is changed"),
    (Done::Consulted, "consulted", "The consultation is recorded"),
    (Done::Resolution, "resolution", "Your answer is recorded"),
    (Done::Access, "access", "The access is changed"),
    (Done::Update, "update", "The status update is written"),
];
const COUNTED: &str = "alerts-acknowledged-";

impl Done {
    /// Goes to a path of this host, which then says what was done.
    pub(crate) fn at(self, path: &str) -> Response {
        let word = match self {
            Self::AlertsAcknowledged(count) => format!("{COUNTED}{count}"),
            done => SAID.iter().find(|(known, ..)| *known == done).map_or_else(String::new, |(_, word, _)| (*word).to_owned()),
        };
        let join = if path.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{path}{join}{NAME}={word}")).into_response()
    }
}

/// Returns what an address says was done; empty is nothing.
pub(super) fn words(query: &Query) -> String {
    let Some(word) = query.get(NAME) else { return String::new() };
    if let Some(count) = word.strip_prefix(COUNTED).and_then(|count| count.parse().ok()).filter(|count| *count <= MOST) {
        return match count {
            0 => "Nothing was left to acknowledge".to_owned(),
            1 => "1 alert acknowledged".to_owned(),
            many => format!("{many} alerts acknowledged"),
        };
    }
    SAID.iter().find(|(_, known, _)| *known == word).map_or_else(String::new, |(.., said)| (*said).to_owned())
}

#[cfg(test)]
mod tests {
    use http::header;

    use super::{Done, Query, SAID, words};

    fn said(done: Done, path: &str) -> String {
        let answer = done.at(path);
        let location = answer.headers()[header::LOCATION].to_str().expect("text").to_owned();
        assert!(location.starts_with(path), "{location}");
        words(&Query::parse(location.split_once('?').expect("a query").1))
    }

    #[test]
    fn everything_done_is_said_on_the_next_page_and_nothing_else_is() {
        for (done, _, words) in SAID {
            assert_eq!(said(done, "/incidents/INC-7K3QX"), words);
        }
        assert_eq!(said(Done::AlertsAcknowledged(2), "/alerts?status=firing"), "2 alerts acknowledged");
        assert_eq!(said(Done::AlertsAcknowledged(1), "/alerts"), "1 alert acknowledged");
        for made_up in ["done=all+is+well", "done=alerts-acknowledged-99999999", "done=", "x=paged"] {
            assert_eq!(words(&Query::parse(made_up)), "", "{made_up}");
        }
    }
}
