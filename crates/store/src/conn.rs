//! A connection for reading, with the keys to open what is sealed.

use std::sync::Arc;

use crate::Error;
use crate::args::Value;
use crate::blob::Blobs;
use crate::db::{Link, Row};
use crate::keys::Keyring;
use crate::statements::{Query, Sql};

/// A connection to the database: from [`crate::Store::read`], or inside of a [`crate::Tx`].
pub struct Conn {
    pub(crate) link: Link,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) blobs: Arc<Blobs>,
}

impl Conn {
    /// Runs a statement and returns its rows.
    pub(crate) async fn fetch(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.link.fetch(sql, args).await
    }

    /// Runs a query that was put together and returns its rows.
    pub(crate) async fn query(&mut self, query: Query) -> Result<Vec<Row>, Error> {
        self.link.fetch_text(&query.text, query.args).await
    }

    /// Runs a statement and returns its first row.
    pub(crate) async fn first(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Option<Row>, Error> {
        Ok(self.link.fetch(sql, args).await?.into_iter().next())
    }

    /// Runs a statement and returns how many rows it changed.
    pub(crate) async fn execute(&mut self, sql: &Sql, args: Vec<Value>) -> Result<u64, Error> {
        self.link.execute(sql, args).await
    }
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Conn")
    }
}
