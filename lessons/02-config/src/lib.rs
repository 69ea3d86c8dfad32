//! Step 2: settings, a pool of connections, and a web app that has both.
//!
//!     cargo test -p lesson-02-config

pub mod app;
pub mod config;
pub mod connect;
pub mod dotenv;
pub mod error;
pub mod pool;
pub mod shop;

pub use app::app;
pub use config::{Config, ConfigError};
pub use connect::{Backend, ConnectError, Db, connect};
pub use error::AppError;
pub use pool::Pool;
