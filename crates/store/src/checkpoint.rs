//! Moving SQLite's write-ahead log into the database beside the writer, so that no commit pays for 16 MiB of it.

use std::time::Duration;

use tokio::sync::watch;

use crate::Error;
use crate::db::Pool;
use crate::writer::Progress;

/// How long commits gather before the log is moved. What is left when the log reaches its length (`wal_autocheckpoint`) is
/// moved by the commit that finds it so, and little by then.
const EVERY: Duration = Duration::from_millis(100);

/// Moves the log after commits until the store closes. A sync that fails here stops the store as one of the writer's does.
pub(crate) async fn run(pool: Pool, mut commits: watch::Receiver<Progress>, stopped: watch::Sender<Option<Error>>) {
    while commits.changed().await.is_ok() {
        tokio::time::sleep(EVERY).await;
        commits.borrow_and_update();
        let moved = match pool.upkeep().await {
            Ok(Some(mut link)) => link.checkpoint_beside().await,
            Ok(None) => return,
            Err(error) => Err(error),
        };
        match moved {
            Ok(()) => {}
            Err(error @ Error::Stopped(_)) => {
                stopped.send_replace(Some(error));
                return;
            }
            // A full disk, or the end: the writer finds out by itself, and the log is moved later.
            Err(error) => tracing::debug!(%error, "the log was not moved"),
        }
    }
}
