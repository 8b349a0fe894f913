//! Making an archive while the store is in use.

use std::collections::BTreeMap;
use std::path::Path;

use watchfire_core::text::hex;
use watchfire_core::time::{Clock, rfc3339};

use super::files::{self, BLOBS, DATABASE};
use super::manifest::FORMAT;
use super::{Manifest, copy};
use crate::args::args;
use crate::db::{Link, Pool};
use crate::{Error, Settings, Store, migrate};

/// Makes an archive in a directory that does not exist yet or is empty. All rows are of one moment; writing goes on.
///
/// # Errors
/// [`Error::Refused`] if the directory is not empty or lies in the data directory; what the file system or the database
/// answers.
pub async fn create(store: &Store, archive: &Path) -> Result<Manifest, Error> {
    from_pool(store.pool(), store.settings(), store.clock().as_ref(), archive).await
}

/// Makes an archive without opening the store: beside the process that has it open, or while none has. It reads alone and
/// needs no key.
///
/// # Errors
/// As [`create`]; [`Error::Refused`] if there is no database.
pub async fn create_beside(settings: &Settings, clock: &dyn Clock, archive: &Path) -> Result<Manifest, Error> {
    let pool = match &settings.database_url {
        Some(url) => Pool::postgres(url, 3).await?,
        None if settings.sqlite_path().exists() => Pool::onlooker(&settings.sqlite_path()).await?,
        None => return Err(Error::Refused(format!("{} holds no database", settings.data_dir.display()))),
    };
    let made = from_pool(&pool, settings, clock, archive).await;
    pool.close().await;
    made
}

async fn from_pool(pool: &Pool, settings: &Settings, clock: &dyn Clock, archive: &Path) -> Result<Manifest, Error> {
    if crate::settings::absolute(archive).starts_with(crate::settings::absolute(&settings.data_dir)) {
        return Err(Error::Refused(format!("{} lies in the data directory: give another place", archive.display())));
    }
    files::empty_dir(archive)?;
    let created_at = rfc3339(clock.now());
    let path = archive.join(DATABASE);
    if pool.engine().is_embedded() {
        vacuum(pool, &path).await?;
    } else {
        export(pool, clock, &path).await?;
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
    let (from, to) = (settings.blob_dir(), archive.to_owned());
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
async fn vacuum(pool: &Pool, path: &Path) -> Result<(), Error> {
    let name = path.to_str().ok_or_else(|| Error::Refused("the backup's path must be valid UTF-8".to_owned()))?;
    let mut link = pool.reader().await?;
    link.script(&format!("VACUUM INTO '{}'", name.replace('\'', "''"))).await
}

/// PostgreSQL's rows go into a new SQLite database, from one snapshot.
async fn export(pool: &Pool, clock: &dyn Clock, path: &Path) -> Result<(), Error> {
    let target = Pool::sqlite(path, 1).await?;
    let mut to = target.writer().await?;
    migrate::run(&mut to, clock.now()).await?;
    let mut from = pool.reader().await?;
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
