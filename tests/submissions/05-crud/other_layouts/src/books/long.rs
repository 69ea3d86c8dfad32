//! Everything that is done with authors.

use diesel::prelude::*;

use groundwork::Db;
use crate::models::Author;
use crate::schema::{authors, books};

/// The authors of books with at least `pages` pages, each once, by name and id.
pub fn authors_of_long_books(conn: &mut Db, pages: i32) -> QueryResult<Vec<Author>> {
    // Task: Join authors with their books, keep the long ones, and return each author once.
    let pairs = books::table
        .inner_join(authors::table)
        .filter(books::pages.is_not_null().and(books::pages.assume_not_null().ge(pages)))
        .order_by((authors::name, authors::id))
        .select(Author::as_select());
    // Sorted like this, the rows of one author stand side by side.
    let mut found: Vec<Author> = Vec::new();
    for author in pairs.load_iter(conn)? {
        let author = author?;
        if found.last() != Some(&author) {
            found.push(author);
        }
    }
    Ok(found)
}
