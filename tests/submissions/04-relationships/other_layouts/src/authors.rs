//! From books to authors, and from authors to books.

mod shelves;

use diesel::prelude::*;

use groundwork::Db;
use crate::models::{Author, Book};
use crate::schema::{authors, books};
use shelves::Shelves;

/// The author of `book`, if it has one: the lecture's `book.author`.
pub fn author_of(conn: &mut Db, book: &Book) -> QueryResult<Option<Author>> {
    // Task: Find the author whose key the book holds; a book without an author is not an error.
    // Nothing equals `NULL`, so a book without an author finds nobody.
    let whose = authors::table.filter(authors::id.nullable().eq(book.author_id)).select(Author::as_select());
    whose.load_iter(conn)?.next().transpose()
}

/// The books of `author`, in the order of their keys: the lecture's `author.books`.
pub fn books_of(conn: &mut Db, author: &Author) -> QueryResult<Vec<Book>> {
    // Task: Load the books that belong to this author, ordered by their key.
    let theirs = Book::belonging_to(author).order_by(books::id.asc()).select(Book::as_select());
    theirs.load_iter(conn)?.collect()
}

/// All authors by name and key, each with their books in the order of the books' keys.
pub fn authors_with_books(conn: &mut Db) -> QueryResult<Vec<(Author, Vec<Book>)>> {
    // Task: Load all authors with one query, all of their books with another, and put them together.
    let mut shelves = Shelves::load(conn)?;
    let authors = authors::table.order((authors::name, authors::id)).select((authors::name, authors::id));
    let with_shelf = |row: QueryResult<(String, i32)>| {
        row.map(|(name, id)| Author { id, name }).map(|author| {
            let shelf = shelves.take(&author);
            (author, shelf)
        })
    };
    authors.load_iter(conn)?.map(with_shelf).collect()
}

/// Deletes an author, and with them their books.
///
/// # Errors
///
/// `NotFound` if there is no such author.
pub fn delete_author(conn: &mut Db, id: i32) -> QueryResult<()> {
    match diesel::delete(authors::table.find(id)).execute(conn)? {
        0 => Err(diesel::NotFound),
        _ => Ok(()),
    }
}
