use super::*;
use watchfire_core::Severity;

fn load(routing: &str) -> Result<PlanSet, Vec<Fault>> {
    PlanSet::load(Files::from([("routing.yaml".to_owned(), routing.to_owned())]))
}

fn faults(routing: &str) -> Vec<String> {
    load(routing).expect_err("it has faults").iter().map(ToString::to_string).collect()
}

#[test]
fn the_plans_that_ship_have_no_faults() {
    let set = PlanSet::load(builtin_files()).expect("no faults");
    assert_eq!(set.version.len(), 12);
    assert!(set.routes.iter().any(|route| route.name == "monitoring"));
}

#[test]
fn the_same_files_are_the_same_version() {
    let text = "version: 1\ndefault: { team: security }\n";
    assert_eq!(load(text).expect("loads").version, load(text).expect("loads").version);
    assert_ne!(load(text).expect("loads").version, load(&format!("{text}\n")).expect("loads").version);
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let found = faults("version: 1\ndefault:\n  team: security\n  tem: x\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("routing.yaml:4:3: ") && found[0].contains("tem"), "{found:?}");
}

#[test]
fn every_fault_is_told_not_only_the_first() {
    let found = faults(
        "version: 1\nteams: [{ id: a, title: A }]\ndefault: { team: b }\nrules:\n  - name: one\n    when: alert.title ==\n  - name: one\n    when: 'true'\n    class: fire\n    severity: sev9\n    visibility: secret\n    group_window: soon\n",
    );
    for part in [
        ":3:18: team \"b\"",
        ":6:11: in the expression, line 1",
        ":7:11: a second rule",
        ":9:12: class \"fire\"",
        ":10:15: severity",
        ":11:17: visibility",
        ":12:19: \"soon\"",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
}

#[test]
fn a_rule_takes_from_the_default_what_it_leaves_out() {
    let set = load("version: 1\ndefault: { team: platform, severity: at most sev3 }\nrules:\n  - { name: all, when: 'true' }\n")
        .expect("loads");
    assert_eq!(set.routes[0].then.team, "platform");
    assert_eq!(set.routes[0].then.severity.of(Some(Severity::Sev1)), Some(Severity::Sev3));
    assert_eq!(set.routes[0].then.severity.of(Some(Severity::Sev4)), Some(Severity::Sev4));
    assert_eq!(SeverityRule::AtLeast(Severity::Sev2).of(None), Some(Severity::Sev2));
}

#[test]
fn a_file_that_nobody_knows_is_a_fault() {
    let files = Files::from([("routing.yaml".into(), "version: 1\ndefault: {}\n".into()), ("oncal.yaml".into(), String::new())]);
    let found = PlanSet::load(files).expect_err("an unknown file");
    assert!(found[0].to_string().starts_with("oncal.yaml:1:1: unknown plan file; this version knows "), "{found:?}");
}

#[test]
fn a_window_that_ends_before_it_begins_is_a_fault() {
    let found = faults(
        "version: 1\ndefault: {}\nmaintenance:\n  - { name: m, when: 'true', from: 2026-01-02T00:00:00Z, until: 2026-01-01T00:00:00Z, reason: r }\n",
    );
    assert!(found[0].contains("ends before it begins"), "{found:?}");
}
