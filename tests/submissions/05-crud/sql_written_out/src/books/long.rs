//! Everything that is done with authors.

use diesel::prelude::*;
use diesel::sql_types::Integer;

use groundwork::Db;
use crate::models::Author;

/// The authors of books with at least `pages` pages, each once, by name and id.
pub fn authors_of_long_books(conn: &mut Db, pages: i32) -> QueryResult<Vec<Author>> {
    // Task: Join authors with their books, keep the long ones, and return each author once.
    let long = diesel::sql_query(
        "SELECT authors.id AS id, authors.name AS name
         FROM authors
         JOIN books ON books.author_id = authors.id
         WHERE books.pages >= $1
         GROUP BY authors.id, authors.name
         ORDER BY authors.name, authors.id",
    );
    long.bind::<Integer, _>(pages).load(conn)
}
