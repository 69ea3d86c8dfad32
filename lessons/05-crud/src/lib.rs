//! Step 5: create, read, update and delete, and several writes as one.
//!
//!     cargo test -p lesson-05-crud

pub mod authors;
pub mod books;
pub mod connect;
pub mod models;
pub mod schema;
pub mod violated;
pub mod write;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use connect::{Backend, ConnectError, Db, connect};
pub use models::{Author, Book, NewBook};
pub use violated::{Constraint, violated};
pub use write::write;

/// The tables, as they came to be.
#[cfg(not(feature = "postgres"))]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
