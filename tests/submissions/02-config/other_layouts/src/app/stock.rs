//! What the shop has, in words.

use std::fmt;

pub(super) struct Stock {
    books: i32,
}

impl From<i32> for Stock {
    fn from(books: i32) -> Self {
        Self { books }
    }
}

impl fmt::Display for Stock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The shop has {} books.", self.books)
    }
}
