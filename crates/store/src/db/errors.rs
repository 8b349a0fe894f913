//! The drivers' errors, sorted by what the caller can do about them.

use crate::Error;

/// Says that the first connection failed. Refused credentials and unknown databases do not mend themselves.
pub(super) fn unreachable(error: sqlx::Error) -> Error {
    match classify(error) {
        Error::Retry(why) => Error::Unavailable(why),
        Error::Database(why) => Error::Refused(format!("PostgreSQL refuses the connection: {why}")),
        other => other,
    }
}

/// Sorts the driver's errors by what the caller can do about them.
pub(super) fn classify(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(error) => {
            if error.is_unique_violation() {
                return Error::Conflict;
            }
            let code = error.code().unwrap_or_default().into_owned();
            match error.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
                Some(_) => classify_sqlite(code.parse().unwrap_or(0), error.message()),
                None => classify_postgres(&code, error.message()),
            }
        }
        sqlx::Error::Io(error) => Error::Retry(format!("connection lost: {error}")),
        sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => Error::Retry("connection lost".to_owned()),
        sqlx::Error::PoolTimedOut => Error::Unavailable("no connection within three seconds".to_owned()),
        sqlx::Error::PoolClosed => Error::Closed,
        sqlx::Error::Tls(_) => Error::Unavailable("the encrypted connection could not be set up".to_owned()),
        sqlx::Error::Configuration(error) => Error::Refused(error.to_string()),
        other => Error::Database(other.to_string()),
    }
}

/// Result codes: <https://www.sqlite.org/rescode.html>; the low byte is the primary one.
pub(crate) fn classify_sqlite(code: i64, message: &str) -> Error {
    const FSYNC: i64 = 1034;
    const DIR_FSYNC: i64 = 1290;
    let text = || format!("{message} (SQLite {code})");
    match (code, code & 0xff) {
        (FSYNC | DIR_FSYNC, _) => Error::Stopped(text()),
        (_, 5 | 6) => Error::Retry(text()),
        (_, 8 | 10 | 13 | 14) => Error::Unavailable(text()),
        (_, 11 | 26) => Error::Damaged(text()),
        _ => Error::Database(text()),
    }
}

/// Codes: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
pub(crate) fn classify_postgres(code: &str, message: &str) -> Error {
    let text = || format!("{message} (SQLSTATE {code})");
    match code {
        "40001" | "40P01" | "55P03" | "57P01" | "57P02" | "57P03" => Error::Retry(text()),
        "25006" => Error::Unavailable(text()),
        "XX001" | "XX002" => Error::Damaged(text()),
        _ if code.starts_with("08") => Error::Retry(text()),
        _ if code.starts_with("53") || code.starts_with("58") => Error::Unavailable(text()),
        _ => Error::Database(text()),
    }
}
