//! Everything that is done with books.

mod long;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Nullable, Text};

use groundwork::Db;
use crate::models::{Author, Book, NewBook};
use groundwork::write;

pub use long::authors_of_long_books;

/// Stores a new book and returns its row.
pub fn create_book(conn: &mut Db, new: &NewBook<'_>) -> QueryResult<Book> {
    // Task: Insert the book and return the stored row.
    let insert = sql_query(
        "INSERT INTO books (title, pages, author_id) VALUES ($1, $2, $3)
         RETURNING id, title, pages, author_id",
    );
    insert
        .bind::<Text, _>(new.title)
        .bind::<Nullable<Integer>, _>(new.pages)
        .bind::<Nullable<Integer>, _>(new.author_id)
        .get_result(conn)
}

/// All books by title; those with equal titles by id.
pub fn all_books(conn: &mut Db) -> QueryResult<Vec<Book>> {
    // Task: Load all books, ordered by title and then by id.
    sql_query("SELECT id, title, pages, author_id FROM books ORDER BY title, id").load(conn)
}

/// The book with this id, if there is one.
pub fn find_book(conn: &mut Db, id: i32) -> QueryResult<Option<Book>> {
    // Task: Find the book by its primary key; a missing book is not an error.
    let mut found: Vec<Book> = sql_query("SELECT id, title, pages, author_id FROM books WHERE id = $1")
        .bind::<Integer, _>(id)
        .load(conn)?;
    Ok(found.pop())
}

/// The books whose titles begin with `prefix`, by title and id. Capitals count.
pub fn books_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Vec<Book>> {
    // Task: Load the books whose titles start with the prefix, ordered by title and then by id.
    sql_query(
        r"SELECT id, title, pages, author_id FROM books
          WHERE title LIKE $1 ESCAPE '\'
          ORDER BY title, id",
    )
    .bind::<Text, _>(starting_with(prefix))
    .load(conn)
}

/// The first of [`books_starting_with`], if there is one.
pub fn first_book_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Option<Book>> {
    // Task: Let the database return only the first book of `books_starting_with`.
    sql_query(
        r"SELECT id, title, pages, author_id FROM books
          WHERE title LIKE $1 ESCAPE '\'
          ORDER BY title, id
          LIMIT 1",
    )
    .bind::<Text, _>(starting_with(prefix))
    .get_result(conn)
    .optional()
}

/// A `LIKE` pattern for texts that begin with `prefix`.
///
/// In a pattern `%` stands for any text and `_` for any character. In a prefix that somebody
/// typed they stand for themselves, so each gets a backslash before it. Which character escapes
/// differs between databases; `.escape('\\')` on the `like` settles it.
fn starting_with(prefix: &str) -> String {
    let escaped = prefix.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("{escaped}%")
}

/// Makes `author_id` the author of a book and returns its new row.
///
/// # Errors
///
/// `diesel::NotFound` if there is no such book.
pub fn set_author(conn: &mut Db, book_id: i32, author_id: i32) -> QueryResult<Book> {
    // Task: Update the author of this one book and return the new row.
    // No row that matches is no row that is returned, and for that Diesel says `NotFound`.
    sql_query("UPDATE books SET author_id = $1 WHERE id = $2 RETURNING id, title, pages, author_id")
        .bind::<Integer, _>(author_id)
        .bind::<Integer, _>(book_id)
        .get_result(conn)
}

/// Deletes a book.
///
/// # Errors
///
/// `diesel::NotFound` if there is no such book.
pub fn delete_book(conn: &mut Db, id: i32) -> QueryResult<()> {
    // Task: Delete the book; if no row was deleted, return `diesel::NotFound`.
    let deleted = sql_query("DELETE FROM books WHERE id = $1").bind::<Integer, _>(id).execute(conn)?;
    if deleted == 0 { Err(diesel::NotFound) } else { Ok(()) }
}

/// Stores a series of books by one author: all of them, or none.
///
/// # Errors
///
/// `diesel::NotFound` if there is no such author; the database's refusal of the first bad title.
pub fn publish_series(conn: &mut Db, author_id: i32, titles: &[&str]) -> QueryResult<Vec<Book>> {
    // Task: In one `write`, find the author, then create a book for each title.
    write(conn, |conn| {
        let author: Author = sql_query("SELECT id, name FROM authors WHERE id = $1")
            .bind::<Integer, _>(author_id)
            .get_result(conn)?;
        let mut series = Vec::with_capacity(titles.len());
        for title in titles {
            series.push(create_book(conn, &NewBook { title, pages: None, author_id: Some(author.id) })?);
        }
        Ok(series)
    })
}
