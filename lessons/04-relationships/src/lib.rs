//! Step 4: books have authors, and authors have books.
//!
//!     cargo test -p lesson-04-relationships

pub mod authors;
pub mod connect;
pub mod models;
pub mod schema;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use connect::{Backend, ConnectError, Db, connect};
pub use models::{Author, Book};

/// The tables, as they came to be.
#[cfg(not(feature = "postgres"))]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
