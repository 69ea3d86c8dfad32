//! The rows as Rust sees them.

mod row;

use diesel::prelude::*;

use groundwork::{Backend, Db};
use crate::schema::books;
use row::BookRow;

#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Queryable, Selectable)]
#[diesel(table_name = books, check_for_backend(Backend))]
pub struct Book {
    pub id: i32,
    // Task: Give the struct a field for each column.
    pub title: String,
    #[diesel(column_name = pages)]
    pub pages: Option<i32>,
}

/// All books, in the order of their keys.
pub fn all_books(conn: &mut Db) -> QueryResult<Vec<Book>> {
    // Task: Load all books, ordered by their key.
    let rows = books::table.order_by(books::id.asc()).select(row::COLUMNS);
    rows.load_iter::<BookRow, _>(conn)?.map(|row| row.map(Book::from)).collect()
}
