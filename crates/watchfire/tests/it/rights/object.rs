//! Fresh objects, each in one relation to the caller.

use jiff::SignedDuration;
use watchfire_core::access::{Level, Role};
use watchfire_core::incident::{Class, Command, Kind, Role as IncidentRole, Sensitivity, Visibility};
use watchfire_core::time::Clock as _;
use watchfire_core::token::TokenKind;
use watchfire_engine::{Declare, Grantee, NewGrant, NewSource, NewTask, PageRequest};

use super::house::{House, Who};

/// What stands for the variables of a path and the placeholders of a body.
#[derive(Clone, Default, Debug)]
pub(super) struct Object {
    pub(super) id: String,
    pub(super) alert: String,
    pub(super) grant: String,
    pub(super) login: String,
}

/// What is to be made.
#[derive(Clone, Copy)]
pub(super) struct Wish<'a> {
    /// A class's noun; `incident.link` is an incident that an alert raised.
    pub(super) kind: &'a str,
    pub(super) relation: &'a str,
    pub(super) who: &'a Who,
    /// With everything that an operation may name; without it an incident has no task and no grant to others.
    pub(super) whole: bool,
}

/// How long the grants last that are to have run out.
pub(super) const OVER_AFTER_SECONDS: i64 = 60;

/// Ids that are of the right form and name nothing.
pub(super) const ABSENT_INCIDENT: &str = "INC-00000";
pub(super) const ABSENT: &str = "01939c5e-0000-7000-8000-000000000000";
const ABSENT_LOGIN: &str = "absent@example.org";

impl House {
    /// Makes the object that an operation is asked about, in the wanted relation to the caller; `turn` is its own.
    pub(super) async fn object(&self, wish: &Wish<'_>, source: &NewSource, turn: usize) -> Object {
        let Wish { kind, relation, who, .. } = *wish;
        match kind {
            "incident" => self.incident(wish).await,
            "incident.link" | "alert" | "event" => self.signal(kind, relation, who, source, turn).await,
            "person" => Object { login: self.somebody(relation, who, turn).await, ..Object::default() },
            "team" => {
                if relation == "lead" {
                    self.engine.join_team(&self.machine(), "security", &who.login, true).await.expect("they lead");
                }
                let login = self.somebody("other", who, turn).await;
                self.engine.join_team(&self.machine(), "security", &login, false).await.expect("a member");
                Object { id: "security".to_owned(), login, ..Object::default() }
            }
            "token" => self.token(relation, who, turn).await,
            "silence" => self.silence(relation, who, source, turn).await,
            _ => Object { id: ABSENT.to_owned(), login: ABSENT_LOGIN.to_owned(), ..Object::default() },
        }
    }

    async fn somebody(&self, relation: &str, who: &Who, turn: usize) -> String {
        match relation {
            "self" => who.login.clone(),
            "absent" => ABSENT_LOGIN.to_owned(),
            _ => self.account(&format!("other-{turn}-{}", who.login), Role::Member).await.login,
        }
    }

    async fn token(&self, relation: &str, who: &Who, turn: usize) -> Object {
        let owner = match relation {
            "absent" => return Object { id: ABSENT.to_owned(), ..Object::default() },
            "own" => who.identity.clone(),
            _ => self.account(&format!("maker-{turn}-{}", who.login), Role::Member).await.identity,
        };
        let made = self.engine.add_token(&owner, "other", TokenKind::Personal, Role::Restricted, None).await.expect("a token");
        Object { id: made.token.id.to_string(), ..Object::default() }
    }

    async fn silence(&self, relation: &str, who: &Who, source: &NewSource, turn: usize) -> Object {
        let machine = self.machine();
        let silence = match relation {
            "absent" => return Object { id: ABSENT.to_owned(), ..Object::default() },
            "of-hidden" => {
                let object = self.signal("alert", "other", who, source, turn).await;
                self.engine.silence_alert(&machine, object.alert.parse().expect("an id"), 1, "known").await
            }
            _ => {
                let matcher = [("source".to_owned(), format!("none-{turn}"))].into_iter().collect();
                self.engine.silence(&machine, matcher, 1, "known").await
            }
        };
        Object { id: silence.expect("a silence").id, ..Object::default() }
    }

