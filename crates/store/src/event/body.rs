//! The sealed contents of an event: headers and body in one.

use std::sync::Arc;

use bytes::Bytes;
use watchfire_core::source::Headers;

use super::NewEvent;
use crate::blob::Blobs;
use crate::keys::{Keyring, Place};
use crate::{Conn, Error};

/// Contents up to this many bytes stand in the row; larger ones are a blob.
const INLINE: usize = 64 * 1024;

/// An event with its contents sealed, ready for the transaction. Sealing and blobs are done by whoever sends, side by
/// side, so that the writer has little to do for each.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) event: NewEvent,
    pub(super) sealed: Vec<u8>,
    pub(super) blob: Option<String>,
}

/// Seals headers and body; a large body goes to disk, durably, so that no committed row lacks its blob. One whose event is
/// not kept in the end is swept up later.
pub(crate) async fn prepare(keys: &Arc<Keyring>, blobs: &Arc<Blobs>, event: NewEvent) -> Result<Prepared, Error> {
    let id = event.id.to_string();
    if event.body.len() <= INLINE {
        let sealed = keys.seal_installation(&place(&id), &join(&event.headers, &event.body))?;
        return Ok(Prepared { event, sealed, blob: None });
    }
    let (keys, blobs) = (Arc::clone(keys), Arc::clone(blobs));
    let work = move || {
        let name = Blobs::name(&event.body);
        if !blobs.contains(&name) {
            blobs.put(&name, &keys.seal_installation(&blob_place(&name), &event.body)?)?;
        }
        let sealed = keys.seal_installation(&place(&id), &join(&event.headers, &[]))?;
        Ok(Prepared { event, sealed, blob: Some(name) })
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Panicked)?
}

/// Opens what [`prepare`] sealed, and compares a blob with its hash.
pub(super) async fn open(conn: &mut Conn, id: &str, sealed: &[u8], blob: Option<String>) -> Result<(Headers, Bytes), Error> {
    let plain = conn.open(&place(id), sealed).await?;
    let (headers, body) = split(plain)?;
    let Some(name) = blob else { return Ok((headers, body)) };
    let blobs = Arc::clone(&conn.blobs);
    let file = name.clone();
    let bytes = tokio::task::spawn_blocking(move || blobs.get(&file))
        .await
        .map_err(|_| Error::Unavailable("a blob could not be read".to_owned()))??;
    let body = conn.open(&blob_place(&name), &bytes).await?;
    if Blobs::name(&body) != name {
        return Err(Error::damaged(format!("blob {name}")));
    }
    Ok((headers, Bytes::from(body)))
}

fn place(id: &str) -> Place<'_> {
    Place { table: "event", row: id, field: "sealed", incident: None }
}

fn blob_place(name: &str) -> Place<'_> {
    Place { table: "blob", row: name, field: "bytes", incident: None }
}

/// Four bytes of length, the headers as a JSON list of pairs, the body.
fn join(headers: &Headers, body: &[u8]) -> Vec<u8> {
    let pairs: Vec<_> = headers.iter().collect();
    let pairs = serde_json::to_vec(&pairs).unwrap_or_default();
    let mut plain = Vec::with_capacity(4 + pairs.len() + body.len());
    plain.extend_from_slice(&u32::try_from(pairs.len()).unwrap_or(0).to_be_bytes());
    plain.extend_from_slice(&pairs);
    plain.extend_from_slice(body);
    plain
}

fn split(plain: Vec<u8>) -> Result<(Headers, Bytes), Error> {
    let damaged = || Error::damaged("an event's contents");
    let plain = Bytes::from(plain);
    let length = plain.get(..4).and_then(|head| head.try_into().ok()).map(u32::from_be_bytes).ok_or_else(damaged)?;
    let end = usize::try_from(length).ok().and_then(|length| length.checked_add(4)).ok_or_else(damaged)?;
    let pairs: Vec<(&str, &str)> =
        serde_json::from_slice(plain.get(4..end).ok_or_else(damaged)?).or_else(|_| Ok::<_, Error>(Vec::new()))?;
    let headers = pairs.into_iter().collect();
    Ok((headers, plain.slice(end..)))
}
