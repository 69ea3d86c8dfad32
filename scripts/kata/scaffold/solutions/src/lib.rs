//! To write: lesson NUMBER in a sentence, as in “Lesson 5: create, read, update and delete, and several writes as one.”
//!
//!     cargo test -p solution-NN-topic

pub mod schema;
pub mod TOPIC;

use groundwork::migrations::{AUTHORS, BOOKS, Migrations};

/// The tables: those of lessons 3 and 4.
pub const MIGRATIONS: Migrations = Migrations(&[BOOKS, AUTHORS]);
