//! From books to authors, and from authors to books.

use std::collections::HashMap;

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;

use groundwork::Db;
use crate::models::{Author, Book};
use crate::schema::{authors, books};

/// The author of `book`, if it has one: the lecture's `book.author`.
pub fn author_of(conn: &mut Db, book: &Book) -> QueryResult<Option<Author>> {
    // Task: Find the author whose key the book holds; a book without an author is not an error.
    // Nothing equals NULL, so a book without an author finds none.
    let authors: Vec<(i32, String)> = authors::table
        .select((authors::id, authors::name))
        .filter(authors::id.nullable().eq(book.author_id))
        .get_results(conn)?;
    Ok(authors.into_iter().next().map(|(id, name)| Author { id, name }))
}

/// The books of `author`, in the order of their keys: the lecture's `author.books`.
pub fn books_of(conn: &mut Db, author: &Author) -> QueryResult<Vec<Book>> {
    // Task: Load the books that belong to this author, ordered by their key.
    Book::query().filter(books::author_id.eq(author.id)).order_by(books::id.asc()).get_results(conn)
}

/// All authors by name and key, each with their books in the order of the books' keys.
pub fn authors_with_books(conn: &mut Db) -> QueryResult<Vec<(Author, Vec<Book>)>> {
    // Task: Load all authors with one query, all of their books with another, and put them together.
    let known = authors::table.select(authors::id.nullable());
    let books = Book::query()
        .filter(books::author_id.eq_any(known))
        .order_by((books::author_id, books::id))
        .load_iter::<Book, DefaultLoadingMode>(conn)?;
    let mut shelves: HashMap<i32, Vec<Book>> = HashMap::new();
    for book in books {
        let book = book?;
        if let Some(author) = book.author_id {
            shelves.entry(author).or_default().push(book);
        }
    }

    let mut shop = Vec::new();
    let authors = Author::query().order_by(authors::name).then_order_by(authors::id);
    for author in authors.load_iter::<Author, DefaultLoadingMode>(conn)? {
        let author = author?;
        let shelf = shelves.remove(&author.id).unwrap_or_default();
        shop.push((author, shelf));
    }
    Ok(shop)
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
