//! From books to authors, and from authors to books.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;

use groundwork::Db;
use crate::models::{Author, Book};
use crate::schema::{authors, books};

/// The author of `book`, if it has one: the lecture's `book.author`.
pub fn author_of(conn: &mut Db, book: &Book) -> QueryResult<Option<Author>> {
    // Task: Find the author whose key the book holds; a book without an author is not an error.
    let Some(id) = book.author_id else { return Ok(None) };
    sql_query("SELECT id, name FROM authors WHERE id = $1").bind::<Integer, _>(id).get_result(conn).optional()
}

/// The books of `author`, in the order of their keys: the lecture's `author.books`.
pub fn books_of(conn: &mut Db, author: &Author) -> QueryResult<Vec<Book>> {
    // Task: Load the books that belong to this author, ordered by their key.
    sql_query("SELECT id, title, pages, author_id FROM books WHERE author_id = $1 ORDER BY id")
        .bind::<Integer, _>(author.id)
        .load(conn)
}

/// All authors by name and key, each with their books in the order of the books' keys.
pub fn authors_with_books(conn: &mut Db) -> QueryResult<Vec<(Author, Vec<Book>)>> {
    // Task: Load all authors with one query, all of their books with another, and put them together.
    let authors: Vec<Author> = sql_query("SELECT id, name FROM authors ORDER BY name, id").load(conn)?;
    let books = sql_query(
        "SELECT id, title, pages, author_id FROM books WHERE author_id IS NOT NULL ORDER BY author_id, id",
    );
    let mut shelves: HashMap<i32, Vec<Book>> = HashMap::new();
    for book in books.load::<Book>(conn)? {
        if let Some(author_id) = book.author_id {
            shelves.entry(author_id).or_default().push(book);
        }
    }
    let with_shelf = |author: Author| {
        let shelf = shelves.remove(&author.id).unwrap_or_default();
        (author, shelf)
    };
    Ok(authors.into_iter().map(with_shelf).collect())
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
