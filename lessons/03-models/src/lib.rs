//! Lesson 3: a table, and the struct for its rows.
//!
//!     cargo test -p lesson-03-models

pub mod models;
pub mod schema;

use groundwork::migrations::Migrations;

pub use models::Book;

/// The migrations in the folder `migrations`.
pub const MIGRATIONS: Migrations = Migrations(&[groundwork::migrations!()]);
