//! From books to publishers, from publishers to books, and the links between them.

mod links;

use diesel::prelude::*;

use groundwork::Db;
use crate::models::{Book, Publisher, PublisherBook};
use crate::schema::{books, publishers, publishers_books};
use groundwork::write;
use links::{Catalogue, Refused, Replacement};

/// The publishers of `book` by name and key: the lecture's `book.publishers`.
pub fn publishers_of(conn: &mut Db, book: &Book) -> QueryResult<Vec<Publisher>> {
    // Task: Start from the book's links, join the publishers, and load them by name and key.
    let found = PublisherBook::belonging_to(book)
        .inner_join(publishers::table)
        .order_by((publishers::name, publishers::id))
        .select((publishers::name, publishers::id));
    let publisher = |row: QueryResult<(String, i32)>| row.map(|(name, id)| Publisher { id, name });
    found.load_iter(conn)?.map(publisher).collect()
}

/// The books of `publisher` by title and key: the lecture's `publisher.books`.
pub fn books_of(conn: &mut Db, publisher: &Publisher) -> QueryResult<Vec<Book>> {
    // Task: Start from the publisher's links, join the books, and load them by title and key.
    let found = books::table
        .inner_join(publishers_books::table)
        .filter(publishers_books::publisher_id.eq(publisher.id))
        .order_by(books::title.asc())
        .then_order_by(books::id.asc())
        .select(Book::as_select());
    found.load_iter(conn)?.collect()
}

/// Links a book and a publisher.
///
/// # Errors
///
/// The database's refusal, when they are linked already or one of them does not exist.
pub fn add_publisher(conn: &mut Db, book_id: i32, publisher_id: i32) -> QueryResult<()> {
    // Task: Insert the link; if it exists already, return the database's error.
    PublisherBook { book_id, publisher_id }.insert_into(publishers_books::table).execute(conn).map(drop)
}

/// Takes the link between a book and a publisher away; both stay.
///
/// # Errors
///
/// `NotFound` if they are not linked.
pub fn remove_publisher(conn: &mut Db, book_id: i32, publisher_id: i32) -> QueryResult<()> {
    // Task: Delete the one link, found by its key of two columns.
    let link = PublisherBook { book_id, publisher_id };
    let removed = diesel::delete(&link).execute(conn)?;
    removed.checked_sub(1).map(drop).ok_or(diesel::NotFound)
}

/// Makes `publisher_ids` the publishers of a book, in place of those that it had.
///
/// # Errors
///
/// The database's refusal, when one of them does not exist; then the book keeps those it had.
pub fn set_publishers(conn: &mut Db, book_id: i32, publisher_ids: &[i32]) -> QueryResult<()> {
    // Task: In one `write`, delete the book's links, then add one for each publisher.
    let replacement = Replacement::new(book_id, publisher_ids);
    write(conn, |conn| replacement.carry_out(conn)).map_err(|refused: Refused| refused.into())
}

/// All books by title and key, each with its publishers by name and key.
pub fn books_with_publishers(conn: &mut Db) -> QueryResult<Vec<(Book, Vec<Publisher>)>> {
    // Task: Load all books with one query, and all of their links, joined with publishers, with another.
    let mut catalogue = Catalogue::load(conn)?;
    let books = Book::query().order_by((books::title, books::id));
    books.load_iter(conn)?.map(|book| book.map(|book| catalogue.with_publishers(book))).collect()
}
