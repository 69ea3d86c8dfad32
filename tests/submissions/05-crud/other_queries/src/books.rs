//! Everything that is done with books.

mod long;

use diesel::connection::DefaultLoadingMode;
use diesel::dsl::{AsSelect, IntoBoxed, Select, exists, select};
use diesel::prelude::*;

use groundwork::{Backend, Db};
use crate::models::{Author, Book, NewBook};
use crate::schema::{authors, books};
use groundwork::write;

pub use long::authors_of_long_books;

/// A query for books that may still get conditions.
type Books<'a> = IntoBoxed<'a, Select<books::table, AsSelect<Book, Backend>>, Backend>;

/// Who wrote a book, and no more.
#[derive(AsChangeset, Identifiable)]
#[diesel(table_name = books)]
struct Credit {
    id: i32,
    author_id: i32,
}

fn books_by_title<'a>() -> Books<'a> {
    let books = books::table.select(Book::as_select()).into_boxed();
    books.order_by(books::title.asc()).then_order_by(books::id.asc())
}

fn matching<'a>(prefix: &str) -> Books<'a> {
    books_by_title().filter(books::title.like(starting_with(prefix)).escape('\\'))
}

/// Stores a new book and returns its row.
pub fn create_book(conn: &mut Db, new: &NewBook<'_>) -> QueryResult<Book> {
    // Task: Insert the book and return the stored row.
    let values = (books::author_id.eq(new.author_id), books::pages.eq(new.pages), books::title.eq(new.title));
    let row = values.insert_into(books::table).returning(books::all_columns);
    let (id, title, pages, author_id) = row.get_result(conn)?;
    Ok(Book { id, title, pages, author_id })
}

/// All books by title; those with equal titles by id.
pub fn all_books(conn: &mut Db) -> QueryResult<Vec<Book>> {
    // Task: Load all books, ordered by title and then by id.
    books_by_title().load_iter::<Book, DefaultLoadingMode>(conn)?.collect()
}

/// The book with this id, if there is one.
pub fn find_book(conn: &mut Db, id: i32) -> QueryResult<Option<Book>> {
    // Task: Find the book by its primary key; a missing book is not an error.
    let books: Vec<Book> = Book::query().filter(books::id.eq(id)).get_results(conn)?;
    Ok(books.into_iter().next())
}

/// The books whose titles begin with `prefix`, by title and id. Capitals count.
pub fn books_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Vec<Book>> {
    // Task: Load the books whose titles start with the prefix, ordered by title and then by id.
    matching(prefix).get_results(conn)
}

/// The first of [`books_starting_with`], if there is one.
pub fn first_book_starting_with(conn: &mut Db, prefix: &str) -> QueryResult<Option<Book>> {
    // Task: Let the database return only the first book of `books_starting_with`.
    let mut first: Vec<Book> = matching(prefix).limit(1).load(conn)?;
    Ok(first.pop())
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
    let credit = Credit { id: book_id, author_id };
    diesel::update(&credit).set(&credit).returning(Book::as_returning()).get_result(conn)
}

/// Deletes a book.
///
/// # Errors
///
/// `diesel::NotFound` if there is no such book.
pub fn delete_book(conn: &mut Db, id: i32) -> QueryResult<()> {
    // Task: Delete the book; if no row was deleted, return `diesel::NotFound`.
    let deleted = diesel::delete(books::table).filter(books::id.eq(id)).returning(books::id);
    deleted.get_result::<i32>(conn).map(drop)
}

/// Stores a series of books by one author: all of them, or none.
///
/// # Errors
///
/// `diesel::NotFound` if there is no such author; the database's refusal of the first bad title.
pub fn publish_series(conn: &mut Db, author_id: i32, titles: &[&str]) -> QueryResult<Vec<Book>> {
    // Task: In one `write`, find the author, then create a book for each title.
    write(conn, |conn| {
        let known = select(exists(authors::table.filter(authors::id.eq(author_id))));
        if !known.get_result::<bool>(conn)? {
            return Err(diesel::NotFound);
        }
        titles.iter().try_fold(Vec::with_capacity(titles.len()), |mut series, title| {
            series.push(create_book(conn, &NewBook { title, pages: None, author_id: Some(author_id) })?);
            Ok(series)
        })
    })
}
