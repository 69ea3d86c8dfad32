//! From books to publishers, from publishers to books, and the links between them.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;

use groundwork::Db;
use crate::models::{Book, Publisher, PublisherBook};
use groundwork::write;

/// The publishers of `book` by name and key: the lecture's `book.publishers`.
pub fn publishers_of(conn: &mut Db, book: &Book) -> QueryResult<Vec<Publisher>> {
    // Task: Start from the book's links, join the publishers, and load them by name and key.
    sql_query(
        "SELECT publishers.id AS id, publishers.name AS name
         FROM publishers_books
         JOIN publishers ON publishers.id = publishers_books.publisher_id
         WHERE publishers_books.book_id = $1
         ORDER BY publishers.name, publishers.id",
    )
    .bind::<Integer, _>(book.id)
    .load(conn)
}

/// The books of `publisher` by title and key: the lecture's `publisher.books`.
pub fn books_of(conn: &mut Db, publisher: &Publisher) -> QueryResult<Vec<Book>> {
    // Task: Start from the publisher's links, join the books, and load them by title and key.
    sql_query(
        "SELECT id, title, pages, author_id
         FROM books
         WHERE id IN (SELECT book_id FROM publishers_books WHERE publisher_id = $1)
         ORDER BY title, id",
    )
    .bind::<Integer, _>(publisher.id)
    .load(conn)
}

/// Links a book and a publisher.
///
/// # Errors
///
/// The database's refusal, when they are linked already or one of them does not exist.
pub fn add_publisher(conn: &mut Db, book_id: i32, publisher_id: i32) -> QueryResult<()> {
    // Task: Insert the link; if it exists already, return the database's error.
    sql_query("INSERT INTO publishers_books (book_id, publisher_id) VALUES ($1, $2)")
        .bind::<Integer, _>(book_id)
        .bind::<Integer, _>(publisher_id)
        .execute(conn)
        .map(|_one| ())
}

/// Takes the link between a book and a publisher away; both stay.
///
/// # Errors
///
/// `NotFound` if they are not linked.
pub fn remove_publisher(conn: &mut Db, book_id: i32, publisher_id: i32) -> QueryResult<()> {
    // Task: Delete the one link, found by its key of two columns.
    let removed = sql_query("DELETE FROM publishers_books WHERE book_id = $1 AND publisher_id = $2")
        .bind::<Integer, _>(book_id)
        .bind::<Integer, _>(publisher_id)
        .execute(conn)?;
    if removed == 0 { Err(diesel::NotFound) } else { Ok(()) }
}

/// Makes `publisher_ids` the publishers of a book, in place of those that it had.
///
/// # Errors
///
/// The database's refusal, when one of them does not exist; then the book keeps those it had.
pub fn set_publishers(conn: &mut Db, book_id: i32, publisher_ids: &[i32]) -> QueryResult<()> {
    // Task: In one `write`, delete the book's links, then add one for each publisher.
    write(conn, |conn| {
        sql_query("DELETE FROM publishers_books WHERE book_id = $1")
            .bind::<Integer, _>(book_id)
            .execute(conn)?;
        publisher_ids.iter().try_for_each(|publisher_id| add_publisher(conn, book_id, *publisher_id))
    })
}

/// All books by title and key, each with its publishers by name and key.
pub fn books_with_publishers(conn: &mut Db) -> QueryResult<Vec<(Book, Vec<Publisher>)>> {
    // Task: Load all books with one query, and all of their links, joined with publishers, with another.
    /// A link, and the publisher at its other end.
    #[derive(QueryableByName)]
    struct Linked {
        #[diesel(embed)]
        link: PublisherBook,
        #[diesel(embed)]
        publisher: Publisher,
    }

    let books: Vec<Book> =
        sql_query("SELECT id, title, pages, author_id FROM books ORDER BY title, id").load(conn)?;
    let links: Vec<Linked> = sql_query(
        "SELECT link.book_id AS book_id, link.publisher_id AS publisher_id,
                publisher.id AS id, publisher.name AS name
         FROM publishers_books AS link
         JOIN publishers AS publisher ON publisher.id = link.publisher_id
         ORDER BY publisher.name, publisher.id",
    )
    .load(conn)?;

    // Where each book stands in the list; its publishers get the same place.
    let places: HashMap<i32, usize> =
        books.iter().enumerate().map(|(place, book)| (book.id, place)).collect();
    let mut found: Vec<(Book, Vec<Publisher>)> = books.into_iter().map(|book| (book, Vec::new())).collect();
    for Linked { link, publisher } in links {
        if let Some(place) = places.get(&link.book_id) {
            found[*place].1.push(publisher);
        }
    }
    Ok(found)
}
