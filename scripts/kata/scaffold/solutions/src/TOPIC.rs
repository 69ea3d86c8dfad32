//! To write: what this file is about. The function below is an example that works; replace it.

use diesel::prelude::*;
use groundwork::Db;

use crate::schema::books;

/// All titles, in order; books with equal titles by id.
pub fn all_titles(conn: &mut Db) -> QueryResult<Vec<String>> {
    // Task: Load the titles of all books, ordered by title and then by id.
    books::table.select(books::title).order((books::title, books::id)).load(conn)
}
