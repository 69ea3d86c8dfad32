//! A row of `books` by the places of its columns.

use diesel::prelude::*;

use super::Book;
use crate::schema::books;

/// In the order of the fields of [`BookRow`].
pub(super) const COLUMNS: (books::title, books::pages, books::id) = (books::title, books::pages, books::id);

#[derive(Queryable)]
pub(super) struct BookRow(String, Option<i32>, i32);

impl From<BookRow> for Book {
    fn from(BookRow(title, pages, id): BookRow) -> Self {
        Self { id, title, pages }
    }
}
