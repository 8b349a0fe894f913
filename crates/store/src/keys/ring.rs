//! The keys in memory, and how they are found.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use uuid::Uuid;
use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;
use zeroize::Zeroizing;

use super::file;
use super::seal::{KEY_BYTES, Place, Secret, key_of, seal, unseal};
use crate::args::{args, rows};
use crate::db::Link;
use crate::statements::statements;
use crate::{Conn, Error, Settings, Tx, random};

statements! {
    CHECK_GET = "SELECT epoch, sealed FROM key_check ORDER BY epoch DESC LIMIT 1";
    CHECK_PUT = "INSERT INTO key_check (epoch, sealed, created_at) VALUES ($1, $2, $3)";
    CHECK_DROP = "DELETE FROM key_check WHERE epoch < $1";
    INSERT = "INSERT INTO data_key (id, scope, epoch, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)";
    BY_SCOPE = "SELECT id, scope, epoch, wrapped FROM data_key WHERE scope = $1";
    BY_IDS = "SELECT k.id, k.scope, k.epoch, k.wrapped FROM EACH($1) JOIN data_key k ON k.id = r.value ->> 'id'";
    PAGE = "SELECT id, scope, epoch, wrapped FROM data_key WHERE id > $1 ORDER BY id LIMIT 500";
    REWRAP = "UPDATE data_key SET wrapped = $2, epoch = $3 WHERE id = $1";
    ERASE = "DELETE FROM data_key WHERE scope = $1 RETURNING id";
}

/// The scope of the key for what belongs to no incident.
const INSTALLATION: &str = "installation";
/// The lock under which one node at a time sets the keys up.
const SETUP: i64 = 0x7761_7463_6803;
/// How long a key is kept in memory: another node's erasure takes effect here after that.
const KEEP: Duration = Duration::from_secs(60);
/// Keys kept in memory at most.
const KEPT: usize = 10_000;

/// The key-encryption key and its number.
pub(super) struct Master {
    pub(super) epoch: i64,
    pub(super) secret: Secret,
}

/// The keys in memory.
pub(crate) struct Keyring {
    pub(super) master: RwLock<Master>,
    /// The key of what belongs to no incident: never erased, so never looked up again.
    installation: OnceLock<(Uuid, Secret)>,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    secrets: HashMap<Uuid, (Secret, Instant)>,
    scopes: HashMap<String, Uuid>,
    /// Made in the present transaction: forgotten if it is not kept.
    fresh: Vec<(String, Uuid)>,
    /// Erased in the present transaction: forgotten if it is kept.
    erased: Vec<(String, Uuid)>,
}

impl Keyring {
    /// Reads the key file and compares it with the database's check value; makes both for an empty database.
    ///
    /// # Errors
    /// [`Error::Refused`] for a missing or wrong key.
    pub(crate) async fn open(link: &mut Link, settings: &Settings, now: Timestamp) -> Result<Self, Error> {
        link.begin().await?;
        let opened = async {
            // Two nodes that meet an empty database must agree on one key.
            link.exclusive(SETUP).await?;
            let keys = Self::read(link, settings, now).await?;
            keys.find_installation(link, Some(now)).await?;
            Ok(keys)
        }
        .await;
        match opened {
            Ok(keys) => {
                link.script("COMMIT").await?;
                Ok(keys)
            }
            Err(error) => {
                link.script("ROLLBACK").await.ok();
                Err(error)
            }
        }
    }

    async fn read(link: &mut Link, settings: &Settings, now: Timestamp) -> Result<Self, Error> {
        let path = settings.key_path();
        let check = link.fetch(&CHECK_GET, Vec::new()).await?.into_iter().next();
        let secret = file::open(settings)?;
        let master = match (secret, check) {
            (Some(secret), Some(row)) => {
                let (epoch, sealed) = (row.int("epoch")?, row.blob("sealed")?);
                if verifies(epoch, &secret, &sealed) {
                    Master { epoch, secret }
                } else {
                    let next = file::successor(&path);
                    match file::read(&next)? {
                        // A rotation was interrupted after the database had changed over: the file follows now.
                        Some(secret) if verifies(epoch, &secret, &sealed) => {
                            file::replace(&next, &path)?;
                            Master { epoch, secret }
                        }
                        _ => {
                            return Err(Error::Refused(format!(
                                "the key in {} is not the one that this database was written with: give the right --key-file",
                                path.display()
                            )));
                        }
                    }
                }
            }
            (None, Some(_)) => {
                return Err(Error::Refused(format!(
                    "the key file {} is missing; without it nothing that is sealed can be read: bring it back or give its place",
                    path.display()
                )));
            }
            (secret, None) => {
                let secret = match secret {
                    Some(secret) => secret,
                    None => file::create(&path)?,
                };
                let sealed = seal(Uuid::nil(), &secret, &check_place(&1.to_string()), CHECK)?;
                link.execute(&CHECK_PUT, args![1_i64, sealed, now]).await?;
                Master { epoch: 1, secret }
            }
        };
        Ok(Self { master: RwLock::new(master), installation: OnceLock::new(), cache: Mutex::default() })
    }

