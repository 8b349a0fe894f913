use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::incident::{Assignment, Phase, Postmortem, Role, TaskState};

use super::{Level, When, in_list, of};
use crate::pages::samples::{incident, task};

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_773_281_660 + minute * 60).expect("within range")
}

fn whats(dues: &[super::Due]) -> Vec<&str> {
    dues.iter().map(|due| due.what.as_str()).collect()
}

#[test]
fn a_new_incident_owes_its_first_acts_in_order() {
    let mut incident = incident();
    incident.phase = Phase::Triaged;
    incident.severity = None;
    incident.acknowledged_at = None;
    incident.roles.clear();
    let dues = of(&incident, &[], None, None, "mira");
    assert_eq!(whats(&dues), ["Acknowledge", "Choose severity", "Find a commander", "Decide: declare or dismiss"]);
    assert!(dues.iter().all(|due| due.level(&at(0)) == Level::Soon && due.owner == "Team security"));
}

#[test]
fn a_declared_incident_without_a_commander_is_an_alarm() {
    let mut incident = incident();
    incident.roles.clear();
    let due = in_list(&incident, None, None, "mira").expect("something is due");
    assert_eq!((due.what.as_str(), due.level(&at(0))), ("Assign a commander", Level::Alarm));
}

#[test]
fn tasks_follow_by_their_time_and_grow_loud_at_their_end() {
    let mut incident = incident();
    incident.roles = vec![Assignment { role: Role::commander(), holder: "mira".to_owned(), since: at(0), offered_to: None }];
    let mut tasks = vec![task(1, at(100)), task(2, at(20)), task(3, at(10))];
    for task in &mut tasks {
        task.created_at = at(0);
    }
    tasks[2].state = TaskState::Done;
    let dues = of(&incident, &tasks, None, None, "mira");
    assert_eq!(dues.iter().filter_map(super::Due::at).collect::<Vec<_>>(), [at(20), at(100)]);
    let first = &dues[0];
    assert_eq!((first.level(&at(1)), first.percent(&at(1))), (Level::Calm, 95));
    assert_eq!(first.level(&at(19)), Level::Soon);
    assert_eq!((first.level(&at(21)), first.percent(&at(21))), (Level::Alarm, 100));
    assert_eq!(whats(&dues).last(), Some(&"Postmortem"));
}

#[test]
fn a_resolved_incident_owes_its_postmortem_and_a_closed_one_nothing() {
    let mut incident = incident();
    incident.phase = Phase::Resolved;
    incident.severity = Some(Severity::Sev1);
    incident.postmortem = Postmortem::Due;
    assert_eq!(whats(&of(&incident, &[], None, None, "mira")), ["Postmortem"]);
    incident.postmortem = Postmortem::Published;
    let dues = of(&incident, &[], None, None, "mira");
    assert_eq!((whats(&dues), dues[0].when), (vec!["Close"], When::Open));
    incident.phase = Phase::Closed;
    assert!(of(&incident, &[], None, None, "mira").is_empty());
}

#[test]
fn what_has_stalled_is_to_be_moved_on_after_what_has_a_time() {
    let mut incident = incident();
    incident.roles = vec![Assignment { role: Role::commander(), holder: "mira".to_owned(), since: at(0), offered_to: None }];
    let tasks = [task(1, at(100))];
    let dues = of(&incident, &tasks, None, Some(at(-47)), "mira");
    assert_eq!(whats(&dues)[1], "Move it on");
    assert_eq!((dues[1].since(), dues[1].yours, dues[1].level(&at(0))), (Some(at(-47)), true, Level::Soon));
    let listed = in_list(&incident, None, Some(at(-47)), "ines").expect("something is due");
    assert_eq!((listed.what.as_str(), listed.yours), ("Move it on", false));
}
