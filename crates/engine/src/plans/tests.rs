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
        ":6:25: in the expression: ",
        ":7:11: a second rule",
        ":9:12: class \"fire\"",
        ":10:15: severity",
        ":11:17: visibility",
        ":12:19: \"soon\"",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
}

fn rule(lines: &str) -> Vec<String> {
    let text = format!("version: 1\ndefault: {{}}\nrules:\n  - name: one\n{lines}");
    load(&text).map_or_else(|faults| faults.iter().map(ToString::to_string).collect(), |_| Vec::new())
}

#[test]
fn a_rule_that_can_never_match_is_told_with_its_place() {
    for (lines, wanted) in [
        ("    when: alert.lables[\"x\"] == \"y\"\n", ":5:16: in the expression: unknown field of alert \"lables\"; did you mean"),
        ("    when: >-\n      true &&\n      alert.nope == 'x'\n", ":7:12: in the expression: unknown field of alert \"nope\""),
        ("    when: 1 + 1\n", ":5:11: in the expression: this must give true or false, it gives a number"),
        (
            "    when: alert.title\n",
            ":5:11: in the expression: it fits no alert: a condition must be true or false, this is string",
        ),
        ("    when: alert.title > 3\n", ":5:11: in the expression: it fits no alert: "),
        ("    when: alert.labels.cpu > 90\n", ":5:11: in the expression: it fits no alert: "),
        ("    when: 'true'\n    group_by: alert.nope\n", ":6:20: in the expression: unknown field of alert \"nope\""),
        ("    when: 'true'\n    title: alert.sample\n", ":6:12: in the expression: it fits no alert: this must give a text"),
        ("    when: \"event.title == 'x'\"\n", ":5:12: in the expression: unknown variable \"event\""),
        ("    when: alert.title.lower() == 'x'\n", ":5:28: in the expression: unknown method \"lower\""),
    ] {
        let found = rule(lines);
        assert!(found.len() == 1 && found[0].contains(wanted), "{lines}: {wanted} is not in {found:#?}");
    }
}

#[test]
fn plans_that_are_in_force_are_read_also_if_a_new_version_would_refuse_them() {
    let text =
        "version: 1\ndefault: {}\nrules:\n  - { name: one, when: alert.lables.x == 'y' }\n  - { name: two, when: 1 + 1 }\n";
    let files = || Files::from([("routing.yaml".to_owned(), text.to_owned())]);
    assert_eq!(PlanSet::load(files()).expect_err("new ones are refused").len(), 2);
    assert_eq!(PlanSet::load_kept(files()).expect("old ones are read").routes.len(), 2);
}

#[test]
fn a_rule_that_may_match_some_alert_is_no_fault() {
    for when in [
        "alert.labels[\"anything\"] == \"y\"",
        "alert.labels.team.startsWith(\"db\") && int(alert.labels.cpu) > 90",
        "\"env\" in alert.labels && alert.labels.env in [\"prod\", \"live\"]",
        "has(alert.labels.x) ? alert.labels.x == \"y\" : alert.sample",
        "alert.labels.exists(name, name.startsWith(\"aws_\"))",
        "double(alert.labels.score) >= 7.5",
        "alert.severity == \"\" || alert.resource.matches(\"^web-[0-9]+$\")",
        "alert[\"title\"].size() > 10",
    ] {
        let lines = format!("    when: '{when}'\n    group_by: alert.labels.size()\n    title: '\"on \" + alert.resource'\n");
        assert_eq!(rule(&lines), Vec::<String>::new(), "{when}");
    }
}

#[test]
fn the_fields_that_conditions_may_ask_for_are_those_that_they_see() {
    let labels = watchfire_core::alert::Labels::new();
    let subject = crate::triage::Subject {
        source: "",
        source_kind: "",
        title: "",
        description: "",
        severity: "",
        source_severity: "",
        class: "",
        resource: "",
        link: "",
        group: "",
        scope: "",
        key: "",
        labels: &labels,
        sample: false,
    };
    let seen = serde_json::to_value(&subject).expect("an object");
    let mut seen: Vec<&str> = seen.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut asked = expression::FIELDS.to_vec();
    seen.sort_unstable();
    asked.sort_unstable();
    assert_eq!(asked, seen);
}