    /// Opens the keys of a database that has its check value, making nothing.
    pub(crate) async fn existing(link: &mut Link, settings: &Settings) -> Result<Self, Error> {
        if link.fetch(&CHECK_GET, Vec::new()).await?.is_empty() {
            return Err(Error::Refused("the database was never opened with a key".to_owned()));
        }
        let keys = Self::read(link, settings, Timestamp::UNIX_EPOCH).await?;
        keys.find_installation(link, None).await?;
        Ok(keys)
    }

    /// Reads the installation's key, or makes it where `make` says when.
    async fn find_installation(&self, link: &mut Link, make: Option<Timestamp>) -> Result<(), Error> {
        let (id, secret) = match (link.fetch(&BY_SCOPE, args![INSTALLATION]).await?.first(), make) {
            (Some(row), _) => {
                let (id, _, secret) = self.unwrap(row)?;
                (id, secret)
            }
            (None, Some(now)) => {
                let id = random::id::<()>(now)?.uuid();
                let secret: Secret = Zeroizing::new(random::bytes()?);
                let (epoch, wrapped) = {
                    let master = self.master.read().unwrap_or_else(PoisonError::into_inner);
                    (master.epoch, Self::wrap(&master, id, INSTALLATION, &secret)?)
                };
                link.execute(&INSERT, args![id.to_string(), INSTALLATION, epoch, wrapped, now]).await?;
                (id, secret)
            }
            (None, None) => return Ok(()),
        };
        self.installation.get_or_init(|| (id, secret));
        Ok(())
    }

    /// Seals bytes that belong to no incident, outside of a transaction.
    pub(crate) fn seal_installation(&self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let (id, secret) = self.installation.get().ok_or_else(|| Error::Sealed(place.field.to_owned()))?;
        seal(*id, secret, place, plain)
    }

    /// Keeps or forgets what the transaction that just ended has made and erased.
    pub(crate) fn settle(&self, committed: bool) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let (fresh, erased) = (std::mem::take(&mut cache.fresh), std::mem::take(&mut cache.erased));
        for (scope, id) in if committed { erased } else { fresh } {
            cache.scopes.remove(&scope);
            cache.secrets.remove(&id);
        }
    }

    fn secret(&self, id: Uuid) -> Option<Secret> {
        if let Some((_, secret)) = self.installation.get().filter(|(own, _)| *own == id) {
            return Some(secret.clone());
        }
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.secrets.get(&id).filter(|(_, since)| since.elapsed() < KEEP).map(|(secret, _)| secret.clone())
    }

    fn by_scope(&self, scope: &str) -> Option<(Uuid, Secret)> {
        let id = *self.cache.lock().unwrap_or_else(PoisonError::into_inner).scopes.get(scope)?;
        Some((id, self.secret(id)?))
    }

    fn keep(&self, scope: String, id: Uuid, secret: Secret, fresh: bool) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.secrets.len() >= KEPT {
            let pinned: Vec<_> = cache.fresh.iter().map(|(_, id)| *id).collect();
            cache.secrets.retain(|id, _| pinned.contains(id));
            cache.scopes.retain(|_, id| pinned.contains(id));
        }
        if fresh {
            cache.fresh.push((scope.clone(), id));
        }
        cache.scopes.insert(scope, id);
        cache.secrets.insert(id, (secret, Instant::now()));
    }

    /// Wraps a data key under the present key-encryption key.
    pub(super) fn wrap(master: &Master, id: Uuid, scope: &str, secret: &Secret) -> Result<Vec<u8>, Error> {
        seal(Uuid::nil(), &master.secret, &wrap_place(&id.to_string(), scope, &master.epoch.to_string()), &secret[..])
    }

    /// Unwraps a data key.
    pub(super) fn unwrap(&self, row: &crate::db::Row) -> Result<(Uuid, String, Secret), Error> {
        let (id, scope) = (row.text("id")?, row.text("scope")?);
        let place_epoch = row.int("epoch")?.to_string();
        let master = self.master.read().unwrap_or_else(PoisonError::into_inner);
        let plain =
            Zeroizing::new(unseal(Uuid::nil(), &master.secret, &wrap_place(&id, &scope, &place_epoch), &row.blob("wrapped")?)?);
        let secret = <[u8; KEY_BYTES]>::try_from(plain.as_slice()).map_err(|_| Error::damaged("a data key"))?;
        Ok((id.parse().map_err(|_| Error::damaged("a data key's id"))?, scope, Zeroizing::new(secret)))
    }
}

