//! What opening refuses.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use watchfire_core::time::Clock;

use super::harness::{Dir, Fixture, on_both};
use crate::{Error, Settings, Store};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_on_the_same_directory_is_refused_by_number() {
    let fixture = Fixture::sqlite().await;
    let refused = fixture.second().await.expect_err("it is in use");
    let Error::Refused(text) = refused else { panic!("{refused}") };
    assert!(text.contains(&std::process::id().to_string()), "{text}");
    fixture.end().await;
}

on_both! {
    async fn a_wrong_key_is_refused(fixture: Fixture) {
        fixture.store.close().await;
        let mut settings = fixture.settings();
        let other = Dir::new();
        // The key of another installation.
        let clock = Arc::clone(&fixture.clock) as Arc<dyn Clock>;
        let stranger = Store::open(Settings::new(other.path().join("data")), Arc::clone(&clock)).await.expect("a store");
        stranger.close().await;
        settings.key_file = Some(stranger.key_path());
        settings.data_dir = other.path().join("elsewhere");
        if settings.database_url.is_none() {
            std::fs::create_dir_all(&settings.data_dir).expect("a directory");
            std::fs::copy(fixture.settings().sqlite_path(), settings.sqlite_path()).expect("a copy");
        }
        let refused = Store::open(settings.clone(), Arc::clone(&clock)).await.expect_err("the key is wrong");
        assert!(matches!(&refused, Error::Refused(text) if text.contains("not the one")), "{refused}");
        settings.key_file = Some(other.path().join("nothing.key"));
        let refused = Store::open(settings, clock).await.expect_err("the key is missing");
        assert!(matches!(&refused, Error::Refused(text) if text.contains("missing")), "{refused}");
        assert!(!other.path().join("nothing.key").exists(), "no new key is made for a database that has one");
    }
}

#[tokio::test]
async fn a_key_file_that_others_may_read_is_refused() {
    let mut fixture = Fixture::sqlite().await;
    let path = fixture.store.key_path();
    let mode = std::fs::metadata(&path).expect("the key file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o400);
    fixture.store.close().await;
    for mode in [0o440, 0o404, 0o600, 0o500] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("the mode");
        let dir = Dir::new();
        let mut settings = Settings::new(dir.path().join("data"));
        settings.key_file = Some(path.clone());
        let clock = Arc::clone(&fixture.clock) as Arc<dyn Clock>;
        let refused = Store::open(settings, clock).await.expect_err("the mode is too wide");
        assert!(matches!(&refused, Error::Refused(text) if text.contains("chmod 0400")), "{mode:o}: {refused}");
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).expect("the mode");
    fixture.reopen().await;
    fixture.end().await;
}

#[tokio::test]
async fn a_key_file_inside_of_the_data_directory_is_refused() {
    let dir = Dir::new();
    let mut settings = Settings::new(dir.path().join("data"));
    settings.key_file = Some(dir.path().join("data").join("the.key"));
    let fixture = Fixture::sqlite().await;
    let clock = Arc::clone(&fixture.clock) as Arc<dyn Clock>;
    let refused = Store::open(settings, clock).await.expect_err("the key lies with the data");
    assert!(matches!(&refused, Error::Refused(text) if text.contains("move it out")), "{refused}");
    fixture.end().await;
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused_without_repeating_it() {
    let fixture = Fixture::sqlite().await;
    for url in ["sqlite:///tmp/x.db?synchronous=off", "mysql://u:hunter2@h/d", "postgres://u:hunter2@h:notaport/d", ""] {
        let dir = Dir::new();
        let mut settings = Settings::new(dir.path().join("data"));
        settings.database_url = Some(url.to_owned());
        let clock = Arc::clone(&fixture.clock) as Arc<dyn Clock>;
        let refused = Store::open(settings, clock).await.expect_err("no such database");
        assert!(matches!(refused, Error::Refused(_)), "{url}: {refused}");
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }
    fixture.end().await;
}

#[tokio::test]
async fn postgres_that_does_not_sync_is_refused() {
    let Some(fixture) = Fixture::postgres().await else { return };
    let mut settings = fixture.settings();
    let url = settings.database_url.take().expect("an address");
    settings.database_url = Some(format!("{url}?options=-c%20synchronous_commit%3Doff"));
    let clock = Arc::clone(&fixture.clock) as Arc<dyn Clock>;
    let refused = Store::open(settings, clock).await.expect_err("commits may be lost");
    assert!(matches!(&refused, Error::Refused(text) if text.contains("synchronous_commit")), "{refused}");
    fixture.end().await;
}

on_both! {
    async fn a_newer_schema_is_refused(fixture: Fixture) {
        let mut link = fixture.behind_our_back().await;
        link.script("INSERT INTO schema_version (version, applied_at) VALUES (999, 0)").await.expect("a version");
        drop(link);
        fixture.store.close().await;
        let mut link = fixture.behind_our_back().await;
        let refused = crate::migrate::run(&mut link, fixture.now()).await.expect_err("too new");
        assert!(matches!(&refused, Error::Refused(text) if text.contains("999")), "{refused}");
        drop(link);
    }
}

on_both! {
    async fn it_opens_again_with_everything(mut fixture: Fixture) {
        let source = fixture.source("one").await;
        let kept = fixture.store.append_event(fixture.event(source, None, b"body")).await.expect("an event");
        fixture.reopen().await;
        let mut conn = fixture.store.read().await.expect("a connection");
        let event = crate::event::get(&mut conn, kept.id).await.expect("the event").expect("it is there");
        assert_eq!(event.body.as_ref(), b"body");
        drop(conn);
        let health = fixture.store.health().await.expect("healthy");
        assert_eq!(health.schema, crate::migrate::latest());
    }
}
