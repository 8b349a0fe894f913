//! People, teams, grants and tokens from the command line.

use crate::harness::{Server, run};

#[test]
fn people_teams_and_access_are_looked_after_from_the_command_line() {
    let server = Server::start();
    let added = server.cli_json(&[
        "person",
        "add",
        "Lou@Example.org",
        "--name",
        "Lou Ash",
        "--role",
        "member",
        "--time-zone",
        "Europe/Berlin",
        "--skill",
        "forensics",
    ]);
    assert_eq!((added["login"].as_str(), added["time_zone"].as_str()), (Some("lou@example.org"), Some("Europe/Berlin")));
    assert_eq!(server.cli_json(&["person", "list", "--tag", "forensics"])["items"][0]["login"], "lou@example.org");
    assert_eq!(server.cli_json(&["person", "set", "lou@example.org", "--name", "Lou"])["skills"][0], "forensics");
    assert_eq!(server.cli_json(&["person", "role", "lou@example.org", "restricted"])["role"], "restricted");
    let teams = server.cli_json(&["person", "team", "security", "lou@example.org", "--lead"]);
    assert!(
        teams["items"].as_array().is_some_and(|teams| teams.iter().any(|team| team["members"][0]["lead"] == true)),
        "{teams}"
    );
    let shown = String::from_utf8(server.cli(&["person", "show", "lou@example.org"]).stdout).expect("plain text");
    assert!(shown.contains("security") && shown.contains("forensics"), "{shown}");

    let incident = server.cli_json(&["incident", "declare", "Odd logins", "--severity", "sev2", "--class", "account"]);
    let id = incident["id"].as_str().expect("an id");
    let grant = server.cli_json(&["incident", "grant", id, "--person", "lou@example.org", "--level", "act", "--reason", "helps"]);
    assert_eq!(grant["level"], "act");
    let access = String::from_utf8(server.cli(&["incident", "access", id]).stdout).expect("plain text");
    assert!(access.contains("lou@example.org") && access.contains("helps"), "{access}");
    assert_eq!(server.cli_json(&["incident", "revoke", id, "lou@example.org"])["person"], "lou@example.org");
    let early = server.cli(&["incident", "visibility", id, "open", "--reason", "all may know"]);
    assert_eq!(early.status.code(), Some(1), "{early:?}");
    assert!(String::from_utf8_lossy(&early.stderr).contains("full scope is known"), "{early:?}");
    assert!(server.cli_json(&["incident", "scope-known", id, "--reason", "one account"])["scope_known_at"].is_string());
    assert_eq!(server.cli_json(&["incident", "visibility", id, "open", "--reason", "all may know"])["visibility"], "open");
    assert_eq!(server.cli_json(&["incident", "sensitivity", id, "employee", "--reason", "a name"])["sensitivity"], "employee");

    let token = server.cli_json(&[
        "token", "add", "--name", "laptop", "--kind", "personal", "--role", "owner", "--scope", "read", "--days", "5",
    ]);
    assert_eq!(token["scopes"].as_array().map(Vec::len), Some(1), "{token}");
    assert_eq!(server.cli_json(&["token", "list", "--ending", "14"])["items"][0]["name"], "laptop");
    let url = format!("http://{}", server.address);
    let secret = token["secret"].as_str().expect("it is shown this once");
    let narrow = run(&["incident", "note", id, "x"], &[("WATCHFIRE_URL", &url), ("WATCHFIRE_TOKEN", secret)]);
    assert_eq!(narrow.status.code(), Some(4), "a token for reading writes nothing: {narrow:?}");

    assert_eq!(server.cli_json(&["person", "disable", "lou@example.org"])["state"], "disabled");
    assert_eq!(server.cli_json(&["person", "enable", "lou@example.org"])["state"], "active");
    let last = server.cli(&["person", "disable", "ada@example.org"]);
    assert_eq!(last.status.code(), Some(1), "the last owner stays: {last:?}");
}
