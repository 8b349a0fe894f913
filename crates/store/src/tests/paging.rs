//! Pages, attempts, contacts and links.

use jiff::SignedDuration;
use watchfire_core::access::Role;
use watchfire_core::escalation::{self, Answer, Place, Policy, Recipient, Status, Stops, Target};
use watchfire_core::incident::{Incident, Visibility};

use super::harness::{Fixture, commit, on_both, scope};
use crate::paging::{self, Attempt, AttemptStatus, Code, Contact, Filter, Link, Page, Preference};
use crate::{Error, incident, random};

async fn incident(fixture: &Fixture, visibility: Visibility) -> Incident {
    let incident = fixture.incident("Intruder", visibility);
    commit!(fixture.store, |tx| [incident] incident::insert(tx, &incident).await).expect("an incident");
    incident
}

fn page(fixture: &Fixture, incident: &Incident, person: &str) -> Page {
    let policy = Policy {
        name: "urgent".into(),
        steps: Vec::new(),
        repeat: 0,
        stops: Stops::Anyone,
        fallback: vec![Target::Owners],
        fallback_every: SignedDuration::from_mins(15),
    };
    let now = fixture.now();
    let mut state = escalation::Page::new(true);
    state.recipients.push(Recipient {
        person: person.into(),
        place: Place::Fallback,
        times: 1,
        told_at: now,
        answer: Answer::Waiting,
        answered_at: None,
    });
    Page {
        id: random::id(now).expect("an id"),
        incident: incident.id,
        purpose: "respond:urgent".into(),
        policy,
        plan_version: "0123456789ab".into(),
        state,
        reason: "CANARY why".into(),
        begun_by: "intake".into(),
        created_at: now,
        changed_at: now,
        ended_at: None,
        version: 1,
    }
}

fn attempt(fixture: &Fixture, page: &Page, key: &str) -> Attempt {
    Attempt {
        id: random::id(fixture.now()).expect("an id"),
        page: page.id,
        incident: page.incident,
        person: "ann@example.org".into(),
        place: Place::Step { round: 1, step: 0 },
        times: 1,
        contact: None,
        channel: "mail".into(),
        key: key.into(),
        status: AttemptStatus::Waiting,
        tries: 0,
        reply: String::new(),
        address: "CANARY@example.org".into(),
        night: true,
        created_at: fixture.now(),
        changed_at: fixture.now(),
    }
}

on_both! {
    async fn a_page_begins_once_for_a_purpose_and_is_never_saved_over_a_newer_one(fixture: Fixture) {
        let incident = incident(&fixture, Visibility::Open).await;
        let mut first = page(&fixture, &incident, "ann@example.org");
        let second = page(&fixture, &incident, "ben@example.org");
        assert_eq!(commit!(fixture.store, |tx| [first] paging::insert(tx, &first).await), Ok(true));
        assert_eq!(commit!(fixture.store, |tx| [second] paging::insert(tx, &second).await), Ok(false));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(paging::of_incident(&mut conn, incident.id).await, Ok(vec![first.clone()]));
        assert_eq!(paging::open_of_person(&mut conn, "ann@example.org").await.expect("pages").len(), 1);
        drop(conn);
        first.state.status = Status::Acknowledged;
        first.ended_at = Some(fixture.now());
        assert_eq!(commit!(fixture.store, |tx| [first] paging::save(tx, &first).await), Ok(()));
        let stale = commit!(fixture.store, |tx| [first] paging::save(tx, &first).await);
        assert_eq!(stale, Err(Error::Conflict), "the version was counted up");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert!(paging::open_of_person(&mut conn, "ann@example.org").await.expect("pages").is_empty());
        assert_eq!(paging::page(&mut conn, first.id).await.expect("an answer").map(|page| page.version), Some(2));
        drop(conn);
    }
}

