//! Order Up: a restaurant's tables, from being seated to having paid.
//!
//!     cargo run -p lesson-08-order-up
//!
//! A request passes the layers in [`router`], goes to a handler in [`routes`], which knows HTTP, and
//! from there to a function in [`models`], which knows the tables.

#![warn(clippy::missing_errors_doc)]

pub mod app;
pub mod assets;
pub mod business_day;
pub mod clock;
pub mod config;
pub mod error;
pub mod form;
pub mod hex;
pub mod id;
pub mod migrate;
pub mod models;
pub mod money;
pub mod page;
pub mod pool;
pub mod query;
pub mod random;
pub mod role;
pub mod router;
pub mod routes;
pub mod schema;
pub mod secret_key;
pub mod security;
pub mod seed;
pub mod submission;
pub mod timestamp;

pub use clock::Clock;
pub use config::{Config, ConfigError};
pub use error::AppError;
pub use migrate::MIGRATIONS;
pub use money::Cents;
pub use role::Role;
pub use router::app;
pub use secret_key::SecretKey;
pub use seed::{Restaurant, SeedError, seed};
pub use timestamp::Timestamp;
