use watchfire_core::oncall::{Directory, Listed};

use crate::plans::{Files, PlanSet, builtin_files};

const LAYER: &str = "name: week, first_hand_off: 2026-01-05T08:00, turn: weekly, participants: [ada@example.org]";

fn load(oncall: &str) -> Result<PlanSet, Vec<String>> {
    let mut files: Files = builtin_files();
    files.insert("oncall.yaml".to_owned(), oncall.to_owned());
    PlanSet::load(files).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn faults(oncall: &str) -> Vec<String> {
    load(oncall).expect_err("it has faults")
}

/// Where a fault in the given layer is told, and how.
fn fault_of(layer: &str) -> String {
    let found = faults(&format!("version: 1\nschedules:\n  - {{ id: a, title: A, layers: [\n{{ {layer} }}\n] }}\n"));
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

#[test]
fn the_plan_that_ships_covers_every_duty_with_one_owner() {
    let set = PlanSet::load(builtin_files()).expect("it is sound");
    let ids: Vec<_> = set.on_call.iter().map(|schedule| schedule.id.as_str()).collect();
    assert_eq!(ids, ["seoc", "simoc", "cmoc", "platform", "security-lead", "legal", "vp-engineering"]);
    let owner = Listed { is_active: true, is_owner: true, teams: Vec::new(), is_reachable: true };
    let people = Directory([("olga@example.org".to_owned(), owner)].into());
    for plan in &set.on_call {
        let schedule = plan.with(&people, Vec::new());
        for instant in ["2026-01-01T00:00:00Z", "2026-03-29T01:00:00Z", "2040-12-31T23:59:59Z"] {
            let holders = schedule.holders(instant.parse().expect("an instant"));
            assert_eq!(holders.len(), 1, "{} at {instant}", plan.id);
            assert_eq!(holders[0].login, "olga@example.org");
        }
    }
}

#[test]
fn without_the_file_the_schedules_are_those_that_ship() {
    let mut files = builtin_files();
    files.remove("oncall.yaml");
    assert_eq!(PlanSet::load(files).expect("it is sound").on_call, PlanSet::load(builtin_files()).expect("it is sound").on_call);
}

#[test]
fn every_form_of_a_layer_is_read() {
    let set = load(
        "version: 1
zone: Europe/Oslo
holidays:
  - { id: christmas, dates: [2026-12-25, 2026-12-26] }
schedules:
  - id: seoc
    title: Security
    layers:
      - name: base
        first_hand_off: 2026-01-05T08:00
        turn: 2 weeks
        participants: [ada@example.org, [bo@example.org, team:security], owners]
        not_on: [christmas]
      - name: nights
        zone: Asia/Tokyo
        first_hand_off: 2026-01-05T08:00
        turn: 12 hours
        participants: [team:platform]
        until: 2027-01-01T00:00
        only_on: [christmas]
        hours:
          - { days: [weekdays, sun], from: 22:00, until: 06:00 }
          - { from: 00:00, until: 24:00 }
",
    )
    .expect("it is sound");
    let layers = &set.on_call[0].layers;
    assert_eq!((layers[0].turn_hours, layers[1].turn_hours), (24 * 14, 12));
    assert_eq!((layers[0].zone.iana_name(), layers[1].zone.iana_name()), (Some("Europe/Oslo"), Some("Asia/Tokyo")));
    assert_eq!(layers[0].except.len(), 2);
    assert_eq!(layers[1].only.as_ref().map(std::collections::BTreeSet::len), Some(2));
    let words: Vec<_> = layers[0].participants.iter().map(watchfire_core::oncall::Participant::word).collect();
    assert_eq!(words, ["ada@example.org", "bo@example.org and team:security", "owners"]);
    assert!(!layers[1].windows[0].days.contains(jiff::civil::Weekday::Saturday));
}

#[test]
fn faults_are_told_with_line_and_column() {
    assert_eq!(
        faults("version: 1\nschedules:\n  - id: a\n    title: A\n    rota: []\n    layers: []\n")[0].split(": ").next(),
        Some("oncall.yaml:5:5"),
        "an unknown key"
    );
    let found = faults("version: 2\nzone: Europe/Olso\nschedules:\n  - { id: A b, title: '', layers: [] }\n");
    let begins: Vec<_> = found.iter().map(|fault| fault.splitn(4, ':').take(3).collect::<Vec<_>>().join(":")).collect();
    assert_eq!(
        begins,
        ["oncall.yaml:1:1", "oncall.yaml:2:7", "oncall.yaml:4:11", "oncall.yaml:4:23", "oncall.yaml:4:5"],
        "{found:?}"
    );
    assert!(found[1].contains("\"Europe/Olso\" is no time zone"), "{found:?}");
}

#[test]
fn a_layer_that_cannot_be_meant_is_refused() {
    let with = |from: &str, to: &str| fault_of(&LAYER.replace(from, to));
    for (from, to, says) in [
        ("weekly", "fortnightly", "is no length of a turn"),
        ("weekly", "0 days", "is no length of a turn"),
        ("weekly", "99999999999 weeks", "is no length of a turn"),
        ("weekly", "900 weeks", "is no length of a turn"),
        ("2026-01-05T08:00", "2026-01-05", "is no wall time"),
        ("2026-01-05T08:00", "2026-02-30T08:00", "is no wall time"),
        ("[ada@example.org]", "[]", "1 to 200 participants"),
        ("[ada@example.org]", "[ada]", "neither a login"),
        ("[ada@example.org]", "[team:nowhere]", "is not listed under teams"),
        ("[ada@example.org]", "[[]]", "names nobody"),
        ("[ada@example.org]", "[ada@example.org], zone: Mars/Olympus", "is no time zone"),
        ("[ada@example.org]", "[ada@example.org], zone: EST5EDT4", "is no time zone"),
        ("[ada@example.org]", "[ada@example.org], until: 2025-01-01T00:00", "ends before its first"),
        ("[ada@example.org]", "[ada@example.org], not_on: [easter]", "no list under holidays"),
        ("[ada@example.org]", "[ada@example.org], hours: [{ days: [monday], from: '08:00', until: '09:00' }]", "is none of mon"),
        ("[ada@example.org]", "[ada@example.org], hours: [{ from: '8', until: '09:00' }]", "is no time of day"),
        ("name: week", "name: ''", "give the layer a name"),
    ] {
        let fault = with(from, to);
        assert!(fault.starts_with("oncall.yaml:4:") && fault.contains(says), "{to}: {fault}");
    }
}

#[test]
fn names_are_unique_and_fit_into_addresses() {
    let two = format!(
        "version: 1\nschedules:\n  - {{ id: a, title: A, layers: [{{ {LAYER} }}, {{ {LAYER} }}] }}\n  - {{ id: a, title: B, layers: [{{ {LAYER} }}] }}\n  - {{ id: lint, title: B, layers: [{{ {LAYER} }}] }}\n"
    );
    let found = faults(&two);
    assert!(
        found[0].contains("a second layer") && found[1].contains("a second schedule") && found[2].contains("cannot name"),
        "{found:?}"
    );
}
