//! Lesson 5: create, read, update and delete, and several writes as one.
//!
//!     cargo test -p lesson-05-crud

pub mod books;
pub mod models;
pub mod schema;

use groundwork::migrations::{AUTHORS, BOOKS, Migrations};

pub use models::{Author, Book, NewBook};

/// The tables: those of lessons 3 and 4.
pub const MIGRATIONS: Migrations = Migrations(&[BOOKS, AUTHORS]);
