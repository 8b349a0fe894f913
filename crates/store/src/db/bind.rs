//! Running one statement with its arguments.

use std::sync::Arc;

use sqlx::AssertSqlSafe;

use super::errors::classify;
use super::words::{constant, translate};
use super::{Link, Row};
use crate::Error;
use crate::args::Value;
use crate::statements::Sql;

/// Binds the arguments of a query of either database.
macro_rules! bound {
    ($text:expr, $args:expr) => {
        $args.into_iter().fold(sqlx::query($text), |query, value| match value {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Blob(value) => query.bind(value),
            Value::Bool(value) => query.bind(value),
        })
    };
}

/// Runs a bound text to its rows, on whichever database it is.
macro_rules! fetched {
    ($link:expr, $text:expr, $args:expr) => {
        match $link {
            Link::Sqlite(conn) => {
                let rows = bound!($text, $args).fetch_all(&mut **conn).await.map_err(classify)?;
                Ok(rows.into_iter().map(|row| Row::Sqlite(Arc::new(row))).collect())
            }
            Link::Postgres(conn) => {
                let rows = bound!($text, $args).fetch_all(&mut **conn).await.map_err(classify)?;
                Ok(rows.into_iter().map(|row| Row::Postgres(Arc::new(row))).collect())
            }
        }
    };
}

impl Link {
    /// Runs a statement and returns its rows.
    pub(crate) async fn fetch(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        let text = AssertSqlSafe(self.text_of(sql));
        fetched!(self, text, args)
    }

    /// Runs a text that has been put together from constants; its translated words are still translated.
    pub(crate) async fn fetch_text(&mut self, text: &str, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        // Safe: texts are constants, or constant fragments joined by `Query`; values only ever are arguments.
        let text = AssertSqlSafe(translate(text, self.engine()).into_owned());
        fetched!(self, text, args)
    }

    /// Runs a statement and returns how many rows it changed.
    pub(crate) async fn execute(&mut self, sql: &Sql, args: Vec<Value>) -> Result<u64, Error> {
        let text = AssertSqlSafe(self.text_of(sql));
        match self {
            Self::Sqlite(conn) => Ok(bound!(text, args).execute(&mut **conn).await.map_err(classify)?.rows_affected()),
            Self::Postgres(conn) => Ok(bound!(text, args).execute(&mut **conn).await.map_err(classify)?.rows_affected()),
        }
    }

    fn text_of(&self, sql: &Sql) -> Arc<str> {
        constant(sql.for_engine(self.engine()), self.engine())
    }
}
