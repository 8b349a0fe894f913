//! Making an archive while the store is in use.

use std::collections::BTreeMap;
use std::path::Path;

use watchfire_core::text::hex;
use watchfire_core::time::rfc3339;

use super::files::{self, BLOBS, DATABASE};
use super::manifest::FORMAT;
use super::{Manifest, copy};
use crate::args::args;
use crate::db::{Engine, Link, Pool};
use crate::{Error, Store, migrate};

/// Makes an archive in a directory that does not exist yet or is empty. All rows are of one moment; writing goes on.
///
/// # Errors
/// [`Error::Refused`] if the directory is not empty or lies in the data directory; what the file system or the database
/// answers.
pub async fn create(store: &Store, archive: &Path) -> Result<Manifest, Error> {
    let data_dir = crate::settings::absolute(&store.settings().data_dir);
    if crate::settings::absolute(archive).starts_with(&data_dir) {
        return Err(Error::Refused(format!("{} lies in the data directory: give another place", archive.display())));
    }
    files::empty_dir(archive)?;
    let created_at = rfc3339(store.clock().now());
    let path = archive.join(DATABASE);
    match store.pool().engine() {
        Engine::Sqlite => vacuum(store, &path).await?,
        Engine::Postgres => export(store, &path).await?,
    }
    files::sync(&path)?;
    let snapshot = Pool::archive(&path).await?;
    let mut link = snapshot.reader().await?;
    let rows = copy::counts(&mut link).await?;
    let (head, head_hash) = head(&mut link).await?;
    let blobs = blob_names(&mut link).await?;
    let schema = migrate::version(&mut link).await?;
    drop(link);
    snapshot.close().await;
    let (from, to) = (store.settings().blob_dir(), archive.to_owned());
    let files = files::blocking(move || {
        let mut hashes = BTreeMap::from([(DATABASE.to_owned(), files::hash(&to.join(DATABASE))?)]);
        for name in blobs {
            let relative = format!("{}/{name}.sealed", name.get(..2).unwrap_or("00"));
            let hash = files::copy(&from.join(&relative), &to.join(BLOBS).join(&relative))?;
            hashes.insert(format!("{BLOBS}/{relative}"), hash);
        }
        files::sync_tree(&to)?;
        Ok(hashes)
    })
    .await?;
    let manifest = Manifest { format: FORMAT, created_at, schema, head, head_hash, rows, files };
    manifest.write(archive)?;
    Ok(manifest)
}

/// SQLite copies itself, from one read transaction.
async fn vacuum(store: &Store, path: &Path) -> Result<(), Error> {
    let name = path.to_str().ok_or_else(|| Error::Refused("the backup's path must be valid UTF-8".to_owned()))?;
    let mut link = store.pool().reader().await?;
    link.script(&format!("VACUUM INTO '{}'", name.replace('\'', "''"))).await
}

/// PostgreSQL's rows go into a new SQLite database, from one snapshot.
async fn export(store: &Store, path: &Path) -> Result<(), Error> {
    let target = Pool::sqlite(path, 1).await?;
    let mut to = target.writer().await?;
    migrate::run(&mut to, store.clock().now()).await?;
    let mut from = store.pool().reader().await?;
    from.begin_snapshot().await?;
    to.begin().await?;
    let copied = copy::all(&mut from, &mut to).await;
    if from.script("ROLLBACK").await.is_err() {
        from.discard();
    }
    copied?;
    to.script("COMMIT").await?;
    // One file, as SQLite's own copy is: no log beside it.
    to.script("PRAGMA journal_mode = DELETE").await?;
    drop(to);
    target.close().await;
    Ok(())
}

pub(super) async fn head(link: &mut Link) -> Result<(i64, String), Error> {
    const TEXT: &str = "SELECT seq, leaf_hash FROM entry ORDER BY seq DESC LIMIT 1";
    match link.fetch_text(TEXT, args![]).await?.first() {
        Some(row) => Ok((row.int("seq")?, hex(&row.blob("leaf_hash")?))),
        None => Ok((0, String::new())),
    }
}

async fn blob_names(link: &mut Link) -> Result<Vec<String>, Error> {
    const TEXT: &str = "SELECT DISTINCT blob FROM event WHERE blob IS NOT NULL ORDER BY blob";
    link.fetch_text(TEXT, args![]).await?.iter().map(|row| row.text("blob")).collect()
}
