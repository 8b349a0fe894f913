//! Hints of other nodes that something was committed.

use sqlx::postgres::PgListener;

use super::Pool;
use super::errors::classify;
use crate::Error;

/// The channel of hints between nodes.
const CHANNEL: &str = "watchfire";

/// Hints of other nodes that something was committed.
pub(crate) struct Hints(PgListener);

impl Hints {
    /// Waits for the next hint; reconnects by itself.
    pub(crate) async fn next(&mut self) -> Result<(), Error> {
        self.0.recv().await.map(drop).map_err(classify)
    }
}

impl Pool {
    /// Listens for other nodes' hints; `None` where there are no other nodes.
    pub(crate) async fn listen(&self) -> Result<Option<Hints>, Error> {
        let Self::Postgres(pool) = self else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await.map_err(classify)?;
        listener.listen(CHANNEL).await.map_err(classify)?;
        Ok(Some(Hints(listener)))
    }
}
