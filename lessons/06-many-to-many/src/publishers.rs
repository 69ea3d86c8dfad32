//! Queries between books and publishers, and the links between them.

use diesel::prelude::*;
use groundwork::{Db, write};

use crate::models::{Book, Publisher, PublisherBook};
use crate::schema::{books, publishers, publishers_books};

/// The publishers of `book`, ordered by name and then by key: the lecture's `book.publishers`.
pub fn publishers_of(conn: &mut Db, book: &Book) -> QueryResult<Vec<Publisher>> {
    // Task: Start from the book's links, join the publishers, and load them by name and key.
    todo!("Start from the book's links, join the publishers, and load them by name and key")
}

/// The books of `publisher`, ordered by title and then by key: the lecture's `publisher.books`.
pub fn books_of(conn: &mut Db, publisher: &Publisher) -> QueryResult<Vec<Book>> {
    // Task: Start from the publisher's links, join the books, and load them by title and key.
    todo!("Start from the publisher's links, join the books, and load them by title and key")
}

/// Links a book and a publisher. The database rejects the link if it exists already, or if the book
/// or the publisher does not exist.
pub fn add_publisher(conn: &mut Db, book_id: i32, publisher_id: i32) -> QueryResult<()> {
    // Task: Insert the link; if it exists already, return the database's error.
    todo!("Insert the link; if it exists already, return the database's error")
}

/// Removes the link between a book and a publisher, and keeps both rows. Returns `NotFound` if
/// there is no such link.
pub fn remove_publisher(conn: &mut Db, book_id: i32, publisher_id: i32) -> QueryResult<()> {
    // Task: Delete the one link, found by its key of two columns.
    todo!("Delete the one link, found by its key of two columns")
}

/// Replaces the publishers of a book with `publisher_ids`. If one of them does not exist, the book
/// keeps its old publishers.
pub fn set_publishers(conn: &mut Db, book_id: i32, publisher_ids: &[i32]) -> QueryResult<()> {
    // Task: In one `write`, delete the book's links, then add one for each publisher.
    todo!("In one `write`, delete the book's links, then add one for each publisher")
}

/// All books, ordered by title and then by key, each with its publishers, ordered by name and then
/// by key.
pub fn books_with_publishers(conn: &mut Db) -> QueryResult<Vec<(Book, Vec<Publisher>)>> {
    // Task: Load all books with one query, and all of their links, joined with publishers, with another.
    todo!("Load all books with one query, and all of their links, joined with publishers, with another")
}
