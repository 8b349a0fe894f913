//! A full disk: refused, nothing lost, well again when there is room.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use watchfire_core::time::Clock;

use super::harness::{Dir, Fixture};
use crate::{Error, Settings, Store, event};

/// A small file system of its own; needs the right to mount.
struct Small(PathBuf);

impl Small {
    fn mount(path: &Path) -> Option<Self> {
        std::fs::create_dir_all(path).ok()?;
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(path).output().ok()?;
        if !mounted.status.success() {
            say_left_out();
            return None;
        }
        Some(Self(path.to_owned()))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must learn which were left out")]
fn say_left_out() {
    eprintln!("left out: the full disk, because no file system can be mounted here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_loses_nothing_and_recovers() {
    let dir = Dir::new();
    let Some(small) = Small::mount(&dir.path().join("small")) else { return };
    let fixture = Fixture::sqlite().await;
    let mut settings = Settings::new(small.0.join("data"));
    settings.key_file = Some(dir.path().join("the.key"));
    let clock = Arc::clone(&fixture.clock) as Arc<dyn Clock>;
    let store = Store::open(settings.clone(), Arc::clone(&clock)).await.expect("the store opens");
    let source = watchfire_core::id::SourceId::from_parts(1, [1; 10]);
    // A ballast to take away later: what an administrator deletes to make room.
    let ballast = small.0.join("ballast");
    std::fs::write(&ballast, vec![1; 1_500_000]).expect("room for the ballast");
    let (mut kept, mut refused) = (Vec::new(), 0);
    for number in 0..400_usize {
        // Small bodies fill the database, large ones the blobs.
        let size = if number % 10 == 0 { 70_000 } else { 20_000 };
        let body: Vec<u8> = (0..size).map(|at| ((at * 31 + number * 7) % 256) as u8).collect();
        match store.append_event(fixture.event(source, None, &body)).await {
            Ok(appended) => kept.push((appended.id, body)),
            Err(Error::Unavailable(_)) => {
                refused += 1;
                if refused > 20 {
                    break;
                }
            }
            Err(other) => panic!("a full disk must be said to be unavailable, not: {other}"),
        }
    }
    assert!(refused > 20, "six megabytes were never full");
    assert!(!kept.is_empty());
    let mut conn = store.read().await.expect("reads go on");
    for (id, body) in &kept {
        assert_eq!(event::get(&mut conn, *id).await.expect("contents").expect("there").body.as_ref(), body.as_slice());
    }
    drop(conn);
    std::fs::remove_file(&ballast).expect("room again");
    // A checkpoint that was waiting for room may take it first, and gives the log's back when it is done: senders repeat.
    let mut tries = 0;
    let after = loop {
        match store.append_event(fixture.event(source, None, b"after")).await {
            Ok(after) => break after,
            Err(error) if tries >= 500 => panic!("it recovers by itself: {error:?}"),
            Err(_) => {
                tries += 1;
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        }
    };
    kept.push((after.id, b"after".to_vec()));
    store.close().await;
    drop(store);
    let store = Store::open(settings, clock).await.expect("the store opens again");
    let mut conn = store.read().await.expect("a connection");
    for (id, body) in &kept {
        assert_eq!(event::get(&mut conn, *id).await.expect("contents").expect("there").body.as_ref(), body.as_slice());
    }
    drop(conn);
    store.close().await;
    drop(small);
    fixture.end().await;
}
