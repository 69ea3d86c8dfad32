//! Lesson 4: books have authors, and authors have books.
//!
//!     cargo test -p solution-04-relationships

pub mod authors;
pub mod models;
pub mod schema;

use groundwork::migrations::{BOOKS, Migrations};

pub use models::{Author, Book};

/// The tables: lesson 3's, and then what `migrations` holds.
pub const MIGRATIONS: Migrations = Migrations(&[BOOKS, groundwork::migrations!()]);
