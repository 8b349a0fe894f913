use watchfire_core::access::{GrantSource, Level};
use watchfire_core::incident::Sensitivity;
use watchfire_engine::{AccessList, Grant, Grantee};

use super::is_masked;
use crate::pages::incidents;
use crate::pages::samples::{at, incident};

fn list(sensitivity: Sensitivity, grantee: Option<Grantee>) -> AccessList {
    let mut incident = incident();
    incident.sensitivity = sensitivity;
    let grant = |grantee| Grant {
        id: watchfire_core::id::Id::from_parts(1, [0; 10]),
        incident: incident.id,
        grantee,
        level: Level::Read,
        source: GrantSource::Manual,
        reason: String::new(),
        by: "mira@example.org".to_owned(),
        granted_at: at(0),
        until: None,
    };
    let grants = grantee.map(grant).into_iter().collect();
    AccessList { incident, grants, holders: Vec::new(), rights: Vec::new() }
}

#[test]
fn title_and_text_stay_off_paper_for_whoever_is_not_named_on_an_incident_about_employees() {
    let team = || Some(Grantee::Team("legal".to_owned()));
    let zoe = || Some(Grantee::Person("zoe@example.org".to_owned()));
    assert!(!is_masked(&list(Sensitivity::Normal, team()), "zoe@example.org"), "nothing special");
    assert!(is_masked(&list(Sensitivity::Employee, team()), "zoe@example.org"), "in with a team");
    assert!(!is_masked(&list(Sensitivity::Employee, zoe()), "zoe@example.org"), "named by a grant");
    assert!(!is_masked(&list(Sensitivity::Employee, team()), "mira@example.org"), "holds a role");
    let mut shown = incident();
    shown.sensitivity = Sensitivity::Employee;
    assert!(incidents::masked(&shown, "zoe@example.org") && !incidents::masked(&shown, "mira@example.org"));
}
