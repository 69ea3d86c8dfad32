//! Order Up: a restaurant's tables, from being seated to having paid.
//!
//!     cargo run -p order-up
//!
//! A request goes through [`app`] (what every request passes), to a handler in [`routes`] (which
//! knows HTTP), to a function in [`models`] (which knows the tables).

pub mod app;
pub mod business_day;
pub mod clock;
pub mod config;
pub mod error;
pub mod form;
pub mod migrate;
pub mod models;
pub mod money;
pub mod pool;
pub mod routes;
pub mod schema;
pub mod security;
pub mod seed;

pub use app::app;
pub use clock::Clock;
pub use config::{Config, ConfigError};
pub use error::AppError;
pub use migrate::MIGRATIONS;
pub use money::Cents;
pub use seed::{Restaurant, seed};
