//! One row, read by column name.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use watchfire_core::id::Id;
use watchfire_core::time::{Timestamp, from_micros};

use crate::Error;

/// One row of an answer, read by column name. Cheap to clone.
#[derive(Clone)]
pub(crate) enum Row {
    Sqlite(Arc<SqliteRow>),
    Postgres(Arc<PgRow>),
}

/// Writes a getter for both kinds of row.
macro_rules! getter {
    ($(#[$meta:meta])* $name:ident, $type:ty) => {
        $(#[$meta])*
        pub(crate) fn $name(&self, column: &str) -> Result<$type, Error> {
            match self {
                Self::Sqlite(row) => row.try_get(column),
                Self::Postgres(row) => row.try_get(column),
            }
            .map_err(|error| Error::Damaged(format!("column {column}: {error}")))
        }
    };
}

impl Row {
    getter!(int, i64);
    getter!(opt_int, Option<i64>);
    getter!(text, String);
    getter!(opt_text, Option<String>);
    getter!(blob, Vec<u8>);
    getter!(opt_blob, Option<Vec<u8>>);
    getter!(bool, bool);

    /// Reads an id.
    pub(crate) fn id<K>(&self, column: &str) -> Result<Id<K>, Error> {
        self.text(column)?.parse().map_err(|_| Error::Damaged(format!("column {column} holds no id")))
    }

    /// Reads an id that may be absent.
    pub(crate) fn opt_id<K>(&self, column: &str) -> Result<Option<Id<K>>, Error> {
        let text = self.opt_text(column)?;
        text.map(|text| text.parse().map_err(|_| Error::Damaged(format!("column {column} holds no id")))).transpose()
    }

    /// Reads a word of a fixed vocabulary.
    pub(crate) fn word<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
        parse(&self.text(column)?).ok_or_else(|| Error::Damaged(format!("column {column} holds an unknown word")))
    }

    /// Reads JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, Error> {
        serde_json::from_str(&self.text(column)?).map_err(|error| Error::Damaged(format!("column {column}: {error}")))
    }

    /// Reads an instant.
    pub(crate) fn time(&self, column: &str) -> Result<Timestamp, Error> {
        self.int(column).map(from_micros)
    }

    /// Reads an instant that may be absent.
    pub(crate) fn opt_time(&self, column: &str) -> Result<Option<Timestamp>, Error> {
        Ok(self.opt_int(column)?.map(from_micros))
    }

    pub(super) fn first_text(&self) -> Result<String, Error> {
        match self {
            Self::Sqlite(row) => row.try_get(0),
            Self::Postgres(row) => row.try_get(0),
        }
        .map_err(Error::damaged)
    }

    pub(super) fn first_int(&self) -> Result<i64, Error> {
        match self {
            Self::Sqlite(row) => row.try_get(0),
            Self::Postgres(row) => row.try_get(0),
        }
        .map_err(Error::damaged)
    }
}
