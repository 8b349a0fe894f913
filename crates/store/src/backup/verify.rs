//! Checking an archive.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use watchfire_core::access::Identity;

use super::files::{self, BLOBS, DATABASE};
use super::{Manifest, copy, create};
use crate::blob::Blobs;
use crate::db::Pool;
use crate::entry::Verified;
use crate::keys::Keyring;
use crate::{Conn, Error, Settings, entry, event, migrate};

/// How many events are opened to see that keys and contents fit.
const SAMPLES: usize = 100;

/// What a check of an archive found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    pub manifest: Manifest,
    pub record: Verified,
    /// Events whose contents were opened.
    pub opened: usize,
    /// What is wrong; empty if the archive is good.
    pub wrong: Vec<String>,
}

/// Checks an archive without changing it: the hash of every file, the database's own check, the number of rows, every leaf
/// of the record, and the contents of a hundred events, opened with the key.
///
/// # Errors
/// [`Error::Refused`] if it is no complete archive, is of a newer schema, or the key is not its key.
pub async fn verify(archive: &Path, key_file: &Path) -> Result<Report, Error> {
    let manifest = Manifest::read(archive)?;
    let mut wrong = hashes(archive, &manifest).await?;
    if !wrong.is_empty() {
        // A changed file is not even opened.
        return Ok(Report { manifest, record: Verified::default(), opened: 0, wrong });
    }
    let pool = Pool::archive(&archive.join(DATABASE)).await?;
    let mut link = pool.reader().await?;
    let schema = migrate::version(&mut link).await?;
    if schema > migrate::latest() {
        return Err(Error::Refused(format!("the backup has schema {schema}, this program knows {}", migrate::latest())));
    }
    let integrity = link.integrity().await?;
    if integrity != "ok" {
        wrong.push(format!("the database is damaged: {integrity}"));
    }
    let rows = copy::counts(&mut link).await?;
    for (table, count) in &manifest.rows {
        if rows.get(table) != Some(count) {
            wrong.push(format!("{table} has {} rows, the manifest says {count}", rows.get(table).unwrap_or(&0)));
        }
    }
    if create::head(&mut link).await? != (manifest.head, manifest.head_hash.clone()) {
        wrong.push("the record does not end where the manifest says".to_owned());
    }
    let keys = Keyring::existing(&mut link, &key_settings(archive, key_file)).await?;
    let blobs = Blobs::existing(archive.join(BLOBS));
    let mut conn = Conn { link, keys: Arc::new(keys), blobs: Arc::new(blobs), answers: None };
    let record = entry::verify(&mut conn).await?;
    wrong.extend(record.wrong.iter().cloned());
    let page = event::list(&mut conn, &Identity::machine("backup").scope(), &event::Filter::default(), None, SAMPLES).await?;
    let mut opened = 0;
    for event in page.items {
        match event::get(&mut conn, event.id).await {
            Ok(Some(_)) => opened += 1,
            Ok(None) => {}
            Err(error) => wrong.push(format!("event {}: {error}", event.id)),
        }
    }
    drop(conn);
    pool.close().await;
    Ok(Report { manifest, record, opened, wrong })
}

/// Compares every file with its hash.
pub(super) async fn hashes(archive: &Path, manifest: &Manifest) -> Result<Vec<String>, Error> {
    let (archive, files) = (archive.to_owned(), manifest.files.clone());
    files::blocking(move || {
        let mut wrong = Vec::new();
        for (name, expected) in files {
            match files::hash(&archive.join(&name)) {
                Ok(found) if found == expected => {}
                Ok(_) => wrong.push(format!("{name} was changed after the backup was made")),
                Err(_) => wrong.push(format!("{name} is missing or cannot be read")),
            }
        }
        Ok(wrong)
    })
    .await
}

fn key_settings(archive: &Path, key_file: &Path) -> Settings {
    let mut settings = Settings::new(archive);
    settings.key_file = Some(PathBuf::from(key_file));
    settings
}
