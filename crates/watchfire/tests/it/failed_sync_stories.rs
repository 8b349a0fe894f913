//! The disk answers a sync with an error: the process accepts nothing more and ends, and what was accepted is kept.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use watchfire_testkit::{Alert, Database, Folder, Server, ServerOptions, alertmanager_group, left_out};

use crate::support::{PROGRAM, deliver, try_deliver};

const END: Duration = Duration::from_secs(60);

/// Stands before the C library: while the file that `SYNC_FAILS_WHILE` names is there, every sync fails as on a broken disk.
const SHIM: &str = r#"
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
static int broken(void) { const char *path = getenv("SYNC_FAILS_WHILE"); return path && access(path, F_OK) == 0; }
int fsync(int file) { if (broken()) { errno = EIO; return -1; } return (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { if (broken()) { errno = EIO; return -1; } return (int)syscall(SYS_fdatasync, file); }
"#;

/// Compiles the shim; `None` without a C compiler.
fn shim(folder: &Path) -> Option<String> {
    let (source, library) = (folder.join("shim.c"), folder.join("shim.so"));
    std::fs::write(&source, SHIM).expect("the test's folder takes files");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status();
    if !compiled.is_ok_and(|status| status.success()) {
        left_out("the story of the failed sync (no C compiler)");
        return None;
    }
    Some(library.display().to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_sync_ends_the_process_and_what_was_accepted_is_kept() {
    let folder = Folder::new();
    let Some(library) = shim(folder.path()) else { return };
    let switch = folder.path().join("broken");
    let environment = vec![("LD_PRELOAD".to_owned(), library), ("SYNC_FAILS_WHILE".to_owned(), switch.display().to_string())];
    let options = ServerOptions { environment, ..ServerOptions::default() };
    let mut server = Server::start_with(PROGRAM, Database::Sqlite, options).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let delivery = |turn: usize| alertmanager_group("Sync", &[Alert::firing("Sync", &format!("host-{turn}"))]);
    assert!(deliver(&server, &source, &delivery(1)).await.is_success());
    server.settled(END).await;

    std::fs::write(&switch, "").expect("the test's folder takes files");
    // Work of the server's own may meet the broken disk first: it then ends already, and the delivery finds nobody to answer it.
    if let Ok(answer) = try_deliver(&server, &source, &delivery(2)).await {
        assert_eq!(answer.status, 503, "what may not be on the disk is not acknowledged: {}", answer.text());
    }
    let ended = server.process().wait(END).expect("it ends by itself");
    assert!(!ended.success(), "a supervisor sees that it failed: {ended}");
    assert!(server.process().log().contains("storage failed"), "the log says why");

    std::fs::remove_file(&switch).expect("it was there");
    server.restart().await;
    server.settled(END).await;
    let alerts = server.client().list("/api/v1/alerts").await;
    assert!(alerts.iter().any(|alert| alert["resource"].to_string().contains("host-1")), "{alerts:?}");
    assert!(deliver(&server, &source, &delivery(3)).await.is_success(), "it accepts again");
}
