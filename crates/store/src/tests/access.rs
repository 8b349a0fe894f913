//! The conditions of the scopes follow the same laws as the one decision function.

use watchfire_core::access::{Decision, GrantSource, Identity, Level, Object, Powers, Right, Role, decide};
use watchfire_core::alert::Status;
use watchfire_core::incident::{Assignment, Incident, Role as IncidentRole, Sensitivity, Visibility};
use watchfire_core::person::Membership;

use super::harness::{Fixture, commit, on_both};
use crate::grant::{self, Grant, Grantee};
use crate::{alert, entry, incident, membership, random};

const ADA: &str = "ada@example.org";

/// How Ada comes to an incident.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Way {
    None,
    Scribe,
    Offered,
    Commander,
    Own(Level),
    Team(Level),
    OtherTeam(Level),
}

impl Way {
    fn level(self) -> Option<Level> {
        match self {
            Self::None | Self::OtherTeam(_) => None,
            Self::Scribe | Self::Offered => Some(Level::Act),
            Self::Commander => Some(Level::Manage),
            Self::Own(level) | Self::Team(level) => Some(level),
        }
    }
}

fn held(role: IncidentRole, holder: &str, offered_to: Option<&str>, fixture: &Fixture) -> Assignment {
    Assignment { role, holder: holder.to_owned(), since: fixture.now(), offered_to: offered_to.map(str::to_owned) }
}

