//! Everything that is done with books.

mod long;
mod row;
mod series;

use diesel::prelude::*;

use groundwork::Db;
use crate::models::{Book, NewBook};
use crate::schema::books;
use groundwork::write;
use row::{Authorship, BookRow, by_title};
use series::{Series, Unpublished};

pub use long::authors_of_long_books;

/// Books whose titles match a pattern, and all of them where there is none.
fn matching(conn: &mut Db, pattern: Option<String>, limit: Option<i64>) -> QueryResult<Vec<Book>> {
    let mut found = books::table.select(row::COLUMNS).order_by(by_title()).into_boxed();
    if let Some(pattern) = pattern {
        found = found.filter(books::title.like(pattern).escape('\\'));
    }
    if let Some(limit) = limit {
        found = found.limit(limit);
    }
    found.load_iter::<BookRow, _>(conn)?.map(|row| row.map(Book::from)).collect()
}

/// Stores a new book and returns its row.
pub fn create_book(conn: &mut Db, new: &NewBook<'_>) -> QueryResult<Book> {
    // Task: Insert the book and return the stored row.
    let NewBook { title, pages, author_id } = *new;
    diesel::insert_into(books::table)
        .values((books::author_id.eq(author_id), books::pages.eq(pages), books::title.eq(title)))
        .returning(row::COLUMNS)
        .get_result::<BookRow>(conn)
        .map(Book::from)
}

/// All books by title; those with equal titles by id.
pub fn all_books(conn: &mut Db) -> QueryResult<Vec<Book>> {
    // Task: Load all books, ordered by title and then by id.
    matching(conn, None, None)
}

/// The book with this id, if there is one.
pub fn find_book(conn: &mut Db, id: i32) -> QueryResult<Option<Book>> {
    // Task: Find the book by its primary key; a missing book is not an error.
    let mut found =
        books::table.filter(books::id.eq(id)).select(row::COLUMNS).load_iter::<BookRow, _>(conn)?;
    found.next().map(|row| row.map(Book::from)).transpose()
}

/// The books whose titles begin with `prefix`, by title and id. Capitals count.
pub fn books_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Vec<Book>> {
    // Task: Load the books whose titles start with the prefix, ordered by title and then by id.
    matching(conn, Some(starting_with(prefix)), None)
}

/// The first of [`books_starting_with`], if there is one.
pub fn first_book_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Option<Book>> {
    // Task: Let the database return only the first book of `books_starting_with`.
    matching(conn, Some(starting_with(prefix)), Some(1)).map(|books| books.into_iter().next())
}

/// A `LIKE` pattern for texts that begin with `prefix`.
///
/// In a pattern `%` stands for any text and `_` for any character. In a prefix that somebody
/// typed they stand for themselves, so each gets a backslash before it. Which character escapes
/// differs between databases; `.escape('\\')` on the `like` settles it.
fn starting_with(prefix: &str) -> String {
    let escaped = prefix.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("{escaped}%")
}

/// Makes `author_id` the author of a book and returns its new row.
///
/// # Errors
///
/// `diesel::NotFound` if there is no such book.
pub fn set_author(conn: &mut Db, book_id: i32, author_id: i32) -> QueryResult<Book> {
    // Task: Update the author of this one book and return the new row.
    let change = Authorship { id: book_id, author_id };
    diesel::update(&change).set(&change).returning(row::COLUMNS).get_result::<BookRow>(conn).map(Book::from)
}

/// Deletes a book.
///
/// # Errors
///
/// `diesel::NotFound` if there is no such book.
pub fn delete_book(conn: &mut Db, id: i32) -> QueryResult<()> {
    // Task: Delete the book; if no row was deleted, return `diesel::NotFound`.
    // What is deleted is named: no name, no row.
    let gone = diesel::delete(books::table).filter(books::id.eq(id)).returning(books::id);
    gone.get_result::<i32>(conn).map(drop)
}

/// Stores a series of books by one author: all of them, or none.
///
/// # Errors
///
/// `diesel::NotFound` if there is no such author; the database's refusal of the first bad title.
pub fn publish_series(conn: &mut Db, author_id: i32, titles: &[&str]) -> QueryResult<Vec<Book>> {
    // Task: In one `write`, find the author, then create a book for each title.
    let published = write(conn, |conn| Series::by(conn, author_id, titles)?.store(conn));
    published.map_err(|why: Unpublished| why.into())
}
