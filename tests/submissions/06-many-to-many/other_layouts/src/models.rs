//! The rows as Rust sees them.

use diesel::prelude::*;

use groundwork::Backend;
use crate::schema::{authors, books, publishers, publishers_books};

#[derive(Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = authors, check_for_backend(Backend))]
pub struct Author {
    pub id: i32,
    pub name: String,
}

#[derive(Associations, Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = books, belongs_to(Author), check_for_backend(Backend))]
pub struct Book {
    pub id: i32,
    pub title: String,
    pub pages: Option<i32>,
    pub author_id: Option<i32>,
}

#[derive(Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = publishers, check_for_backend(Backend))]
pub struct Publisher {
    pub id: i32,
    pub name: String,
}

/// That a publisher publishes a book. It has no id: the pair is the key.
#[derive(
    Associations, Clone, Copy, Debug, Eq, Hash, HasQuery, Identifiable, Insertable, Ord, PartialEq, PartialOrd,
)]
#[diesel(table_name = publishers_books, primary_key(book_id, publisher_id), check_for_backend(Backend))]
// Task: Declare that a link belongs to a book and to a publisher.
#[diesel(belongs_to(Publisher, foreign_key = publisher_id), belongs_to(Book, foreign_key = book_id))]
pub struct PublisherBook {
    pub book_id: i32,
    pub publisher_id: i32,
}
