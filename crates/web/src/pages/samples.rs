//! Sample values of every room, friendly and hostile, for the tests that render them.

mod console;
mod doors;
mod incident;
mod lists;
mod oncall;
mod paging;
mod people;
mod rooms;
mod sources;

use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::id::{IncidentId, TaskId};
use watchfire_core::incident::{
    Assignment, Class, Incident, Kind, Phase, Postmortem, Role, SignalState, Task, TaskState, Visibility,
};

use super::frame::{Counts, Frame, Mine, Page, Plain, Room};

/// The reader of the samples.
const ME: &str = "mira@example.org";

/// Texts that must come out as text: markup, quotes, bidirectional overrides, length.
pub(crate) const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "abc\u{202e}gpj.exe\u{2066}",
    "{{ 7*7 }} {% raw %} ${x} `y` \\ & < >",
    "</textarea></pre></title><svg/onload=alert(1)>",
    "Pneumonoultramicroscopicsilicovolcanoconiosis-without-any-place-to-break-abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
];

/// The instant at which samples are looked at.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_773_281_660).expect("within range")
}

/// An instant some minutes from then.
pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_773_281_660 + minutes * 60).expect("within range")
}

/// A declared SEV2 of class data breach, led by mira.
pub(crate) fn incident() -> Incident {
    let role = |word: &str, holder: &str, since| Assignment {
        role: Role::parse(word).expect("a role"),
        holder: holder.to_owned(),
        since,
        offered_to: None,
    };
    Incident {
        id: IncidentId::from_parts(1_773_281_660_000, [7; 10]),
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        title: "Outsider read client billing exports".to_owned(),
        summary: "The session is revoked and the export role denied. We know which 41,208 objects were read. Three of five clients are still to be told.".to_owned(),
        class: Class::DataBreach,
        severity: Some(Severity::Sev2),
        phase: Phase::Declared,
        team: "security".to_owned(),
        visibility: Visibility::Restricted,
        sensitivity: watchfire_core::incident::Sensitivity::Normal,
        kind: Kind::Real,
        signal: SignalState::Present,
        roles: vec![role("commander", "mira@example.org", at(-113)), role("operations", "tobin@example.org", at(-110))],
        postmortem: Postmortem::NotDue,
        occurred_at: Some(at(-153)),
        detected_at: at(-131),
        acknowledged_at: Some(at(-129)),
        declared_at: Some(at(-120)),
        resolved_at: None,
        closed_at: None,
        scope_known_at: None,
        signalled: None,
        merged_into: None,
        rule: "data-plane-anomaly".to_owned(),
        plan_version: "7d02c1f4a9e3".to_owned(),
        created_at: at(-131),
        updated_at: at(-5),
        version: 12,
    }
}

/// An open task of an hour ago.
pub(crate) fn task(number: i64, due_at: Timestamp) -> Task {
    Task {
        id: TaskId::from_parts(1, [number as u8; 10]),
        incident: IncidentId::from_parts(1_773_281_660_000, [7; 10]),
        number,
        title: "Match objects to the last three clients".to_owned(),
        owner: Some("nadia@example.org".to_owned()),
        team: None,
        state: TaskState::Open,
        due_at: Some(due_at),
        consult: number == 2,
        consulted_by: None,
        consulted_at: None,
        created_at: at(-60),
        changed_at: at(-60),
    }
}

/// A page of every room with its name; `hostile` puts a hostile text wherever others write.
pub(crate) fn pages(hostile: Option<&str>) -> Vec<(&'static str, String)> {
    let say = |text: &str| hostile.unwrap_or(text).to_owned();
    let mut pages = rooms::all(&say);
    pages.extend(lists::all(&say));
    pages.extend(console::all(&say));
    pages.extend(doors::all(&say));
    pages
}

/// The frame around a sample.
fn frame(title: &str, room: Room, address: &str) -> Frame {
    Frame {
        title: title.to_owned(),
        room,
        login: "mira@example.org".to_owned(),
        role: "owner",
        counts: Counts { incidents_open: 6, practice_open: 1, alerts_firing: 23, quarantined: 1 },
        mine: Some(Mine {
            href: "/incidents/INC-7K3QX".to_owned(),
            what: "Decide".to_owned(),
            incident: "INC-M2D8W".to_owned(),
            paged: None,
            sound: false,
        }),
        now: now(),
        theme: "",
        address: address.to_owned(),
        live: true,
        told: String::new(),
        done: String::new(),
    }
}

fn page<C: askama::Template>(frame: Frame, content: C) -> String {
    use askama::Template as _;
    Page { frame, content }.render().expect("the sample renders")
}

fn plain<C: askama::Template>(content: C) -> String {
    use askama::Template as _;
    Plain { title: "Sign in", theme: "", content }.render().expect("the sample renders")
}
