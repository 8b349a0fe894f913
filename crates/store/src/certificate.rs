//! Certificates that were fetched to check signatures, by address.

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT = "INSERT INTO certificate (url, pem, fetched_at) VALUES ($1, $2, $3)
        ON CONFLICT (url) DO UPDATE SET pem = excluded.pem, fetched_at = excluded.fetched_at";
    GET = "SELECT pem, fetched_at FROM certificate WHERE url = $1";
    LIST = "SELECT url, pem, fetched_at FROM certificate ORDER BY url LIMIT 200";
}

/// A certificate as fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    pub url: String,
    pub pem: Vec<u8>,
    pub fetched_at: Timestamp,
}

/// Keeps a certificate.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, certificate: &Certificate) -> Result<(), Error> {
    let args = args![&certificate.url, certificate.pem.as_slice(), certificate.fetched_at];
    tx.execute(&PUT, args).await.map(drop)
}

/// Returns the certificate that was fetched from an address.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, url: &str) -> Result<Option<Certificate>, Error> {
    let Some(row) = conn.first(&GET, args![url]).await? else { return Ok(None) };
    Ok(Some(Certificate { url: url.to_owned(), pem: row.blob("pem")?, fetched_at: row.time("fetched_at")? }))
}

/// Returns all certificates, for the engine's cache.
///
/// # Errors
/// What the database answers.
pub async fn all(conn: &mut Conn) -> Result<Vec<Certificate>, Error> {
    let rows = conn.fetch(&LIST, Vec::new()).await?;
    rows.iter()
        .map(|row| Ok(Certificate { url: row.text("url")?, pem: row.blob("pem")?, fetched_at: row.time("fetched_at")? }))
        .collect()
}
