//! Step 7: a visitor is remembered from one request to the next.
//!
//!     cargo test -p lesson-07-sessions

pub mod app;
pub mod config;
pub mod connect;
pub mod dotenv;
pub mod error;
pub mod pool;
pub mod schema;
pub mod store;
pub mod views;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use app::{app_with_cookies, app_with_store};
pub use config::{Config, ConfigError};
pub use connect::{Backend, ConnectError, Db, connect};
pub use error::AppError;
pub use pool::Pool;
pub use store::DatabaseStore;

/// The tables, as they came to be.
#[cfg(not(feature = "postgres"))]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
