//! A book by the places of its columns, and the statements' way to it.

use diesel::dsl::Asc;
use diesel::prelude::*;

use crate::models::Book;
use crate::schema::books;

pub(super) type Columns = (books::author_id, books::id, books::pages, books::title);

/// What each statement of this module gives back, in the order of [`BookRow`].
pub(super) const COLUMNS: Columns = (books::author_id, books::id, books::pages, books::title);

#[derive(Queryable)]
pub(super) struct BookRow(Option<i32>, i32, Option<i32>, String);

impl From<BookRow> for Book {
    fn from(BookRow(author_id, id, pages, title): BookRow) -> Self {
        Self { id, title, pages, author_id }
    }
}

/// How lists of books are sorted.
pub(super) fn by_title() -> (Asc<books::title>, Asc<books::id>) {
    (books::title.asc(), books::id.asc())
}

/// The one column that a new author changes.
#[derive(AsChangeset, Identifiable)]
#[diesel(table_name = books)]
pub(super) struct Authorship {
    pub(super) id: i32,
    pub(super) author_id: i32,
}
