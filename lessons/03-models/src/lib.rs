//! Step 3: a table, and the struct that its rows become.
//!
//!     cargo test -p lesson-03-models

pub mod models;
pub mod schema;

use groundwork::migrations::Migrations;

pub use models::Book;

/// The tables: what `migrations` holds.
pub const MIGRATIONS: Migrations = Migrations(&[groundwork::migrations!()]);
