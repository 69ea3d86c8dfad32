//! A database that fails.

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use diesel::result::Error;
use gate_contract::provoked::{self, Provoked};

use super::{Database, Db};
use crate::sql_log;

impl Database {
    /// What `work` returns while the table is not there: what does the student's code do when the
    /// database fails?
    ///
    /// # Panics
    ///
    /// When there is no such table.
    pub fn without<T>(&mut self, table: &str, work: impl FnOnce() -> T) -> T {
        let provoked = self.take_away(table);
        let result = work();
        self.bring_back(table, provoked);
        result
    }

    /// The same for work that is awaited.
    ///
    /// # Panics
    ///
    /// When there is no such table.
    pub async fn without_meanwhile<T>(&mut self, table: &str, work: impl Future<Output = T>) -> T {
        let provoked = self.take_away(table);
        let result = work.await;
        self.bring_back(table, provoked);
        result
    }

    fn take_away(&mut self, table: &str) -> Provoked {
        rename(&mut self.conn, table, "elsewhere");
        // So that whoever counts the statements sees which of them belong to this.
        sql_log::note(&self.log, format!("-- while there is no table {table}:"));
        provoked::begin()
    }

    fn bring_back(&mut self, table: &str, provoked: Provoked) {
        drop(provoked);
        rename(&mut self.conn, "elsewhere", table);
    }

    /// Whether `call` returns the database's own error while the table is not there: neither an empty answer nor an
    /// error that somebody has put in its place.
    ///
    /// # Panics
    ///
    /// When there is no such table.
    pub fn fails_without<T>(&mut self, table: &str, call: impl FnOnce() -> QueryResult<T>) -> bool {
        is_the_databases(&self.without(table, call))
    }

    /// What `work` returns while each row of the table has `NULL` in a column that must not be empty: what does the
    /// student's code do when a row cannot be read?
    ///
    /// # Panics
    ///
    /// When there is no such table, or no such column.
    pub fn with_nulls<T>(&mut self, table: &str, column: &str, work: impl FnOnce() -> T) -> T {
        let columns = self.columns(table);
        let names = columns.lines().skip(1).filter_map(|line| line.split(" | ").next());
        // An expression of the column's type, without a function: a connection can have its own.
        let null = format!("CASE WHEN 1 = 0 THEN {column} END AS {column}");
        let cells = names.map(|name| if name == column { null.clone() } else { name.to_owned() });
        let cells = cells.collect::<Vec<_>>().join(", ");
        rename(&mut self.conn, table, "elsewhere");
        self.run_all(&format!("CREATE VIEW {table} AS SELECT {cells} FROM elsewhere"));
        sql_log::note(&self.log, format!("-- while {table}.{column} is NULL:"));
        let provoked = provoked::begin();
        let result = work();
        drop(provoked);
        self.run_all(&format!("DROP VIEW {table}"));
        rename(&mut self.conn, "elsewhere", table);
        result
    }
}

/// Whether this is an error that is not `NotFound`: a row that cannot be read is not a row that is not there.
pub fn is_another_error<T>(result: &QueryResult<T>) -> bool {
    result.as_ref().is_err_and(|error| *error != Error::NotFound)
}

/// Whether this is an error in the database's own words.
pub fn is_the_databases<T>(result: &QueryResult<T>) -> bool {
    result.as_ref().is_err_and(|error| matches!(error, Error::DatabaseError(..)))
}

fn rename(conn: &mut Db, from: &str, to: &str) {
    let renamed = conn.batch_execute(&format!("ALTER TABLE {from} RENAME TO {to}"));
    renamed.unwrap_or_else(|error| panic!("the table {from} cannot be renamed: {error}"));
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl;

    use super::*;

    #[test]
    fn an_empty_result_and_a_missing_row_are_not_database_errors() {
        let mut shop = Database::with("CREATE TABLE books (id INTEGER)");
        let mut conn = shop.connect(diesel::Connection::establish);
        let mut read = || diesel::sql_query("SELECT id FROM books").execute(&mut conn);
        assert!(shop.fails_without("books", &mut read));
        assert!(!shop.fails_without("books", || read().or(Ok(0))));
        assert!(!shop.fails_without("books", || read().or(Err(diesel::NotFound))));
        assert!(!shop.fails_without("books", || read().or(Err(Error::RollbackTransaction))));
        assert!(read().is_ok());
    }

    #[test]
    fn a_column_is_null_for_a_while() {
        let mut shop = Database::with(
            "CREATE TABLE authors (id INTEGER, name TEXT); INSERT INTO authors VALUES (7, 'Ann')",
        );
        let mut conn = shop.connect(<Db as diesel::Connection>::establish);
        let read = shop.with_nulls("authors", "name", || crate::rows(&mut conn, "id, name", "authors"));
        assert_eq!(read, "id | name\n7 | NULL");
        assert_eq!(shop.rows("id, name", "authors"), "id | name\n7 | Ann");
    }
}
