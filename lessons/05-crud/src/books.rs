//! Everything that is done with books.

use diesel::prelude::*;
use groundwork::{Db, write};

use crate::models::{Author, Book, NewBook};
use crate::schema::{authors, books};

/// Stores a new book and returns its row.
pub fn create_book(conn: &mut Db, new: &NewBook<'_>) -> QueryResult<Book> {
    // Task: Insert the book and return the stored row.
    todo!("Insert the book and return the stored row")
}

/// All books by title; those with equal titles by id.
pub fn all_books(conn: &mut Db) -> QueryResult<Vec<Book>> {
    // Task: Load all books, ordered by title and then by id.
    todo!("Load all books, ordered by title and then by id")
}

/// The book with this id, if there is one.
pub fn find_book(conn: &mut Db, id: i32) -> QueryResult<Option<Book>> {
    // Task: Find the book by its primary key; no such book is no error.
    todo!("Find the book by its primary key; no such book is no error")
}

/// The books whose titles begin with `prefix`, by title and id. Capitals count.
pub fn books_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Vec<Book>> {
    // Task: Load the books whose titles are like the prefix, ordered by title and then by id.
    todo!("Load the books whose titles are like the prefix, ordered by title and then by id")
}

/// The first of [`books_starting_with`], if there is one.
pub fn first_book_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Option<Book>> {
    // Task: Let the database return the first such book alone.
    todo!("Let the database return the first such book alone")
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

/// The authors of books with at least `pages` pages, each once, by name and id.
pub fn authors_of_long_books(conn: &mut Db, pages: i32) -> QueryResult<Vec<Author>> {
    // Task: Join authors with their books, keep the long ones, and name each author once.
    todo!("Join authors with their books, keep the long ones, and name each author once")
}

/// Makes `author_id` the author of a book and returns its new row; `NotFound` if there is no such book.
pub fn set_author(conn: &mut Db, book_id: i32, author_id: i32) -> QueryResult<Book> {
    // Task: Update the author of this one book and return the new row.
    todo!("Update the author of this one book and return the new row")
}

/// Deletes a book; `NotFound` if there is no such book.
pub fn delete_book(conn: &mut Db, id: i32) -> QueryResult<()> {
    // Task: Delete the book; if no row was deleted, say `diesel::NotFound`.
    todo!("Delete the book; if no row was deleted, say `diesel::NotFound`")
}

/// Stores a series of books by one author: all of them, or, when the author does not exist (`NotFound`) or the
/// database refuses a title, none.
pub fn publish_series(conn: &mut Db, author_id: i32, titles: &[&str]) -> QueryResult<Vec<Book>> {
    // Task: In one `write`, find the author, then create a book for each title.
    todo!("In one `write`, find the author, then create a book for each title")
}
