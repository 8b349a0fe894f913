//! Statements: constants, declared beside the code that uses them.

/// One statement in the text that both databases understand, with the few words that [`crate::db`] translates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql {
    pub(crate) text: &'static str,
    /// The text for PostgreSQL where translating words is not enough.
    pub(crate) postgres: Option<&'static str>,
}

/// Declares a module's statements as constants, and `ALL` for the registry.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $text:expr $(, postgres $other:expr)?;)+) => {
        $($(#[$meta])* pub(crate) const $name: $crate::statements::Sql = $crate::statements::Sql {
            text: $text,
            postgres: statements!(@ $($other)?),
        };)+
        /// Every statement of this file by name, for the test that prepares them on both databases.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, $crate::statements::Sql)] = &[$((stringify!($name), $name)),+];
    };
    (@) => { None };
    (@ $other:expr) => { Some($other) };
}
pub(crate) use statements;

/// A statement put together from constant fragments: a `SELECT` whose conditions depend on what is asked for.
///
/// Conditions are constants with `?` for their one argument, so no outside text ever becomes SQL.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) text: String,
    pub(crate) args: Vec<crate::args::Value>,
}

impl Query {
    /// Starts with a statement's text up to and including its first condition (`… WHERE TRUE`).
    pub(crate) fn new(base: &'static str) -> Self {
        Self { text: base.to_owned(), args: Vec::new() }
    }

    /// Binds the next argument, which the text begun with names already.
    #[must_use]
    pub(crate) fn bound(mut self, value: impl Into<crate::args::Value>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Adds a condition; each `?` in it stands for the same argument.
    #[must_use]
    pub(crate) fn and(mut self, condition: &'static str, value: impl Into<crate::args::Value>) -> Self {
        self.args.push(value.into());
        let place = format!("${}", self.args.len());
        self.text.push_str(" AND ");
        self.text.push_str(&condition.replace('?', &place));
        self
    }

    /// Adds a condition without an argument.
    #[must_use]
    pub(crate) fn and_plain(mut self, condition: &'static str) -> Self {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
        self
    }

    /// Adds a condition if there is a value for it.
    #[must_use]
    pub(crate) fn and_if<V: Into<crate::args::Value>>(self, condition: &'static str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.and(condition, value),
            None => self,
        }
    }

    /// Adds a condition on one of several words: `column IN (…)`; an empty list asks for nothing.
    #[must_use]
    pub(crate) fn and_any(mut self, column: &'static str, words: &[String]) -> Self {
        if words.is_empty() {
            return self;
        }
        let places: Vec<String> = words
            .iter()
            .map(|word| {
                self.args.push(word.into());
                format!("${}", self.args.len())
            })
            .collect();
        self.text.push_str(&format!(" AND {column} IN ({})", places.join(", ")));
        self
    }

    /// Adds a condition on one of several numbers; an empty list asks for nothing.
    #[must_use]
    pub(crate) fn and_any_int(mut self, column: &'static str, numbers: &[i64]) -> Self {
        if numbers.is_empty() {
            return self;
        }
        let places: Vec<String> = numbers
            .iter()
            .map(|number| {
                self.args.push((*number).into());
                format!("${}", self.args.len())
            })
            .collect();
        self.text.push_str(&format!(" AND {column} IN ({})", places.join(", ")));
        self
    }

    /// Adds the condition that a pair of columns comes before a pair of values.
    #[must_use]
    pub(crate) fn and_before(mut self, pair: &'static str, at: i64, id: &str) -> Self {
        self.args.push(at.into());
        self.args.push(id.into());
        let last = self.args.len();
        self.text.push_str(&format!(" AND {pair} < (${}, ${last})", last - 1));
        self
    }

    /// Ends with an order and a limit.
    #[must_use]
    pub(crate) fn ending(mut self, order: &'static str, limit: usize) -> Self {
        self.args.push(limit.into());
        self.text.push_str(&format!(" {order} LIMIT ${}", self.args.len()));
        self
    }

    /// Adds what closes a question around this one.
    #[must_use]
    pub(crate) fn closed(mut self, end: &'static str) -> Self {
        self.text.push_str(end);
        self
    }
}
