//! Lesson 6: a book has many publishers, and a publisher many books.
//!
//!     cargo test -p solution-06-many-to-many

pub mod models;
pub mod publishers;
pub mod schema;

use groundwork::migrations::{AUTHORS, BOOKS, Migrations};

pub use models::{Author, Book, Publisher};

/// The tables: those of lessons 3 and 4, and then what `migrations` holds.
pub const MIGRATIONS: Migrations = Migrations(&[BOOKS, AUTHORS, groundwork::migrations!()]);
