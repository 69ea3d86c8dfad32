//! Order Up: a restaurant's tables, from seating guests to closing the bill.
//!
//!     cargo run -p order-up
//!
//! A request passes the layers in [`router`], goes to a handler in [`routes`], which knows HTTP, and
//! from there to a function in [`models`], which knows the tables.

#![warn(clippy::missing_errors_doc)]

pub mod alphabetical;
pub mod app;
pub mod asked_day;
pub mod assets;
pub mod business_day;
pub mod config;
pub mod connection;
#[cfg(not(feature = "postgres"))]
pub mod database_file;
pub mod done;
pub mod error;
pub mod find;
pub mod form;
pub mod house;
pub mod id;
pub mod kept;
pub mod live;
pub mod migrate;
pub mod models;
pub mod money;
pub mod page;
pub mod patient;
pub mod pool;
pub mod price_format;
pub mod query;
pub mod retire;
pub mod role;
pub mod router;
pub mod routes;
pub mod schema;
pub mod security;
pub mod seed;
pub mod spreadsheet;
pub mod submission;
pub mod tax;

pub use config::{Config, ConfigError};
pub use error::AppError;
pub use groundwork::order_up::{Clock, Restaurant, SecretKey, Timestamp};
pub use migrate::MIGRATIONS;
pub use money::Cents;
pub use retire::retire;
pub use role::Role;
pub use router::app;
pub use seed::{SeedError, seed};
