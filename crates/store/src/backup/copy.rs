//! Copying all rows from one database to another, of either kind.

use std::collections::BTreeMap;

use super::tables::{Kind, TABLES, Table};
use crate::Error;
use crate::args::Value;
use crate::db::{Link, Row};

/// Rows read at once.
const PAGE: usize = 200;

/// Copies every table; the target has the latest schema and no rows. Returns how many rows each table has.
pub(super) async fn all(from: &mut Link, to: &mut Link) -> Result<BTreeMap<String, i64>, Error> {
    // The schema brings the record's counter along.
    to.script("DELETE FROM counter").await?;
    let mut counts = BTreeMap::new();
    for table in TABLES {
        counts.insert(table.name.to_owned(), rows(table, from, to).await?);
        if table.serial
            && let Some((column, _)) = table.columns.first()
        {
            to.reset_serial(table.name, column).await?;
        }
    }
    Ok(counts)
}

/// Counts the rows of every table.
pub(super) async fn counts(link: &mut Link) -> Result<BTreeMap<String, i64>, Error> {
    let mut counts = BTreeMap::new();
    for table in TABLES {
        let found = link.fetch_text(&format!("SELECT COUNT(*) AS number FROM {}", table.name), Vec::new()).await?;
        counts.insert(table.name.to_owned(), found.first().map_or(Ok(0), |row| row.int("number"))?);
    }
    Ok(counts)
}

async fn rows(table: &Table, from: &mut Link, to: &mut Link) -> Result<i64, Error> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=names.len()).map(|at| format!("${at}")).collect();
    let key = names.iter().take(table.key).copied().collect::<Vec<_>>().join(", ");
    let columns = names.join(", ");
    let insert = format!("INSERT INTO {} ({columns}) VALUES ({})", table.name, places.join(", "));
    let first = format!("SELECT {columns} FROM {} ORDER BY {key} LIMIT {PAGE}", table.name);
    let after = format!(
        "SELECT {columns} FROM {} WHERE ({key}) > ({}) ORDER BY {key} LIMIT {PAGE}",
        table.name,
        places.iter().take(table.key).map(String::as_str).collect::<Vec<_>>().join(", ")
    );
    let mut count = 0;
    let mut page = from.fetch_text(&first, Vec::new()).await?;
    while let Some(last) = page.last() {
        let mut next = values(table, last)?;
        next.truncate(table.key);
        for row in &page {
            to.fetch_text(&insert, values(table, row)?).await?;
            count += 1;
        }
        page = from.fetch_text(&after, next).await?;
    }
    Ok(count)
}

fn values(table: &Table, row: &Row) -> Result<Vec<Value>, Error> {
    table
        .columns
        .iter()
        .map(|(name, kind)| {
            Ok(match kind {
                Kind::Int => Value::Int(row.opt_int(name)?),
                Kind::Text => Value::Text(row.opt_text(name)?),
                Kind::Blob => Value::Blob(row.opt_blob(name)?),
                Kind::Bool => Value::Bool(row.bool(name)?),
            })
        })
        .collect()
}