    /// Makes an incident in a relation to the caller, if it is wished with a task and a grant to somebody else.
    async fn incident(&self, wish: &Wish<'_>) -> Object {
        let Wish { relation, who, whole, .. } = *wish;
        if relation == "absent" {
            let (id, grant) = (ABSENT_INCIDENT.to_owned(), ABSENT.to_owned());
            return Object { id, grant, alert: ABSENT.to_owned(), login: who.login.clone() };
        }
        let machine = self.machine();
        let open = matches!(relation, "open" | "employee");
        let declared = Declare {
            title: format!("of {} for {}", relation, who.login),
            class: if open { Class::Reliability } else { Class::Intrusion },
            severity: Some(watchfire_core::Severity::Sev3),
            team: Some("platform".to_owned()),
            visibility: Some(if open { Visibility::Open } else { Visibility::Restricted }),
            occurred_at: None,
            text: None,
            kind: Kind::Real,
        };
        let incident = self.engine.declare(&machine, declared).await.expect("an incident");
        let id = incident.short_id.clone();
        let mut grant = ABSENT.to_owned();
        if whole {
            let task = NewTask { title: "look".to_owned(), owner: None, due_at: None, team: None, consult: None, insist: false };
            self.engine.add_task(&machine, &id, task).await.expect("a task");
            let (grantee, reason) = (Grantee::Team("platform".to_owned()), "they watch".to_owned());
            let somebody = NewGrant { grantee, level: Level::Read, reason, until: None };
            grant = self.engine.grant(&machine, &id, somebody).await.expect("a grant").id.to_string();
        }
        self.relate(&id, relation, who).await;
        Object { alert: ABSENT.to_owned(), id, grant, login: who.login.clone() }
    }

    /// Puts the caller into a relation to an incident; what is to be over is so after [`OVER_AFTER_SECONDS`].
    pub(super) async fn relate(&self, id: &str, relation: &str, who: &Who) {
        let machine = self.machine();
        let person = Grantee::Person(who.login.clone());
        let give = async |grantee: Grantee, level, seconds: Option<i64>| {
            let until = seconds.and_then(|seconds| self.clock.now().checked_add(SignedDuration::from_secs(seconds)).ok());
            let new = NewGrant { grantee, level, reason: "they help".to_owned(), until };
            self.engine.grant(&machine, id, new).await.expect("a grant");
        };
        match relation {
            "own" => {
                let command = Command::AssignRole { role: IncidentRole::commander(), holder: who.login.clone() };
                let led = self.engine.command(&machine, id, command).await;
                // Who leads it from its birth on leads it already.
                let is_led =
                    matches!(led, Ok(_) | Err(watchfire_engine::Error::Refused(watchfire_core::incident::Refusal::Unchanged)));
                assert!(is_led, "a commander: {led:?}");
            }
            "granted" => give(person, Level::Act, None).await,
            "reader" => give(person, Level::Read, None).await,
            "team" => {
                match self.engine.join_team(&machine, "security", &who.login, false).await {
                    Ok(()) | Err(watchfire_engine::Error::Refused(_)) => {}
                    Err(error) => panic!("{error}"),
                }
                give(Grantee::Team("security".to_owned()), Level::Act, None).await;
            }
            "over" => give(person, Level::Manage, Some(OVER_AFTER_SECONDS)).await,
            "employee" => {
                let command = Command::SetSensitivity { to: Sensitivity::Employee, reason: "it is about a person".to_owned() };
                self.engine.command(&machine, id, command).await.expect("labelled");
            }
            "open" | "other" => {}
            other => panic!("there is no relation {other:?}"),
        }
    }

    /// Makes an event with its alert, alone or raising an incident in a relation to the caller.
    async fn signal(&self, noun: &str, relation: &str, who: &Who, source: &NewSource, turn: usize) -> Object {
        if relation == "absent" {
            let id = if noun == "incident.link" { ABSENT_INCIDENT } else { ABSENT };
            return Object { id: id.to_owned(), alert: ABSENT.to_owned(), ..Object::default() };
        }
        let name = format!("Signal{turn}{}", who.login.replace(['@', '.', '-'], ""));
        let kind = match relation {
            "open" | "employee" => "plain",
            _ => "intruder",
        };
        let event = self.deliver(source, &name, kind, true).await;
        let filter = watchfire_engine::AlertFilter { text: Some(name.clone()), ..watchfire_engine::AlertFilter::default() };
        let page = self.engine.alerts(&self.machine(), filter, PageRequest::default()).await.expect("alerts");
        let alert = page.items.first().unwrap_or_else(|| panic!("{name} became no alert")).id;
        let detail = self.engine.alert(&self.machine(), alert).await.expect("the alert");
        let incident = detail.incidents.first().unwrap_or_else(|| panic!("{name} raised nothing")).short_id.clone();
        self.relate(&incident, relation, who).await;
        let id = match noun {
            "event" => event,
            "incident.link" => incident,
            _ => alert.to_string(),
        };
        Object { id, alert: alert.to_string(), ..Object::default() }
    }
}
