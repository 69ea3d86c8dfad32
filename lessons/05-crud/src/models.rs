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
#[derive(Associations)]
#[diesel(belongs_to(Author))]
pub struct Book {
    pub id: i32,
    pub title: String,
    pub pages: Option<i32>,
    pub author_id: Option<i32>,
}

/// A book that has no id yet: the database gives it one.
#[derive(Debug, Insertable)]
#[diesel(table_name = books, check_for_backend(Backend))]
pub struct NewBook<'a> {
    pub title: &'a str,
    pub pages: Option<i32>,
    pub author_id: Option<i32>,
}
