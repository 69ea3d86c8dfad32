//! Which tables an app has made for itself, and how many rows they hold.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use crate::database::Db;

/// A table that is neither given nor the database's own.
#[derive(QueryableByName)]
pub struct OwnTable {
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub rows: i64,
}

#[cfg(not(feature = "postgres"))]
const NAMES: &str =
    "SELECT name, 0 AS rows FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'";
#[cfg(feature = "postgres")]
const NAMES: &str = "SELECT table_name::text AS name, 0::bigint AS rows FROM information_schema.tables \
                     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";

/// The tables that groundwork's migrations and Diesel itself create.
const GIVEN: [&str; 3] = ["__diesel_schema_migrations", "sessions", "spent_tokens"];

/// Returns the app's own tables, ordered by name.
///
/// # Errors
///
/// When the database fails.
pub fn all(conn: &mut Db) -> QueryResult<Vec<OwnTable>> {
    let mut tables: Vec<OwnTable> = sql_query(format!("{NAMES} ORDER BY 1")).load(conn)?;
    tables.retain(|table| !GIVEN.contains(&table.name.as_str()));
    for table in &mut tables {
        let quoted = format!("\"{}\"", table.name.replace('"', "\"\""));
        let counted = format!("SELECT '' AS name, count(*) AS rows FROM {quoted}");
        table.rows = sql_query(counted).get_result::<OwnTable>(conn)?.rows;
    }
    Ok(tables)
}

/// Whether a restaurant can be stored: the app has tables of its own, and all of them are empty.
///
/// # Errors
///
/// When the database fails.
pub fn are_empty(conn: &mut Db) -> QueryResult<bool> {
    let tables = all(conn)?;
    Ok(!tables.is_empty() && tables.iter().all(|table| table.rows == 0))
}
