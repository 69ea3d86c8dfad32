//! Books, sorted by who has written them.

use std::collections::HashMap;

use diesel::prelude::*;

use groundwork::Db;
use crate::models::{Author, Book};
use crate::schema::books;

/// What is read of a book that has an author.
type Columns = (books::id, books::title, books::pages, diesel::dsl::AssumeNotNull<books::author_id>);

/// A book whose author is known.
#[derive(Queryable)]
struct Written(i32, String, Option<i32>, i32);

impl From<Written> for (i32, Book) {
    fn from(Written(id, title, pages, author): Written) -> Self {
        (author, Book { id, title, pages, author_id: Some(author) })
    }
}

/// A shelf for the key of each author who has a book.
#[derive(Default)]
pub(super) struct Shelves(HashMap<i32, Vec<Book>>);

impl Shelves {
    pub(super) fn load(conn: &mut Db) -> QueryResult<Self> {
        let columns: Columns = (books::id, books::title, books::pages, books::author_id.assume_not_null());
        let written = books::table.filter(books::author_id.is_not_null()).order(books::id).select(columns);
        written.load_iter::<Written, _>(conn)?.map(|row| row.map(Into::into)).collect()
    }

    /// Takes the shelf away: it is looked for once.
    pub(super) fn take(&mut self, author: &Author) -> Vec<Book> {
        self.0.remove(&author.id).unwrap_or_default()
    }
}

impl FromIterator<(i32, Book)> for Shelves {
    fn from_iter<I: IntoIterator<Item = (i32, Book)>>(books: I) -> Self {
        books.into_iter().fold(Self::default(), |mut shelves, (author, book)| {
            shelves.0.entry(author).or_default().push(book);
            shelves
        })
    }
}
