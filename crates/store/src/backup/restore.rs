//! Bringing an archive back.

use std::path::Path;
use std::sync::Arc;

use watchfire_core::time::Clock;

use super::files::{self, BLOBS, DATABASE};
use super::{Report, copy, verify};
use crate::db::Pool;
use crate::{Error, Settings, Store, migrate};

/// Restores an archive into an empty target: a data directory without a database, or an empty PostgreSQL database. The
/// archive is checked first; nothing is written if anything about it is wrong. The key file must be in its place already.
///
/// Sessions and sign-in links of the archive end: whoever had one signs in again.
///
/// # Errors
/// [`Error::Refused`] names what is in the way.
pub async fn restore(archive: &Path, settings: Settings, clock: Arc<dyn Clock>) -> Result<Report, Error> {
    let report = verify(archive, &settings.key_path()).await?;
    if let Some(first) = report.wrong.first() {
        return Err(Error::Refused(format!("the backup is damaged, nothing was restored: {first}")));
    }
    let database = settings.sqlite_path();
    if settings.database_url.is_none() && database.exists() {
        return Err(Error::Refused(format!("{} exists: restore into an empty data directory", database.display())));
    }
    let blob_dir = settings.blob_dir();
    files::empty_dir(&blob_dir)?;
    let (from, names) = (archive.to_owned(), report.manifest.files.keys().cloned().collect::<Vec<_>>());
    let to = blob_dir.clone();
    files::blocking(move || {
        for name in names.iter().filter_map(|name| name.strip_prefix(BLOBS)?.strip_prefix('/')) {
            files::copy(&from.join(BLOBS).join(name), &to.join(name))?;
        }
        files::sync_tree(&to)
    })
    .await?;
    match &settings.database_url {
        None => {
            let (from, to) = (archive.join(DATABASE), database);
            files::blocking(move || files::copy(&from, &to)).await?;
            files::sync(&settings.data_dir)?;
        }
        Some(url) => import(archive, url, clock.as_ref()).await?,
    }
    let store = Store::open(settings, clock).await?;
    let ended = store.write(|tx| Box::pin(async move { crate::session::delete_all(tx).await }) as crate::Work<'_, u64>).await;
    store.close().await;
    ended.map(|_| report)
}

/// Copies an archive's rows into PostgreSQL, in one transaction.
async fn import(archive: &Path, url: &str, clock: &dyn Clock) -> Result<(), Error> {
    let (source, target) = (Pool::archive(&archive.join(DATABASE)).await?, Pool::postgres(url, 3).await?);
    let mut to = target.writer().await?;
    if to.has_table("entry").await? && copy::counts(&mut to).await?.iter().any(|(name, rows)| name != "counter" && *rows > 0) {
        return Err(Error::Refused("the PostgreSQL database is not empty: restore into a new one".to_owned()));
    }
    migrate::run(&mut to, clock.now()).await?;
    let mut from = source.reader().await?;
    to.begin().await?;
    match copy::all(&mut from, &mut to).await {
        Ok(_) => to.script("COMMIT").await?,
        Err(error) => {
            to.rollback().await;
            return Err(error);
        }
    }
    // Closing a pool waits for every connection that is out.
    drop((from, to));
    source.close().await;
    target.close().await;
    Ok(())
}
