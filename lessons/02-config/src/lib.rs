//! Lesson 2: settings, a pool of connections, and a web app that has both.
//!
//!     cargo test -p lesson-02-config

pub mod app;
pub mod config;
pub mod error;
pub mod error_log;
pub mod pool;
pub mod shop;

pub use app::app;
pub use config::{Config, ConfigError};
pub use error::AppError;
pub use pool::Pool;
