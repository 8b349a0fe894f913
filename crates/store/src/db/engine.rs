//! Which database it is.

use crate::statements::Sql;

/// Which database it is, for reports to people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Returns the product's name.
    pub(crate) fn title(self) -> &'static str {
        self.pick("SQLite", "PostgreSQL")
    }

    /// Tells whether the database is a file of our own.
    pub(crate) fn is_embedded(self) -> bool {
        self == Self::Sqlite
    }

    /// Returns the one that is meant for this database.
    pub(crate) fn pick<T>(self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

impl Sql {
    pub(crate) fn for_engine(&self, engine: Engine) -> &'static str {
        engine.pick(self.text, self.postgres.unwrap_or(self.text))
    }
}