on_both! {
    async fn pages_are_listed_as_their_incidents_are_seen(fixture: Fixture) {
        for visibility in [Visibility::Open, Visibility::Restricted] {
            let incident = incident(&fixture, visibility).await;
            let page = page(&fixture, &incident, "ann@example.org");
            assert_eq!(commit!(fixture.store, |tx| [page] paging::insert(tx, &page).await), Ok(true));
            let attempt = attempt(&fixture, &page, &incident.short_id);
            assert_eq!(commit!(fixture.store, |tx| [attempt] paging::add_attempt(tx, &attempt).await), Ok(true));
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        let soon = fixture.now().checked_add(SignedDuration::from_secs(1)).expect("within range");
        for (role, seen) in [(Role::Owner, 2), (Role::Member, 1)] {
            let scope = scope("zoe@example.org", role);
            let filter = Filter { person: Some("ann@example.org".into()), open: true, ..Filter::default() };
            assert_eq!(paging::list(&mut conn, &scope, &filter, None, 10).await.expect("pages").items.len(), seen);
            let told = paging::told_between(&mut conn, &scope, fixture.now(), soon, 1).await.expect("told");
            let seen = seen as i64;
            assert_eq!(told.iter().map(|one| (one.pages, one.nights, one.worst_shift)).collect::<Vec<_>>(), [(seen, seen, seen)]);
        }
        let everything = scope("o", Role::Owner);
        let first = paging::list(&mut conn, &everything, &Filter::default(), None, 1).await.expect("pages");
        let rest = paging::list(&mut conn, &everything, &Filter::default(), first.next.as_ref(), 1).await.expect("pages");
        assert_eq!((first.items.len(), rest.items.len(), rest.next), (1, 1, None));
        drop(conn);
    }
}

on_both! {
    async fn tellings_are_counted_by_person_and_rule_within_a_shift(fixture: Fixture) {
        let (mut disk, mut noise) = (incident(&fixture, Visibility::Open).await, incident(&fixture, Visibility::Open).await);
        "disk".clone_into(&mut disk.rule);
        "noise".clone_into(&mut noise.rule);
        noise.phase = watchfire_core::incident::Phase::Dismissed;
        let begin = fixture.now();
        let hour = |hour: i64| begin.checked_add(SignedDuration::from_hours(hour)).expect("within range");
        let mut attempts = Vec::new();
        for (of, person, times, at, night) in
            [(&disk, "ann", 1, 0, false), (&noise, "ann", 2, 5, true), (&noise, "ann", 3, 12, true), (&disk, "ann", 4, 36, false), (&noise, "ben", 1, 3, false)]
        {
            let page = page(&fixture, of, person);
            // Through two contacts it is still one telling.
            for key in 0..2 {
                let attempt = attempt(&fixture, &page, &format!("{person}{times}{key}"));
                attempts.push(Attempt { person: person.into(), times, night, created_at: hour(at), ..attempt });
            }
        }
        commit!(fixture.store, |tx| [disk, noise, attempts] {
            incident::save(tx, &disk).await?;
            incident::save(tx, &noise).await?;
            for attempt in &attempts {
                paging::add_attempt(tx, attempt).await?;
            }
            Ok(())
        }).expect("tellings");
        let mut conn = fixture.store.read().await.expect("a connection");
        let shift = 12 * 3_600 * 1_000_000;
        let told = paging::told_between(&mut conn, &scope("o", Role::Owner), begin, hour(100), shift).await.expect("told");
        let told: Vec<_> = told.iter().map(|one| (one.person.as_str(), one.rule.as_str(), one.pages, one.nights, one.non_actionable, one.worst_shift)).collect();
        // The third comes as the first shift ends: it is in the second's.
        assert_eq!(told, [("ann", "disk", 2, 0, 0, 2), ("ann", "noise", 2, 2, 2, 2), ("ben", "noise", 1, 0, 1, 1)]);
        drop(conn);
    }
}

on_both! {
    async fn an_attempt_is_there_once_for_its_key_and_keeps_the_reply(fixture: Fixture) {
        let incident = incident(&fixture, Visibility::Open).await;
        let page = page(&fixture, &incident, "ann@example.org");
        let (mut one, twin) = (attempt(&fixture, &page, "k"), attempt(&fixture, &page, "k"));
        assert_eq!(commit!(fixture.store, |tx| [one] paging::add_attempt(tx, &one).await), Ok(true));
        assert_eq!(commit!(fixture.store, |tx| [twin] paging::add_attempt(tx, &twin).await), Ok(false));
        (one.status, one.tries, one.reply) = (AttemptStatus::Sent, 1, "250 queued".into());
        assert_eq!(commit!(fixture.store, |tx| [one] paging::save_attempt(tx, &one).await), Ok(()));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(paging::attempt_by_key(&mut conn, "k").await, Ok(Some(one.clone())));
        assert_eq!(paging::attempts(&mut conn, page.id).await, Ok(vec![one]));
        drop(conn);
    }
}

on_both! {
    async fn contacts_keep_their_order_and_lose_their_code_when_verified(fixture: Fixture) {
        let now = fixture.now();
        let contact = |position: i64, address: &str| Contact {
            id: random::id(now).expect("an id"),
            login: "ann@example.org".into(),
            channel: "mail".into(),
            address: address.into(),
            position,
            created_at: now,
            verified_at: None,
            code: Some(Code { hash: [position as u8; 32], expires_at: now, tries: 2 }),
        };
        let (late, mut early) = (contact(2, "b@example.org"), contact(1, "a@example.org"));
        for one in [&late, &early] {
            let one = one.clone();
            commit!(fixture.store, |tx| [one] paging::add_contact(tx, &one).await).expect("kept");
        }
        (early.verified_at, early.code) = (Some(now), None);
        commit!(fixture.store, |tx| [early] paging::save_contact(tx, &early).await).expect("saved");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(paging::contacts(&mut conn, "ann@example.org").await, Ok(vec![early.clone(), late.clone()]));
        assert_eq!(paging::contacts_of(&mut conn, &["ann@example.org".to_owned()]).await.expect("contacts").len(), 2);
        assert_eq!(paging::contact(&mut conn, late.id).await, Ok(Some(late.clone())));
        drop(conn);
        let id = late.id;
        assert_eq!(commit!(fixture.store, |tx| [] paging::remove_contact(tx, id).await), Ok(true));
        assert_eq!(commit!(fixture.store, |tx| [] paging::remove_contact(tx, id).await), Ok(false));
        let gone = commit!(fixture.store, |tx| [late] paging::save_contact(tx, &late).await);
        assert_eq!(gone, Err(Error::Conflict));
    }
}

on_both! {
    async fn links_and_wishes_are_kept_and_links_expire(fixture: Fixture) {
        let now = fixture.now();
        let link = Link { page: random::id(now).expect("an id"), login: "ann@example.org".into(), expires_at: now };
        commit!(fixture.store, |tx| [link] paging::add_link(tx, [7; 32], &link).await).expect("kept");
        let wish = |sound| Preference {
            login: "ann@example.org".into(),
            time_zone: Some("Europe/Berlin".into()),
            quiet: Some((1_320, 360)),
            sound,
            changed_at: now,
        };
        for sound in [false, true] {
            let wish = wish(sound);
            commit!(fixture.store, |tx| [wish] paging::save_preference(tx, &wish).await).expect("kept");
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(paging::link(&mut conn, [7; 32]).await, Ok(Some(link)));
        assert_eq!(paging::link(&mut conn, [8; 32]).await, Ok(None));
        assert_eq!(paging::preference(&mut conn, "ann@example.org").await, Ok(Some(wish(true))));
        assert_eq!(paging::preferences(&mut conn).await.expect("wishes").len(), 1);
        drop(conn);
        fixture.clock.advance(1);
        let now = fixture.now();
        assert_eq!(commit!(fixture.store, |tx| [] paging::expire_links(tx, now).await), Ok(1));
    }
}
