//! The words of a chat's command, read into what they ask for.

use crate::Severity;
use crate::text;

/// One act that may be asked for in a chat: all of them can be undone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verb {
    Help,
    /// Says whose account the asker is, by a code that the console has shown.
    Link {
        code: String,
    },
    Declare {
        title: String,
        severity: Option<Severity>,
    },
    /// Of one incident, or of all that may be named here.
    Status {
        incident: Option<String>,
    },
    Acknowledge {
        incident: Option<String>,
    },
    Note {
        incident: Option<String>,
        text: String,
    },
    Role {
        incident: Option<String>,
        role: String,
        login: String,
    },
    /// Whom: a login, `owners`, the word of a schedule or a team, or one of these with `schedule`, `team` or `role` before it.
    Page {
        incident: Option<String>,
        target: String,
    },
    /// Of one schedule or team by its word, or of all.
    OnCall {
        of: Option<String>,
    },
}

/// How each verb is written, for the help and for mistakes.
pub const USAGE: &[(&str, &str)] = &[
    ("help", "shows this"),
    ("link CODE", "links your account here with the one in the console, which shows the code under Settings"),
    ("declare TITLE [sev1 to sev5]", "declares an incident"),
    ("status [INC-...]", "tells where an incident stands, or lists those that may be named here"),
    ("ack [INC-...]", "acknowledges"),
    ("note [INC-...] TEXT", "writes into the timeline"),
    ("role [INC-...] ROLE LOGIN", "gives somebody a role"),
    ("page [INC-...] WHO", "pages a login, owners, a schedule or a team; team NAME says that the team is meant"),
    ("oncall [SCHEDULE or TEAM]", "tells who is on call now"),
];

/// Reads the words after the command's name; in an incident's own channel the incident may be left out.
///
/// # Errors
/// How the verb is written, or which verbs there are.
pub fn read(words: &str) -> Result<Verb, String> {
    let words = text::line(words, 4_000);
    let (verb, rest) = words.split_once(' ').unwrap_or((&words, ""));
    let (incident, after) = leading_incident(rest);
    let usage = |verb: &str| {
        let line = USAGE.iter().find(|(form, _)| form.split(' ').next() == Some(verb)).map_or("help", |(form, _)| form);
        format!("Write: {line}")
    };
    let one = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty() && !text.contains(' '));
    match verb.to_ascii_lowercase().as_str() {
        "" | "help" => Ok(Verb::Help),
        "link" => one(rest).map(|code| Verb::Link { code }).ok_or_else(|| usage("link")),
        "declare" => declare(rest).ok_or_else(|| usage("declare")),
        "status" if after.is_empty() => Ok(Verb::Status { incident }),
        "ack" | "acknowledge" if after.is_empty() => Ok(Verb::Acknowledge { incident }),
        "note" if !after.is_empty() => Ok(Verb::Note { incident, text: after.to_owned() }),
        "role" => match after.split_once(' ') {
            Some((role, login)) if one(login).is_some() => {
                Ok(Verb::Role { incident, role: role.to_ascii_lowercase(), login: login.trim().to_ascii_lowercase() })
            }
            _ => Err(usage("role")),
        },
        "page" => target(after).map(|target| Verb::Page { incident, target }).ok_or_else(|| usage("page")),
        "oncall" | "on-call" if rest.is_empty() || one(rest).is_some() => {
            Ok(Verb::OnCall { of: one(rest).map(|word| word.to_ascii_lowercase()) })
        }
        known @ ("status" | "note" | "oncall") => Err(usage(known)),
        "ack" | "acknowledge" => Err(usage("ack")),
        "on-call" => Err(usage("oncall")),
        _ => Err("There is no such verb. help lists them all.".to_owned()),
    }
}

/// Takes `INC-7K3QX` from the front of the words, in any case.
fn leading_incident(words: &str) -> (Option<String>, &str) {
    let words = words.trim();
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    let upper = first.to_ascii_uppercase();
    let is_one =
        upper.strip_prefix("INC-").is_some_and(|id| id.len() == 5 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if is_one { (Some(upper), rest.trim()) } else { (None, words) }
}

/// One word, or two of which the first says what the second is.
fn target(words: &str) -> Option<String> {
    let words = words.trim().to_ascii_lowercase();
    match words.split_once(' ') {
        None => Some(words).filter(|words| !matches!(words.as_str(), "" | "schedule" | "team" | "role")),
        Some(("schedule" | "team" | "role", name)) if !name.contains(' ') => Some(words),
        Some(_) => None,
    }
}

/// A severity may stand at the end.
fn declare(words: &str) -> Option<Verb> {
    let words = words.trim();
    let (head, last) = words.rsplit_once(' ').unwrap_or(("", words));
    let severity = last.parse::<Severity>().ok();
    let title = if severity.is_some() { head.trim() } else { words };
    (!title.is_empty()).then(|| Verb::Declare { title: title.to_owned(), severity })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_read_with_and_without_an_incident() {
        let incident = Some("INC-7K3QX".to_owned());
        let cases = [
            ("", Verb::Help),
            ("HELP me", Verb::Help),
            ("link wfa-123", Verb::Link { code: "wfa-123".into() }),
            (
                "declare payments are down sev2",
                Verb::Declare { title: "payments are down".into(), severity: Some(Severity::Sev2) },
            ),
            ("declare payments are down", Verb::Declare { title: "payments are down".into(), severity: None }),
            ("status", Verb::Status { incident: None }),
            ("status inc-7k3qx", Verb::Status { incident: incident.clone() }),
            ("ack", Verb::Acknowledge { incident: None }),
            ("ack INC-7K3QX", Verb::Acknowledge { incident: incident.clone() }),
            ("note INC-7K3QX it is the cache", Verb::Note { incident: incident.clone(), text: "it is the cache".into() }),
            ("note it is INC-7K3QX again", Verb::Note { incident: None, text: "it is INC-7K3QX again".into() }),
            (
                "role Commander Ada@Example.com",
                Verb::Role { incident: None, role: "commander".into(), login: "ada@example.com".into() },
            ),
            ("page INC-7K3QX secops", Verb::Page { incident, target: "secops".into() }),
            ("page Ada@Example.com", Verb::Page { incident: None, target: "ada@example.com".into() }),
            ("page team Platform", Verb::Page { incident: None, target: "team platform".into() }),
            ("oncall", Verb::OnCall { of: None }),
            ("oncall Secops", Verb::OnCall { of: Some("secops".into()) }),
        ];
        for (words, verb) in cases {
            assert_eq!(read(words), Ok(verb), "{words}");
        }
    }

    #[test]
    fn mistakes_are_told_how_the_verb_is_written() {
        for (words, told) in [
            ("link", "Write: link CODE"),
            ("link a b", "Write: link CODE"),
            ("declare sev1", "Write: declare TITLE"),
            ("note", "Write: note [INC-...] TEXT"),
            ("note INC-7K3QX", "Write: note"),
            ("role commander", "Write: role"),
            ("page", "Write: page"),
            ("page team", "Write: page"),
            ("page everybody who can help", "Write: page"),
            ("page ada ben", "Write: page"),
            ("status what is it", "Write: status"),
            ("resolve INC-7K3QX", "There is no such verb"),
            ("close", "There is no such verb"),
        ] {
            let error = read(words).expect_err(words);
            assert!(error.starts_with(told), "{words}: {error}");
        }
    }
}
