//! Everything that is done with authors.

use diesel::prelude::*;

use groundwork::Db;
use crate::models::Author;
use crate::schema::{authors, books};

/// The authors of books with at least `pages` pages, each once, by name and id.
pub fn authors_of_long_books(conn: &mut Db, pages: i32) -> QueryResult<Vec<Author>> {
    // Task: Join authors with their books, keep the long ones, and return each author once.
    books::table
        .inner_join(authors::table)
        .filter(books::pages.ge(pages))
        .group_by(authors::id)
        .select(Author::as_select())
        .order_by(authors::name.asc())
        .then_order_by(authors::id.asc())
        .get_results(conn)
}
