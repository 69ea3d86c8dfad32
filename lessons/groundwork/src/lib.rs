//! Code that the lessons share: what earlier lessons have built, and helper code that no lesson teaches.
//!
//!     cargo test -p groundwork
//!
//! `README.md` says which file is for what. `connect.rs`, `config.rs`, `pool.rs`, `error_log.rs` and `migrations` are
//! what lessons 1 to 4 build; `schema.rs` and `store.rs` are what lesson 7 builds. Open a file after you have passed
//! its lesson.

#![warn(clippy::missing_errors_doc)]

pub mod causes;
#[cfg(feature = "lesson-2")]
pub mod config;
#[cfg(feature = "lesson-1")]
pub mod connect;
pub mod connect_error;
pub mod database;
pub mod dotenv;
pub mod echo;
#[cfg(feature = "lesson-2")]
pub mod error_log;
pub mod migrations;
#[cfg(feature = "order-up")]
pub mod order_up;
pub mod place;
#[cfg(feature = "lesson-2")]
pub mod pool;
pub mod prepare;
#[cfg(feature = "lesson-7")]
pub mod schema;
#[cfg(feature = "lesson-7")]
pub mod store;
pub mod transaction;
pub mod url;
pub mod violated;

#[cfg(feature = "lesson-2")]
pub use config::{Config, ConfigError};
#[cfg(feature = "lesson-1")]
pub use connect::connect;
pub use connect_error::ConnectError;
pub use database::{Backend, Db};
pub use echo::Echo;
#[cfg(feature = "lesson-2")]
pub use pool::{Pool, PoolError};
pub use prepare::prepare;
#[cfg(feature = "lesson-7")]
pub use store::DatabaseStore;
pub use transaction::{read, write};
pub use url::check_url;
pub use violated::{Constraint, violated};
