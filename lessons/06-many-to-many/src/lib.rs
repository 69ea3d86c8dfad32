//! Step 6: a book has many publishers, and a publisher many books.
//!
//!     cargo test -p lesson-06-many-to-many

pub mod connect;
pub mod models;
pub mod publishers;
pub mod schema;
pub mod violated;
pub mod write;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use connect::{Backend, ConnectError, Db, connect};
pub use models::{Author, Book, Publisher};
pub use violated::{Constraint, violated};
pub use write::write;

/// The tables, as they came to be.
#[cfg(not(feature = "postgres"))]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
