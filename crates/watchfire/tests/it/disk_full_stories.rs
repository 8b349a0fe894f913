//! The disk is full, and then it is not.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use watchfire_testkit::{Alert, Database, Folder, Server, ServerOptions, alertmanager_group, eventually, left_out};

use crate::support::{PROGRAM, deliver};

const MOUNT_MIB: usize = 48;
const RECOVERY: Duration = Duration::from_secs(10);

/// A file system of a fixed size in memory.
struct SmallDisk {
    folder: Folder,
}

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = Folder::new();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={MOUNT_MIB}m"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            left_out("the story of the full disk (this user may not mount a small file system)");
            return None;
        }
        Some(Self { folder })
    }

    fn filler(&self) -> PathBuf {
        self.folder.path().join("filler")
    }

    fn fill(&self) {
        let output = Command::new("dd")
            .args(["if=/dev/zero", "bs=4k", &format!("of={}", self.filler().display())])
            .output()
            .expect("dd is everywhere");
        assert!(!output.status.success(), "the disk is full");
    }

    fn free(&self) {
        std::fs::remove_file(self.filler()).expect("the filler was there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(self.folder.path()).status());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_deliveries_plainly_and_takes_them_again_when_there_is_room() {
    let Some(disk) = SmallDisk::mount() else { return };
    let options = ServerOptions { data: Some(disk.folder.path().join("data")), ..ServerOptions::default() };
    let server = Server::start_with(PROGRAM, Database::Sqlite, options).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let delivery = |turn: usize| {
        let host = format!("host-{turn}-{}", "x".repeat(2_000));
        alertmanager_group("DiskFull", &[Alert::firing("DiskFull", &host)])
    };
    let mut accepted = 0;
    for turn in 0..20 {
        assert!(deliver(&server, &source, &delivery(turn)).await.is_success());
        accepted += 1;
    }
    server.settled(RECOVERY).await;
    let before = server.client().list("/api/v1/alerts").await.len();
    assert_eq!(before, accepted);

    disk.fill();
    let mut refused = 0;
    for turn in 20..200 {
        let answer = deliver(&server, &source, &delivery(turn)).await;
        match answer.status {
            503 => {
                assert!(!answer.header("retry-after").is_empty(), "503 says when to come back");
                refused += 1;
                if refused == 5 {
                    break;
                }
            }
            status if (200..300).contains(&status) => accepted += 1,
            status => panic!("{status} {}: our own trouble is never the sender's fault", answer.text()),
        }
    }
    assert_eq!(refused, 5, "a full disk refuses deliveries");
    let alerts = server.client().list("/api/v1/alerts").await.len();
    assert!(alerts >= before, "reads go on: {alerts}");

    disk.free();
    eventually("deliveries are accepted again without a restart", RECOVERY, || async {
        deliver(&server, &source, &delivery(1_000)).await.is_success()
    })
    .await;
    accepted += 1;
    server.settled(RECOVERY).await;
    assert_eq!(server.client().list("/api/v1/alerts").await.len(), accepted, "what was accepted is there, and nothing else");
}
