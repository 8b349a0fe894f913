//! A plan with a fault never takes force.

use std::time::Duration;

use watchfire_testkit::{Alert, Database, Folder, Server, alertmanager_group};

use crate::support::{PROGRAM, accepted, incident_that, on_both_databases, text};

on_both_databases!(a_plan_with_a_fault_is_refused_by_file_line_and_column_and_the_old_version_stays);

const SETTLE: Duration = Duration::from_secs(30);

async fn a_plan_with_a_fault_is_refused_by_file_line_and_column_and_the_old_version_stays(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let cli = server.cli();
    let folder = Folder::new();
    let plans = folder.path().join("plans");
    let path = plans.to_string_lossy().into_owned();
    assert_eq!(cli.run(["plans", "init", path.as_str()]).await.code, 0);
    assert_eq!(cli.run(["plans", "check", path.as_str()]).await.code, 0, "the plans that ship are sound");
    let before = cli.json(&["plans", "show", "--json"]).await;

    let routing = plans.join("routing.yaml");
    let sound = std::fs::read_to_string(&routing).expect("init wrote the routing rules");
    let condition = sound.replacen("alert.sample", "alert.sample &&& true", 1);
    let unknown = sound.replacen("default:", "surprise: 1\ndefault:", 1);
    let not_yaml = sound.replacen("rules:", "rules: [", 1);
    for (what, faulty, column_known) in
        [("condition", condition, true), ("unknown key", unknown, true), ("no YAML", not_yaml, true)]
    {
        assert_ne!(faulty, sound, "{what}");
        std::fs::write(&routing, faulty).expect("plans can be edited");
        for verb in ["check", "apply"] {
            let output = cli.run(["plans", verb, path.as_str()]).await;
            assert_eq!(output.code, 1, "{verb} {what}: {}{}", output.out, output.err);
            let said = format!("{}{}", output.out, output.err);
            let place = said.find("routing.yaml:").and_then(|at| said.get(at + "routing.yaml:".len()..)).unwrap_or_default();
            let numbers: Vec<&str> = place.splitn(3, ':').collect();
            let is_number =
                |text: Option<&&str>| text.is_some_and(|text| text.trim().parse::<u32>().is_ok_and(|number| number > 0));
            assert!(is_number(numbers.first()), "{verb} {what} names file and line: {said}");
            assert!(!column_known || is_number(numbers.get(1)), "{verb} {what} names the column: {said}");
        }
        let now = cli.json(&["plans", "show", "--json"]).await;
        assert_eq!(now["version"], before["version"], "the old version stays in force");
    }

    let source = server.add_source("alertmanager", "prometheus").await;
    accepted(&server, &source, &alertmanager_group("Fine", &[Alert::firing("Fine", "host-1")])).await;
    server.settled(SETTLE).await;
    let incident = incident_that(&server.client(), "the incident under the old plans", |_| true).await;
    assert_eq!(incident["plan_version"], before["version"]);

    // A sound change takes force, and what ran before keeps its version.
    std::fs::write(
        &routing,
        sound.replacen(
            "team: platform\n    visibility: open\n    group_by: alert.group",
            "team: security\n    visibility: open\n    group_by: alert.group",
            1,
        ),
    )
    .expect("plans can be edited");
    let diff = cli.run(["plans", "diff", path.as_str()]).await;
    assert!(diff.out.contains("-    team: platform") && diff.out.contains("+    team: security"), "{}", diff.out);
    let applied = cli.json(&["plans", "apply", &path, "--json"]).await;
    assert_ne!(applied["version"], before["version"]);
    accepted(&server, &source, &alertmanager_group("Later", &[Alert::firing("Later", "host-1")])).await;
    server.settled(SETTLE).await;
    let later =
        incident_that(&server.client(), "the incident under the new plans", |incident| text(incident, "title").contains("Later"))
            .await;
    assert_eq!((text(&later, "team"), &later["plan_version"]), ("security", &applied["version"]));
    let earlier = server.client().get(&format!("/api/v1/incidents/{}", text(&incident, "id"))).await;
    assert_eq!(earlier["plan_version"], before["version"]);
}
