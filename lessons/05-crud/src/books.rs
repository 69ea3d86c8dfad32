//! The queries for books.

use diesel::prelude::*;
use groundwork::{Db, write};

use crate::models::{Author, Book, NewBook};
use crate::schema::{authors, books};

/// Stores a new book and returns its row.
pub fn create_book(conn: &mut Db, new: &NewBook<'_>) -> QueryResult<Book> {
    // Task: Insert the book and return the stored row.
    todo!("Insert the book and return the stored row")
}

/// Returns all books, ordered by title and then by id.
pub fn all_books(conn: &mut Db) -> QueryResult<Vec<Book>> {
    // Task: Load all books, ordered by title and then by id.
    todo!("Load all books, ordered by title and then by id")
}

/// The book with this id, if there is one.
pub fn find_book(conn: &mut Db, id: i32) -> QueryResult<Option<Book>> {
    // Task: Find the book by its primary key; a missing book is not an error.
    todo!("Find the book by its primary key; a missing book is not an error")
}

/// Returns the books whose titles begin with `prefix`, ordered by title and id. The comparison is
/// case-sensitive.
pub fn books_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Vec<Book>> {
    // Task: Load the books whose titles start with the prefix, ordered by title and then by id.
    todo!("Load the books whose titles start with the prefix, ordered by title and then by id")
}

/// The first of [`books_starting_with`], if there is one.
pub fn first_book_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Option<Book>> {
    // Task: Let the database return only the first book of `books_starting_with`.
    todo!("Let the database return only the first book of `books_starting_with`")
}

/// A `LIKE` pattern for texts that begin with `prefix`.
///
/// In a pattern `%` stands for any text and `_` for any character. In a user's prefix they are
/// literal characters, so each is escaped with a backslash. Databases differ in their default
/// escape character, so call `.escape('\\')` after `like`.
fn starting_with(prefix: &str) -> String {
    let escaped = prefix.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("{escaped}%")
}

/// Returns the authors of books with at least `pages` pages, without duplicates, ordered by name
/// and id.
pub fn authors_of_long_books(conn: &mut Db, pages: i32) -> QueryResult<Vec<Author>> {
    // Task: Join authors with their books, keep the long ones, and return each author once.
    todo!("Join authors with their books, keep the long ones, and return each author once")
}

/// Makes `author_id` the author of a book and returns its new row; `NotFound` if there is no such book.
pub fn set_author(conn: &mut Db, book_id: i32, author_id: i32) -> QueryResult<Book> {
    // Task: Update the author of this one book and return the new row.
    todo!("Update the author of this one book and return the new row")
}

/// Deletes a book; `NotFound` if there is no such book.
pub fn delete_book(conn: &mut Db, id: i32) -> QueryResult<()> {
    // Task: Delete the book; if no row was deleted, return `diesel::NotFound`.
    todo!("Delete the book; if no row was deleted, return `diesel::NotFound`")
}

/// Stores a series of books by one author, all or none. Returns `NotFound` if the author does not
/// exist, and the database's error if it rejects a title.
pub fn publish_series(conn: &mut Db, author_id: i32, titles: &[&str]) -> QueryResult<Vec<Book>> {
    // Task: In one `write`, find the author, then create a book for each title.
    todo!("In one `write`, find the author, then create a book for each title")
}
