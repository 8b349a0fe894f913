//! Links that acknowledge: the hash alone is kept.

use watchfire_core::id::PageId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO page_link (hash, page_id, login, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    GET = "SELECT page_id, login, expires_at FROM page_link WHERE hash = $1";
    EXPIRE = "DELETE FROM page_link WHERE expires_at < $1";
}

/// What an acknowledgement link is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    pub page: PageId,
    pub login: String,
    pub expires_at: Timestamp,
}

/// Stores a link under the hash of its secret.
///
/// # Errors
/// What the database answers.
pub async fn add_link(tx: &mut Tx, hash: [u8; 32], link: &Link) -> Result<(), Error> {
    tx.execute(&INSERT, args![hash, link.page, &link.login, link.expires_at]).await.map(drop)
}

/// Returns what a link is for, also one that has expired.
///
/// # Errors
/// What the database answers.
pub async fn link(conn: &mut Conn, hash: [u8; 32]) -> Result<Option<Link>, Error> {
    let row = conn.first(&GET, args![hash]).await?;
    row.map(|row| Ok(Link { page: row.id("page_id")?, login: row.text("login")?, expires_at: row.time("expires_at")? }))
        .transpose()
}

/// Deletes links that expired before an instant. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn expire_links(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(&EXPIRE, args![before]).await
}
