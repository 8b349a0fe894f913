//! All SQL and blobs: SQLite and PostgreSQL behind one code path, the record, the keys.
