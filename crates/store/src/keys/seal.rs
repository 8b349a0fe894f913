//! Sealing: AES-256-GCM, bound to the place where the bytes stand.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use uuid::Uuid;
use watchfire_core::id::IncidentId;
use zeroize::Zeroizing;

use crate::{Error, random};

/// Bytes of every key.
pub(crate) const KEY_BYTES: usize = 32;
/// The secret bytes of a key; wiped when dropped.
pub(crate) type Secret = Zeroizing<[u8; KEY_BYTES]>;

const VERSION: u8 = 1;
const HEAD: usize = 1 + 16 + NONCE_LEN;

/// Where sealed bytes stand. It is bound into them, so that bytes moved to another row or field do not open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) table: &'a str,
    pub(crate) row: &'a str,
    pub(crate) field: &'a str,
    /// Whose key is used: an incident's, or the installation's.
    pub(crate) incident: Option<IncidentId>,
}

impl Place<'_> {
    fn aad(&self, key: Uuid) -> String {
        let incident = self.incident.map(|id| id.to_string()).unwrap_or_default();
        format!("v1|{}|{}|{incident}|{}|{key}", self.table, self.row, self.field)
    }
}

/// Seals bytes: version, key id, random nonce, ciphertext and tag.
pub(crate) fn seal(key: Uuid, secret: &Secret, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce: [u8; NONCE_LEN] = random::bytes()?;
    let mut sealed = Vec::with_capacity(HEAD + plain.len() + AES_256_GCM.tag_len());
    sealed.push(VERSION);
    sealed.extend_from_slice(key.as_bytes());
    sealed.extend_from_slice(&nonce);
    let mut body = plain.to_vec();
    cipher(secret)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.aad(key)), &mut body)
        .map_err(|_| Error::Sealed(place.field.to_owned()))?;
    sealed.append(&mut body);
    Ok(sealed)
}

/// Tells which key sealed bytes need.
pub(crate) fn key_of(sealed: &[u8]) -> Option<Uuid> {
    (sealed.first() == Some(&VERSION)).then_some(())?;
    Uuid::from_slice(sealed.get(1..17)?).ok()
}

/// Opens sealed bytes with the key that they name.
pub(crate) fn unseal(key: Uuid, secret: &Secret, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let closed = || Error::Sealed(format!("{}.{}", place.table, place.field));
    let (head, body) = sealed.split_at_checked(HEAD).ok_or_else(closed)?;
    let nonce: [u8; NONCE_LEN] = head.get(17..).and_then(|bytes| bytes.try_into().ok()).ok_or_else(closed)?;
    let mut body = body.to_vec();
    let length = cipher(secret)?
        .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(place.aad(key)), &mut body)
        .map_err(|_| closed())?
        .len();
    body.truncate(length);
    Ok(body)
}

fn cipher(secret: &Secret) -> Result<LessSafeKey, Error> {
    UnboundKey::new(&AES_256_GCM, &secret[..]).map(LessSafeKey::new).map_err(|_| Error::Sealed("a key".to_owned()))
}
