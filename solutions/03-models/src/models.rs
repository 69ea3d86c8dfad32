//! The structs for the rows.

use diesel::prelude::*;
use groundwork::{Backend, Db};

use crate::schema::books;

#[derive(Clone, Debug, HasQuery, PartialEq)]
#[diesel(table_name = books, check_for_backend(Backend))]
pub struct Book {
    pub id: i32,
    // Task: Give the struct a field for each column.
    pub title: String,
    pub pages: Option<i32>,
    // End of task.
}

/// Returns all books, ordered by primary key.
pub fn all_books(conn: &mut Db) -> QueryResult<Vec<Book>> {
    // Task: Load all books, ordered by their key.
    Book::query().order(books::id).load(conn)
}
