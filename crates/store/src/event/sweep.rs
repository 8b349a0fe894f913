//! Blobs that no event refers to.

use std::time::Duration;

use serde_json::json;

use crate::args::rows;
use crate::statements::statements;
use crate::{Error, Store};

statements! {
    REFERRED = "SELECT DISTINCT e.blob FROM EACH($1) JOIN event e ON e.blob = r.value ->> 'name'";
}

/// A blob is written before its row is committed; one younger than this may still get its row.
const YOUNG: Duration = Duration::from_secs(3_600);

/// Deletes blobs that no event refers to and that are older than an hour: they stem from transactions that were not kept.
/// Returns how many.
///
/// # Errors
/// What the file system or the database answers.
pub async fn sweep_blobs(store: &Store) -> Result<u64, Error> {
    let mut conn = store.read().await?;
    let mut swept = store.blobs().sweep_parts(YOUNG)?;
    for names in store.blobs().names()?.chunks(500) {
        let old: Vec<_> = names.iter().filter(|name| store.blobs().age(name).is_some_and(|age| age > YOUNG)).collect();
        let asked = rows(old.iter().map(|name| json!({ "name": name })).collect());
        let mut referred = Vec::new();
        for row in conn.fetch(&REFERRED, vec![asked]).await? {
            referred.push(row.text("blob")?);
        }
        for name in old.into_iter().filter(|name| !referred.contains(name)) {
            store.blobs().remove(name)?;
            swept += 1;
        }
    }
    Ok(swept)
}
