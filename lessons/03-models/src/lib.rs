//! Step 3: a table, and the struct that its rows become.
//!
//!     cargo test -p lesson-03-models

pub mod connect;
pub mod models;
pub mod schema;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use connect::{Backend, ConnectError, Db, connect};
pub use models::Book;

/// The tables, as they came to be.
#[cfg(not(feature = "postgres"))]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
