//! Order Up: a restaurant's tables, from being seated to having paid.
//!
//!     cargo run -p order-up
//!
//! A request passes the layers in [`router`], goes to a handler in [`routes`], which knows HTTP, and
//! from there to a function in [`models`], which knows the tables.

#![warn(clippy::missing_errors_doc)]

pub mod app;
pub mod assets;
pub mod business_day;
pub mod config;
pub mod error;
pub mod form;
pub mod id;
pub mod migrate;
pub mod models;
pub mod money;
pub mod page;
pub mod pool;
pub mod query;
pub mod retire;
pub mod role;
pub mod router;
pub mod routes;
pub mod schema;
pub mod security;
pub mod seed;
pub mod submission;

pub use config::{Config, ConfigError};
pub use error::AppError;
pub use groundwork::order_up::{Clock, Restaurant, SecretKey, Timestamp};
pub use migrate::MIGRATIONS;
pub use money::Cents;
pub use retire::retire;
pub use role::Role;
pub use router::app;
pub use seed::{SeedError, seed};
