//! Rows that cannot be read: does a query ask for no more than it should?

use gate_contract::postgres::random_text;

use super::{Database, place};
use crate::seed::number;

impl Database {
    /// What `work` returns while the number of pages cannot be read for any book but those with the ids in `readable`,
    /// and how many statements ran. A query for one that cannot be read fails, whatever its SQL looks like.
    ///
    /// The books that can be read have [`Self::more_pages`] meanwhile, so that nobody answers from memory.
    ///
    /// # Panics
    ///
    /// When there is no table of books, and when a statement names the table behind the books.
    pub fn with_only<T>(&mut self, readable: &[i32], work: impl FnOnce() -> T) -> (T, usize) {
        let (more, unreadable) = (Self::more_pages(), place::UNREADABLE);
        let ids = readable.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
        // Operators alone: a connection can have functions of its own, in the place of the database's.
        let pages = format!("CASE WHEN pages IS NULL THEN {more} ELSE pages + {more} END");
        let pages = format!("CASE WHEN id IN ({ids}) THEN {pages} ELSE {unreadable} END");
        // What is in this order already is read no further than somebody asks for.
        self.run_all("CREATE INDEX books_in_order ON books (title, id)");
        let read = self.behind_a_view("books", &format!("id, title, {pages} AS pages, author_id"), work);
        self.run_all("DROP INDEX books_in_order");
        read
    }

    /// What `work` returns while the end of all sessions but this one cannot be read, and how many statements ran.
    ///
    /// # Panics
    ///
    /// When there is no table of sessions, and when a statement names the table behind them.
    pub fn with_only_session<T>(&mut self, id: &str, work: impl FnOnce() -> T) -> (T, usize) {
        let end = format!("CASE WHEN id = '{id}' THEN expires_at ELSE {} END", place::UNREADABLE);
        self.behind_a_view("sessions", &format!("id, data, {end} AS expires_at"), work)
    }

    /// What `work` returns while the table shows these columns, and how many statements ran.
    fn behind_a_view<T>(&mut self, table: &str, columns: &str, work: impl FnOnce() -> T) -> (T, usize) {
        let stock = format!("stock_{}", random_text());
        self.run_all(place::BEFORE_UNREADABLE);
        self.run_all(&format!("ALTER TABLE {table} RENAME TO {stock}"));
        self.run_all(&format!("CREATE VIEW {table} AS SELECT {columns} FROM {stock}"));
        let before = self.queries().len();
        let result = work();
        let ran = self.queries().split_off(before);
        self.run_all(&format!("DROP VIEW {table}"));
        self.run_all(&format!("ALTER TABLE {stock} RENAME TO {table}"));
        if let Some(statement) = ran.iter().find(|statement| statement.contains(&stock)) {
            // The name differs each time; a verdict does not.
            let statement = statement.replace(&stock, "stock");
            panic!("this statement reads a table of the gate's own: {statement}");
        }
        (result, ran.len())
    }

    /// How many pages more a book has while others cannot be read.
    pub fn more_pages() -> i32 {
        number(40)
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::{Integer, Nullable};

    use super::*;
    use crate::Db;

    #[derive(QueryableByName)]
    struct Book {
        #[diesel(sql_type = Nullable<Integer>)]
        pages: Option<i32>,
    }

    fn shop() -> Database {
        Database::with(
            "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, pages INTEGER, author_id INTEGER);
             INSERT INTO books VALUES (1, 'Emma', 100, 7), (2, 'Persuasion', NULL, 7), (3, 'Sanditon', 50, NULL)",
        )
    }

    /// The pages that a query reads while the gate makes all books but the second unreadable.
    fn read(rest: &str) -> QueryResult<Vec<Option<i32>>> {
        let mut shop = shop();
        let mut conn = shop.connect(Db::establish);
        let query = diesel::sql_query(format!("SELECT pages FROM books {rest}"));
        let (books, queries) = shop.with_only(&[2], || query.load::<Book>(&mut conn));
        assert_eq!(queries, 1, "{rest}");
        assert_eq!(shop.rows("id, pages", "books ORDER BY id"), "id | pages\n1 | 100\n2 | NULL\n3 | 50");
        books.map(|books| books.iter().map(|book| book.pages).collect())
    }

    #[test]
    fn a_query_that_reads_more_rows_than_allowed_fails() {
        let pages = Ok(vec![Some(Database::more_pages())]);
        for rest in [
            "WHERE id = 2",
            "WHERE title LIKE 'P%' ORDER BY title, id",
            "WHERE title >= 'P' ORDER BY title, id LIMIT 1",
        ] {
            assert_eq!(read(rest), pages, "{rest}");
        }
        for rest in ["", "WHERE id < 3", "ORDER BY title LIMIT 1"] {
            assert!(read(rest).is_err(), "{rest}");
        }
    }

    #[test]
    #[should_panic(expected = "this statement reads a table of the gate's own")]
    fn the_table_behind_the_books_is_hidden_from_the_student() {
        let mut shop = shop();
        let mut conn = shop.connect(Db::establish);
        let stock = if cfg!(feature = "postgres") {
            "(SELECT tablename AS name FROM pg_tables) AS tables WHERE name LIKE 'stock~_%' ESCAPE '~'"
        } else {
            "sqlite_schema WHERE type = 'table' AND name LIKE 'stock~_%' ESCAPE '~'"
        };
        shop.with_only(&[2], || {
            let names = crate::rows(&mut conn, "name", stock);
            let (_, name) = names.split_once('\n').expect("there is a table behind the view");
            crate::rows(&mut conn, "id", name)
        });
    }
}
