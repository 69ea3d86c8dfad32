//! Lesson 7: a visitor is remembered from one request to the next.
//!
//!     cargo test -p solution-07-sessions

pub mod app;
pub mod config;
pub mod error;
pub mod schema;
pub mod store;
pub mod views;

use groundwork::migrations::Migrations;

pub use app::{app_with_cookies, app_with_store};
pub use config::{Config, ConfigError};
pub use error::AppError;
pub use store::DatabaseStore;

/// The tables: what `migrations` holds.
pub const MIGRATIONS: Migrations = Migrations(&[groundwork::migrations!()]);