on_both! {
    async fn lists_look_ups_and_counts_agree_with_the_decision(fixture: Fixture) {
        let ways = [
            Way::None, Way::Scribe, Way::Offered, Way::Commander, Way::Own(Level::Read), Way::Own(Level::Manage),
            Way::Team(Level::Read), Way::Team(Level::Act), Way::OtherTeam(Level::Manage),
        ];
        let scribe = IncidentRole::parse("scribe").expect("a word");
        let source = fixture.source("one").await;
        let mut made: Vec<(Incident, Way)> = Vec::new();
        let member = |team: &str, login: &str| Membership {
            team: team.to_owned(), login: login.to_owned(), lead: false, since: fixture.now(),
        };
        let (own_team, other_team) = (member("security", ADA), member("platform", "bo@example.org"));
        commit!(fixture.store, |tx| [own_team, other_team] {
            membership::put(tx, &own_team).await?;
            membership::put(tx, &other_team).await
        }).expect("teams");
        for visibility in [Visibility::Open, Visibility::Restricted] {
            for sensitivity in [Sensitivity::Normal, Sensitivity::Employee] {
                for way in ways {
                    let mut incident = fixture.incident(&format!("{visibility:?} {sensitivity:?} {way:?}"), visibility);
                    incident.sensitivity = sensitivity;
                    match way {
                        Way::Scribe => incident.roles.push(held(scribe.clone(), ADA, None, &fixture)),
                        Way::Offered => incident.roles.push(held(scribe.clone(), "bo@example.org", Some(ADA), &fixture)),
                        Way::Commander => incident.roles.push(held(IncidentRole::commander(), ADA, None, &fixture)),
                        _ => {}
                    }
                    let granted = match way {
                        Way::Own(level) => Some((Grantee::Person(ADA.to_owned()), level)),
                        Way::Team(level) => Some((Grantee::Team("security".to_owned()), level)),
                        Way::OtherTeam(level) => Some((Grantee::Team("platform".to_owned()), level)),
                        _ => None,
                    };
                    let granted = granted.map(|(grantee, level)| Grant {
                        id: random::id(fixture.now()).expect("an id"), incident: incident.id, grantee, level,
                        source: GrantSource::Manual, reason: "they help".to_owned(), by: "owner@example.org".to_owned(),
                        granted_at: fixture.now(), until: None,
                    });
                    let alert = fixture.alert(source, &incident.title);
                    commit!(fixture.store, |tx| [incident, granted, alert] {
                        incident::insert(tx, &incident).await?;
                        alert::save(tx, std::slice::from_ref(&alert)).await?;
                        incident::link_alert(tx, incident.id, alert.id, tx.now()).await?;
                        let mut draft = watchfire_core::record::Draft::new("of.incident", watchfire_core::actor::Actor::machine("test"), tx.now());
                        draft.incident = Some(incident.id);
                        tx.record(draft);
                        match granted {
                            Some(granted) => grant::put(tx, &granted).await.map(drop),
                            None => Ok(()),
                        }
                    }).expect("an incident");
                    made.push((incident, way));
                }
            }
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        let service = Identity::new(watchfire_core::actor::Actor::Service { id: ADA.to_owned() }, Role::Member);
        let mut askers: Vec<Identity> = Role::ALL.into_iter().map(|role| Identity::person(ADA, role)).collect();
        askers.push(Identity::person(ADA, Role::Owner).limited_to(Powers::NONE.with(Right::Act)));
        askers.push(service);
        askers.push(Identity::machine("test"));
        for who in &askers {
            let (scope, mut visible) = (who.scope(), Vec::new());
            for (incident, way) in &made {
                let known = grant::level(&mut conn, incident.id, ADA, fixture.now()).await.expect("a level");
                assert_eq!(known, way.level(), "{}", incident.title);
                let people = grant::people(&mut conn, incident.id, fixture.now()).await.expect("people");
                let listed = people.iter().find(|(login, _)| login == ADA).map(|(_, level)| *level);
                assert_eq!(listed, way.level(), "{}", incident.title);
                let object = Object { visibility: incident.visibility, sensitivity: incident.sensitivity, level: known, autonomy: None };
                let seen = decide(who, Right::Read, &object) == Decision::Allowed;
                let found = incident::get(&mut conn, &scope, &incident.short_id).await.expect("an answer").is_some();
                assert_eq!(found, seen, "{who:?} {}", incident.title);
                if seen {
                    visible.push(incident.id);
                }
            }
            let page = incident::list(&mut conn, &scope, &incident::Filter::default(), None, 200).await.expect("a page");
            let mut listed: Vec<_> = page.items.iter().map(|incident| incident.id).collect();
            listed.sort_unstable();
            visible.sort_unstable();
            assert_eq!(listed, visible, "{who:?}");
            let counted: i64 = incident::counts(&mut conn, &scope).await.expect("counts").iter().map(|row| row.number).sum();
            assert_eq!(usize::try_from(counted).expect("no negative count"), visible.len(), "{who:?}");
            let alerts = alert::list(&mut conn, &scope, &alert::Filter::default(), None, 200).await.expect("a page").items.len();
            assert_eq!(alerts, visible.len(), "{who:?}: each incident has one alert");
            let counts = alert::counts(&mut conn, &scope).await.expect("counts");
            assert_eq!(counts[Status::Firing.as_str()], i64::try_from(visible.len()).expect("small"), "{who:?}");
            let filter = entry::Filter { kinds: vec!["of.incident".to_owned()], ..entry::Filter::default() };
            let entries = entry::list(&mut conn, &scope, &filter, 200).await.expect("entries").len();
            assert_eq!(entries, visible.len(), "{who:?}");
        }
        drop(conn);
    }
}

on_both! {
    async fn a_grant_ends_with_its_time_with_its_removal_and_with_the_membership(fixture: Fixture) {
        let incident = fixture.incident("hidden", Visibility::Restricted);
        let (now, id) = (fixture.now(), random::id(fixture.now()).expect("an id"));
        let until = watchfire_core::time::from_micros(now.as_microsecond() + 60_000_000);
        let granted = Grant {
            id, incident: incident.id, grantee: Grantee::Team("security".to_owned()), level: Level::Act, source: GrantSource::Rule,
            reason: "canary-of-a-reason".to_owned(), by: "rule".to_owned(), granted_at: now, until: Some(until),
        };
        let place = Membership { team: "security".to_owned(), login: ADA.to_owned(), lead: false, since: now };
        let kept = granted.clone();
        commit!(fixture.store, |tx| [incident, granted, place] {
            incident::insert(tx, &incident).await?;
            membership::put(tx, &place).await?;
            grant::put(tx, &granted).await.map(drop)
        }).expect("granted");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(grant::list(&mut conn, incident.id).await, Ok(vec![kept.clone()]));
        assert_eq!(grant::level(&mut conn, incident.id, ADA, now).await, Ok(Some(Level::Act)));
        assert_eq!(grant::level(&mut conn, incident.id, ADA, until).await, Ok(None), "it has run out");
        assert_eq!(grant::expired(&mut conn, until, 10).await, Ok(vec![kept.clone()]));
        assert_eq!(grant::expired(&mut conn, now, 10).await, Ok(vec![]));
        drop(conn);
        let better = Grant { id: random::id(now).expect("an id"), level: Level::Manage, until: None, ..kept.clone() };
        let before = commit!(fixture.store, |tx| [better] grant::put(tx, &better).await).expect("replaced");
        assert_eq!(before, Some(kept), "the same source gives one grant");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(grant::list(&mut conn, incident.id).await.expect("grants").len(), 1);
        drop(conn);
        assert!(commit!(fixture.store, |tx| [] membership::remove(tx, "security", ADA).await).expect("left"));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(grant::level(&mut conn, incident.id, ADA, now).await, Ok(None), "who left the team has its grants no more");
        drop(conn);
        let id = better.id;
        assert!(commit!(fixture.store, |tx| [] grant::remove(tx, id).await).expect("removed"));
    }
}
