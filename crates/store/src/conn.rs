//! A connection for reading, with the keys to open what is sealed.

use std::sync::Arc;

use crate::Error;
use crate::answers::{Answers, Question};
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
    /// Where answers are looked for first; `None` asks the database each time.
    pub(crate) answers: Option<Arc<Answers>>,
}

impl Conn {
    /// Runs a statement and returns its rows.
    pub(crate) async fn fetch(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        match self.answers.clone() {
            None => self.link.fetch(sql, args).await,
            Some(answers) => {
                let text = sql.for_engine(self.link.engine()).into();
                let link = &mut self.link;
                answers.to(Question { text, args }, async |question| link.fetch(sql, question.args.clone()).await).await
            }
        }
    }

    /// Runs a query that was put together and returns its rows.
    pub(crate) async fn query(&mut self, query: Query) -> Result<Vec<Row>, Error> {
        match self.answers.clone() {
            None => self.link.fetch_text(&query.text, query.args).await,
            Some(answers) => {
                let (text, args) = (query.text.into(), query.args);
                let link = &mut self.link;
                let ask = async |question: &Question| link.fetch_text(&question.text, question.args.clone()).await;
                answers.to(Question { text, args }, ask).await
            }
        }
    }

    /// Runs a statement and returns its first row.
    pub(crate) async fn first(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Option<Row>, Error> {
        Ok(self.fetch(sql, args).await?.into_iter().next())
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
