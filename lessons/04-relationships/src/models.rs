//! The rows as Rust sees them.

use diesel::prelude::*;
use groundwork::Backend;

use crate::schema::{authors, books};

#[derive(Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = authors, check_for_backend(Backend))]
pub struct Author {
    pub id: i32,
    pub name: String,
}

#[derive(Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = books, check_for_backend(Backend))]
// Task: Declare that a book belongs to an author.
pub struct Book {
    pub id: i32,
    pub title: String,
    pub pages: Option<i32>,
    // Task: Add a field for the author's key; a book may have no author.
}
