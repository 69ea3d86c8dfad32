//! The tables at which guests sit.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Backend, Constraint, Db, violated, write};
use thiserror::Error;

use crate::schema::{orders, tables};

#[derive(Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = tables, check_for_backend(Backend))]
pub struct Table {
    pub id: i32,
    /// The number on the physical table and on every page. No page shows the id.
    pub number: i32,
    pub capacity: i32,
}

/// Why a table could not be added or removed.
#[derive(Debug, Error)]
pub enum TableError {
    /// There is no such table, or it has been removed.
    #[error("there is no such table")]
    Unknown,
    #[error("another table has this number")]
    NumberTaken,
    #[error("guests are sitting at table {table_number}")]
    Occupied { table_number: i32 },
    #[error(transparent)]
    Database(diesel::result::Error),
}

impl From<diesel::result::Error> for TableError {
    fn from(error: diesel::result::Error) -> Self {
        match violated(&error) {
            Some(Constraint::Unique(columns)) if columns == ["tables.number"] => Self::NumberTaken,
            _ => Self::Database(error),
        }
    }
}

/// All tables by number.
///
/// # Errors
///
/// When the database fails.
pub fn all(conn: &mut Db) -> QueryResult<Vec<Table>> {
    Table::query().filter(tables::retired_at.is_null()).order(tables::number).load(conn)
}

/// The free tables, by number.
///
/// # Errors
///
/// When the database fails.
pub fn free(conn: &mut Db) -> QueryResult<Vec<Table>> {
    let seated = orders::table.filter(orders::table_id.eq(tables::id).and(orders::closed_at.is_null()));
    let free = tables::retired_at.is_null().and(not(exists(seated)));
    Table::query().filter(free).order(tables::number).load(conn)
}

/// The table with this id, if it is in use.
///
/// # Errors
///
/// When the database fails.
pub fn find(conn: &mut Db, id: i32) -> QueryResult<Option<Table>> {
    Table::query().find(id).filter(tables::retired_at.is_null()).first(conn).optional()
}

/// Adds a table.
///
/// # Errors
///
/// [`TableError::NumberTaken`] if a table in use has the number.
pub fn create(conn: &mut Db, number: i32, capacity: i32) -> Result<Table, TableError> {
    let values = (tables::number.eq(number), tables::capacity.eq(capacity));
    Ok(diesel::insert_into(tables::table).values(values).returning(Table::as_returning()).get_result(conn)?)
}

/// Takes a table out of use. Its row stays, because past orders refer to it.
///
/// # Errors
///
/// [`TableError::Occupied`] if guests sit at it, and [`TableError::Unknown`] if it is not in use.
pub fn remove(conn: &mut Db, id: i32, now: Timestamp) -> Result<(), TableError> {
    write(conn, |conn| {
        let table = find(conn, id)?.ok_or(TableError::Unknown)?;
        let open = orders::table.filter(orders::table_id.eq(id).and(orders::closed_at.is_null()));
        if diesel::select(exists(open)).get_result(conn)? {
            return Err(TableError::Occupied { table_number: table.number });
        }
        diesel::update(tables::table.find(id)).set(tables::retired_at.eq(now)).execute(conn)?;
        Ok(())
    })
}
