//! Changing the key-encryption key.

use std::path::Path;
use std::sync::PoisonError;

use super::file;
use super::ring::{CHECK_DROP, CHECK_PUT, Keyring, Master, PAGE, REWRAP, check_value};
use crate::args::args;
use crate::{Error, Store, Work};

/// Replaces the key-encryption key: makes a new one, wraps every data key anew and puts the new file in the old one's
/// place. Copies of the old data keys are useless once the old key is gone. Returns how many keys were wrapped anew.
///
/// A crash at any moment leaves the old key with the old wraps or the new key with the new ones; the file follows at the
/// next start. Other nodes on the same database must be stopped and given the new file.
///
/// # Errors
/// What the file system or the database answers; the old key then still holds.
pub async fn rotate(store: &Store, key_file: &Path) -> Result<u64, Error> {
    let next = file::successor(key_file);
    if file::read(&next)?.is_some() {
        // Of a rotation that never reached the database; the present key has been verified at start.
        std::fs::remove_file(&next).map_err(|why| Error::file(format!("the key file {}", next.display()), &why))?;
    }
    let secret = file::create(&next)?;
    let fresh = secret.clone();
    let (epoch, count) = store
        .write(move |tx| {
            let secret = fresh.clone();
            Box::pin(async move {
                let epoch = tx.keys.master.read().unwrap_or_else(PoisonError::into_inner).epoch + 1;
                let master = Master { epoch, secret };
                let (mut after, mut count) = (String::new(), 0_u64);
                loop {
                    let page = tx.fetch(&PAGE, args![&after]).await?;
                    let Some(last) = page.last() else { break };
                    after = last.text("id")?;
                    for row in &page {
                        let (id, scope, secret) = tx.keys.unwrap(row)?;
                        let wrapped = Keyring::wrap(&master, id, &scope, &secret)?;
                        tx.execute(&REWRAP, args![id.to_string(), wrapped, epoch]).await?;
                        count += 1;
                    }
                }
                let now = tx.now();
                tx.execute(&CHECK_PUT, args![epoch, check_value(&master)?, now]).await?;
                tx.execute(&CHECK_DROP, args![epoch]).await?;
                Ok((epoch, count))
            }) as Work<'_, (i64, u64)>
        })
        .await?;
    file::replace(&next, key_file)?;
    *store.keyring().master.write().unwrap_or_else(PoisonError::into_inner) = Master { epoch, secret };
    Ok(count)
}