impl Conn {
    /// Opens sealed bytes.
    pub(crate) async fn open(&mut self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let closed = || Error::Sealed(format!("{}.{}", place.table, place.field));
        let id = key_of(sealed).ok_or_else(closed)?;
        if self.keys.secret(id).is_none() {
            self.load_keys([sealed]).await?;
        }
        let secret = self.keys.secret(id).ok_or_else(closed)?;
        unseal(id, &secret, place, sealed)
    }

    /// Opens sealed text; `None` if its key was erased.
    pub(crate) async fn open_text(&mut self, place: &Place<'_>, sealed: &[u8]) -> Result<Option<String>, Error> {
        match self.open(place, sealed).await {
            Ok(plain) => String::from_utf8(plain).map(Some).map_err(|_| Error::damaged(place.field)),
            Err(Error::Sealed(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Fetches the keys of many sealed values at once, so that a page costs one look-up and not one for each row.
    pub(crate) async fn load_keys<'a>(&mut self, sealed: impl IntoIterator<Item = &'a [u8]>) -> Result<(), Error> {
        let mut ids: Vec<Uuid> = sealed.into_iter().filter_map(key_of).filter(|id| self.keys.secret(*id).is_none()).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(());
        }
        let ids = rows(ids.into_iter().map(|id| serde_json::json!({ "id": id })).collect());
        for row in self.fetch(&BY_IDS, vec![ids]).await? {
            let (id, scope, secret) = self.keys.unwrap(&row)?;
            self.keys.keep(scope, id, secret, false);
        }
        Ok(())
    }
}

impl Tx {
    /// Seals bytes under the key of the place's incident, or the installation's; makes the key if there is none yet.
    pub(crate) async fn seal(&mut self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let Some(incident) = place.incident else { return self.keys.seal_installation(place, plain) };
        let scope = scope(incident);
        let (id, secret) = match self.keys.by_scope(&scope) {
            Some(known) => known,
            None => self.find_or_make(scope).await?,
        };
        seal(id, &secret, place, plain)
    }

    async fn find_or_make(&mut self, scope: String) -> Result<(Uuid, Secret), Error> {
        if let Some(row) = self.first(&BY_SCOPE, args![&scope]).await? {
            let (id, scope, secret) = self.keys.unwrap(&row)?;
            self.keys.keep(scope, id, secret.clone(), false);
            return Ok((id, secret));
        }
        let now = self.now();
        let id: Uuid = random::id::<()>(now)?.uuid();
        let secret: Secret = Zeroizing::new(random::bytes()?);
        let (epoch, wrapped) = {
            let master = self.keys.master.read().unwrap_or_else(PoisonError::into_inner);
            (master.epoch, Keyring::wrap(&master, id, &scope, &secret)?)
        };
        self.execute(&INSERT, args![id.to_string(), &scope, epoch, wrapped, now]).await?;
        self.keys.keep(scope, id, secret.clone(), true);
        Ok((id, secret))
    }
}

/// Erases everything that was sealed under an incident's key, by deleting the key. Returns whether there was one.
///
/// Copies of the database made before still hold the wrapped key, until [`super::rotate`] makes them useless.
///
/// # Errors
/// What the database answers.
pub async fn erase_incident(tx: &mut Tx, incident: IncidentId) -> Result<bool, Error> {
    let scope = scope(incident);
    let gone = tx.fetch(&ERASE, args![&scope]).await?;
    let mut cache = tx.keys.cache.lock().unwrap_or_else(PoisonError::into_inner);
    for row in &gone {
        if let Ok(id) = row.text("id")?.parse() {
            cache.erased.push((scope.clone(), id));
        }
    }
    Ok(!gone.is_empty())
}

const CHECK: &[u8] = b"watchfire";

/// Seals the check value of a key-encryption key.
pub(super) fn check_value(master: &Master) -> Result<Vec<u8>, Error> {
    seal(Uuid::nil(), &master.secret, &check_place(&master.epoch.to_string()), CHECK)
}

fn verifies(epoch: i64, secret: &Secret, sealed: &[u8]) -> bool {
    unseal(Uuid::nil(), secret, &check_place(&epoch.to_string()), sealed).is_ok_and(|plain| plain == CHECK)
}

fn check_place(epoch: &str) -> Place<'_> {
    Place { table: "key_check", row: epoch, field: "sealed", incident: None }
}

fn wrap_place<'a>(id: &'a str, scope: &'a str, epoch: &'a str) -> Place<'a> {
    // The scope and the epoch stand where other places name a field: a wrapped key opens for its own incident alone.
    Place { table: scope, row: id, field: epoch, incident: None }
}

fn scope(incident: IncidentId) -> String {
    incident.to_string()
}
