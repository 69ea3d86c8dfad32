//! Queries between books and publishers, and the links between them.

use diesel::prelude::*;
use groundwork::{Db, write};

use crate::models::{Book, Publisher, PublisherBook};
use crate::schema::{books, publishers, publishers_books};

/// The publishers of `book`, ordered by name and then by key: the lecture's `book.publishers`.
pub fn publishers_of(conn: &mut Db, book: &Book) -> QueryResult<Vec<Publisher>> {
    // Task: Start from the book's links, join the publishers, and load them by name and key.
    PublisherBook::belonging_to(book)
        .inner_join(publishers::table)
        .select(Publisher::as_select())
        .order((publishers::name, publishers::id))
        .load(conn)
}

/// The books of `publisher`, ordered by title and then by key: the lecture's `publisher.books`.
pub fn books_of(conn: &mut Db, publisher: &Publisher) -> QueryResult<Vec<Book>> {
    // Task: Start from the publisher's links, join the books, and load them by title and key.
    PublisherBook::belonging_to(publisher)
        .inner_join(books::table)
        .select(Book::as_select())
        .order((books::title, books::id))
        .load(conn)
}

/// Links a book and a publisher. The database rejects the link if it exists already, or if the book
/// or the publisher does not exist.
pub fn add_publisher(conn: &mut Db, book_id: i32, publisher_id: i32) -> QueryResult<()> {
    // Task: Insert the link; if it exists already, return the database's error.
    diesel::insert_into(publishers_books::table)
        .values(PublisherBook { book_id, publisher_id })
        .execute(conn)?;
    Ok(())
}

/// Removes the link between a book and a publisher, and keeps both rows. Returns `NotFound` if
/// there is no such link.
pub fn remove_publisher(conn: &mut Db, book_id: i32, publisher_id: i32) -> QueryResult<()> {
    // Task: Delete the one link, found by its key of two columns.
    match diesel::delete(publishers_books::table.find((book_id, publisher_id))).execute(conn)? {
        0 => Err(diesel::NotFound),
        _ => Ok(()),
    }
}

/// Replaces the publishers of a book with `publisher_ids`. If one of them does not exist, the book
/// keeps its old publishers.
pub fn set_publishers(conn: &mut Db, book_id: i32, publisher_ids: &[i32]) -> QueryResult<()> {
    // Task: In one `write`, delete the book's links, then add one for each publisher.
    write(conn, |conn| {
        diesel::delete(publishers_books::table.filter(publishers_books::book_id.eq(book_id)))
            .execute(conn)?;
        publisher_ids.iter().try_for_each(|id| add_publisher(conn, book_id, *id))
    })
}

/// All books, ordered by title and then by key, each with its publishers, ordered by name and then
/// by key.
pub fn books_with_publishers(conn: &mut Db) -> QueryResult<Vec<(Book, Vec<Publisher>)>> {
    // Task: Load all books with one query, and all of their links, joined with publishers, with another.
    let books = Book::query().order((books::title, books::id)).load(conn)?;
    let links: Vec<(PublisherBook, Publisher)> = PublisherBook::belonging_to(&books)
        .inner_join(publishers::table)
        .select((PublisherBook::as_select(), Publisher::as_select()))
        .order((publishers::name, publishers::id))
        .load(conn)?;
    let shelves = links.grouped_by(&books).into_iter();
    let publishers = shelves.map(|links| links.into_iter().map(|(_, publisher)| publisher).collect());
    Ok(books.into_iter().zip(publishers).collect())
}
