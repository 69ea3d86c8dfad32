//! From books to publishers, from publishers to books, and the links between them.

use std::collections::BTreeMap;

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;

use groundwork::Db;
use crate::models::{Book, Publisher, PublisherBook};
use crate::schema::{books, publishers, publishers_books};
use groundwork::write;

/// The publishers of `book` by name and key: the lecture's `book.publishers`.
pub fn publishers_of(conn: &mut Db, book: &Book) -> QueryResult<Vec<Publisher>> {
    // Task: Start from the book's links, join the publishers, and load them by name and key.
    let rows = publishers_books::table
        .filter(publishers_books::book_id.eq(book.id))
        .inner_join(publishers::table)
        .order_by((publishers::name, publishers::id))
        .select((publishers::id, publishers::name))
        .load_iter::<(i32, String), DefaultLoadingMode>(conn)?;
    rows.map(|row| row.map(|(id, name)| Publisher { id, name })).collect()
}

/// The books of `publisher` by title and key: the lecture's `publisher.books`.
pub fn books_of(conn: &mut Db, publisher: &Publisher) -> QueryResult<Vec<Book>> {
    // Task: Start from the publisher's links, join the books, and load them by title and key.
    let links = PublisherBook::belonging_to(publisher).select(publishers_books::book_id);
    Book::query().filter(books::id.eq_any(links)).order_by((books::title, books::id)).get_results(conn)
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
    let link = publishers_books::book_id.eq(book_id).and(publishers_books::publisher_id.eq(publisher_id));
    diesel::delete(publishers_books::table)
        .filter(link)
        .returning(publishers_books::all_columns)
        .get_result::<(i32, i32)>(conn)
        .map(drop)
}

/// Makes `publisher_ids` the publishers of a book, in place of those that it had.
///
/// # Errors
///
/// The database's refusal, when one of them does not exist; then the book keeps those it had.
pub fn set_publishers(conn: &mut Db, book_id: i32, publisher_ids: &[i32]) -> QueryResult<()> {
    // Task: In one `write`, delete the book's links, then add one for each publisher.
    write(conn, |conn| {
        diesel::delete(publishers_books::table)
            .filter(publishers_books::book_id.eq(book_id))
            .filter(publishers_books::publisher_id.ne_all(publisher_ids))
            .execute(conn)?;
        for &publisher_id in publisher_ids {
            diesel::insert_into(publishers_books::table)
                .values(PublisherBook { book_id, publisher_id })
                .on_conflict((publishers_books::book_id, publishers_books::publisher_id))
                .do_nothing()
                .execute(conn)?;
        }
        Ok(())
    })
}

/// All books by title and key, each with its publishers by name and key.
pub fn books_with_publishers(conn: &mut Db) -> QueryResult<Vec<(Book, Vec<Publisher>)>> {
    // Task: Load all books with one query, and all of their links, joined with publishers, with another.
    let links = publishers::table
        .inner_join(publishers_books::table)
        .order_by(publishers::name)
        .then_order_by(publishers::id)
        .select((publishers_books::book_id, Publisher::as_select()))
        .load_iter::<(i32, Publisher), DefaultLoadingMode>(conn)?;
    let mut lists: BTreeMap<i32, Vec<Publisher>> = BTreeMap::new();
    for link in links {
        let (book_id, publisher) = link?;
        lists.entry(book_id).or_default().push(publisher);
    }

    let books: Vec<Book> = Book::query().order_by((books::title, books::id)).get_results(conn)?;
    Ok(books
        .into_iter()
        .map(|book| {
            let list = lists.remove(&book.id).unwrap_or_default();
            (book, list)
        })
        .collect())
}
