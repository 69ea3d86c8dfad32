//! Queries from books to authors, and from authors to books.

use diesel::prelude::*;
use groundwork::Db;

use crate::models::{Author, Book};
use crate::schema::{authors, books};

/// The author of `book`, if it has one: the lecture's `book.author`.
pub fn author_of(conn: &mut Db, book: &Book) -> QueryResult<Option<Author>> {
    // Task: Find the author whose key the book holds; a book without an author is not an error.
    todo!("Find the author whose key the book holds; a book without an author is not an error")
}

/// The books of `author`, in the order of their keys: the lecture's `author.books`.
pub fn books_of(conn: &mut Db, author: &Author) -> QueryResult<Vec<Book>> {
    // Task: Load the books that belong to this author, ordered by their key.
    todo!("Load the books that belong to this author, ordered by their key")
}

/// Returns all authors, ordered by name and then by key, each with their books ordered by key.
pub fn authors_with_books(conn: &mut Db) -> QueryResult<Vec<(Author, Vec<Book>)>> {
    // Task: Load all authors with one query, all of their books with another, and put them together.
    todo!("Load all authors with one query, all of their books with another, and put them together")
}

/// Deletes an author and their books; returns `NotFound` if there is no such author.
pub fn delete_author(conn: &mut Db, id: i32) -> QueryResult<()> {
    match diesel::delete(authors::table.find(id)).execute(conn)? {
        0 => Err(diesel::NotFound),
        _ => Ok(()),
    }
}