#[test]
fn a_fault_names_its_place_once_and_in_plain_words() {
    let found = faults("version: 1\ndefault:\n  tem: x\n");
    assert!(found[0].starts_with("routing.yaml:3:3: unknown key tem; known are name, when, "), "{found:?}");
    assert!(!found[0].contains("at line"), "{found:?}");
    let found = faults("version: one\ndefault: {}\n");
    assert!(found[0].starts_with("routing.yaml:1:10: ") && !found[0].contains("at line"), "{found:?}");
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

fn with_access(access: &str) -> Result<PlanSet, Vec<Fault>> {
    let routing = "version: 1\nteams: [{ id: security, title: S }, { id: legal, title: L }]\ndefault: {}\n";
    PlanSet::load(Files::from([("routing.yaml".into(), routing.into()), ("access.yaml".into(), access.into())]))
}

#[test]
fn visibility_and_grants_follow_class_and_severity() {
    use watchfire_core::access::Level;
    use watchfire_core::incident::{Class, Visibility};
    let set = with_access(
        "version: 1\nvisibility:\n  - { classes: [reliability], at_least: sev1, is: restricted }\n  - { family: security, is: restricted }\n  - { is: open }\ngrants:\n  - { classes: [data_breach], at_least: sev2, team: legal, level: read }\n",
    )
    .expect("loads");
    let seen = |class, severity| set.access.visibility(class, severity);
    assert_eq!(seen(Class::Reliability, Some(Severity::Sev1)), Visibility::Restricted);
    assert_eq!(seen(Class::Reliability, Some(Severity::Sev2)), Visibility::Open);
    assert_eq!(seen(Class::Reliability, None), Visibility::Open, "an unknown severity fits no bound");
    assert_eq!(seen(Class::Vulnerability, Some(Severity::Sev5)), Visibility::Restricted);
    assert_eq!(set.access.grants(Class::DataBreach, Some(Severity::Sev1)), [("legal".to_owned(), Level::Read)]);
    assert!(set.access.grants(Class::DataBreach, Some(Severity::Sev3)).is_empty());
    let silent = with_access("version: 1\n").expect("loads");
    assert_eq!(
        silent.access.visibility(Class::Other, None),
        Visibility::Restricted,
        "where nothing is said, nobody learns of it"
    );
}

#[test]
fn faults_in_access_are_told_with_their_place() {
    let found = with_access(
        "version: 1\nvisibility:\n  - { family: safety, is: public }\ngrants:\n  - { classes: [fire], at_least: sev9, team: nobody, level: own }\n",
    )
    .expect_err("it has faults");
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    for part in [
        "access.yaml:3:15: family",
        "access.yaml:3:27: \"public\"",
        "class \"fire\"",
        "severity \"sev9\"",
        "team \"nobody\"",
        "\"own\"",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
}

fn with(name: &str, text: &str) -> Vec<String> {
    let mut files = builtin_files();
    files.insert(name.to_owned(), text.to_owned());
    PlanSet::load(files).map_or_else(|faults| faults.iter().map(ToString::to_string).collect(), |_| Vec::new())
}

#[test]
fn an_escalation_that_points_to_what_is_gone_is_told_with_its_place() {
    let found = with(
        "escalation.yaml",
        "version: 1\npolicies:\n  - name: p\n    stops: nobody\n    steps:\n      - { page: [schedule night, role pilot], wait: 5s }\n      - { page: [team gone, everybody], wait: 5m }\n    fallback: { page: [], every: 1h }\nrules:\n  - { name: r, when: { severity: bad, class: [fire], family: [home] }, policy: q }\n",
    );
    for part in [
        ":4:12: stops",
        ":6:18: schedule \"night\"",
        ":6:34: role \"pilot\"",
        ":6:53: 5s is not between",
        ":7:18: team \"gone\"",
        ":7:29: \"everybody\"",
        ":8:23: the fallback pages nobody",
        ":10:34: severity \"bad\"",
        ":10:47: class \"fire\"",
        ":10:63: family \"home\"",
        ":10:80: policy \"q\"",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
    let unknown = with("escalation.yaml", "version: 1\npolicies: []\nrule: []\n");
    assert!(unknown[0].starts_with("escalation.yaml:3:1: ") && unknown[0].contains("rule"), "{unknown:?}");
}

#[test]
fn roles_need_a_commander_a_fallback_and_leads_that_are_there() {
    let found = with(
        "roles.yaml",
        "version: 1\nfallback: []\nroles:\n  - { id: scribe, title: S, under: boss }\n  - { id: Pilot, title: P }\n",
    );
    for part in ["no role commander", ":2:11: the fallback is empty", ":4:36: role \"boss\"", ":5:11: a role is a word"] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
}

#[test]
fn severity_ranges_run_from_worse_to_better() {
    let ends = |text| fit::severities(text).map(|(worst, best)| (worst.level(), best.level()));
    assert_eq!(ends("at least sev2"), Some((1, 2)));
    assert_eq!(ends("at most sev3"), Some((3, 5)));
    assert_eq!(ends("sev4"), Some((4, 4)));
    assert_eq!(ends("sev9"), None);
}

#[test]
fn notices_that_cannot_be_meant_are_told_with_their_place() {
    let found = with(
        "escalation.yaml",
        "version: 1\npolicies: []\nnotices:\n  - { name: Legal, title: '', page: [] }\n  - { name: one, title: One, page: [schedule gone], wait: 5s }\n  - { name: one, title: One, page: [owners], fallback: { page: [], every: 1h } }\n",
    );
    for part in [
        ":4:13: a notice is named",
        ":4:27: give the notice a title",
        ":4:37: a notice tells 1 to",
        ":5:37: schedule \"gone\"",
        ":5:59: 5s is not between",
        ":6:13: a second notice",
        ":6:64: the fallback pages nobody",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
    let unknown =
        with("escalation.yaml", "version: 1\npolicies: []\nnotices: [{ name: a, title: A, page: [owners], whom: x }]\n");
    assert!(unknown[0].starts_with("escalation.yaml:3:") && unknown[0].contains("whom"), "{unknown:?}");
}

#[test]
fn the_shipped_notices_are_for_security_lead_and_legal_from_sev2_on_and_for_the_vp_at_sev1() {
    let set = PlanSet::load(builtin_files()).expect("no faults");
    let owed: Vec<_> = set.escalation.notices.iter().map(|notice| (notice.name.as_str(), notice.when.severity)).collect();
    let (sev1, sev2) = (Severity::Sev1, Severity::Sev2);
    assert_eq!(
        owed,
        [("security-lead", Some((sev1, sev2))), ("legal", Some((sev1, sev2))), ("vp-engineering", Some((sev1, sev1)))]
    );
}

#[test]
fn what_is_said_of_developers_is_read_and_its_faults_are_told() {
    use watchfire_core::access::Autonomy;
    let set = with_access(
        "version: 1\ncommit_authors: { on: true, classes: [leaked_secret], level: read }\nautonomy: { default: feedback, teams: [{ team: legal, is: view }, { team: security, is: heal }] }\n",
    )
    .expect("loads");
    let of = |teams: &[&str]| set.access.autonomy.of(teams.iter().copied());
    assert_eq!(of(&["security"]), Some(Autonomy::Heal));
    assert_eq!(of(&["security", "legal"]), Some(Autonomy::View), "the narrowest counts");
    assert_eq!(of(&["other"]), Some(Autonomy::Feedback));
    assert_eq!(with_access("version: 1\n").expect("loads").access.autonomy.of(["security"].into_iter()), None);
    let found = with_access(
        "version: 1\ncommit_authors: { on: true, classes: [fire], level: manage }\nautonomy: { default: some, teams: [{ team: gone, is: heal }, { team: legal, is: heal }, { team: legal, is: view }] }\n",
    )
    .expect_err("it has faults");
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    for part in [
        "access.yaml:2:39: class",
        "access.yaml:2:53: \"manage\"",
        "access.yaml:3:22: \"some\"",
        "team \"gone\"",
        "stands here twice",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
}

#[test]
fn faults_of_responsibility_are_told_with_their_place() {
    let found = with(
        "responsibility.yaml",
        "version: 1\ndigest: { at: noon, zone: Mars }\ndefault: { accountable: role commander }\nrules:\n  - { name: one, rules: [gone], when: { class: [fire] }, responsible: [team gone], accountable: everybody }\n  - { name: one }\n",
    );
    for part in [
        ":2:15: \"noon\" is no time of day",
        ":3:25: a role changes hands",
        ":5:26: rule \"gone\"",
        ":5:49: class \"fire\"",
        ":5:72: team \"gone\"",
        ":5:97: \"everybody\"",
        ":6:13: a second rule",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
    let unknown = with("responsibility.yaml", "version: 1\ndefault: { informed: [owners] }\n");
    assert!(unknown[0].starts_with("responsibility.yaml:2:12: ") && unknown[0].contains("informed"), "{unknown:?}");
}

#[test]
fn the_digest_is_due_at_its_wall_time_also_when_the_clocks_change() {
    let mut files = builtin_files();
    files.insert("responsibility.yaml".into(), "version: 1\ndigest: { at: '08:00', zone: Europe/Oslo }\n".into());
    let plan = PlanSet::load(files).expect("no faults").responsibility;
    let next = |text: &str| plan.next_digest(text.parse().expect("an instant")).expect("one is due").to_string();
    assert_eq!(next("2026-03-28T06:59:59Z"), "2026-03-28T07:00:00Z");
    assert_eq!(next("2026-03-28T07:00:00Z"), "2026-03-29T06:00:00Z", "an hour earlier by the sun");
    assert_eq!(PlanSet::load(builtin_files()).expect("no faults").responsibility.rules.len(), 1);
}

#[test]
fn faults_of_stakeholders_are_told_with_their_place() {
    let found = with(
        "stakeholders.yaml",
        "version: 1\ngroups:\n  - { id: a, title: '', people: [everybody], channels: [''] }\n  - { id: a, title: A, when: { severity: bad } }\n",
    );
    for part in [
        ":3:21: give the group a title",
        ":3:34: \"everybody\"",
        ":3:57: the channel has no name",
        ":4:11: \"a\" is empty or names",
        ":4:42: severity \"bad\"",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} is not in {found:#?}");
    }
    let unknown = with("stakeholders.yaml", "version: 1\ngroups: [{ id: a, title: A, mail: x }]\n");
    assert!(unknown[0].starts_with("stakeholders.yaml:2:") && unknown[0].contains("mail"), "{unknown:?}");
}
