//! What every gate needs: a fresh database with seeded rows, a log of the SQL that the
//! student's code ran, and a transcript of what the gate saw.
//!
//! `tests/README.md` says how to write, run and accept gates.

#![warn(clippy::missing_errors_doc)]

pub mod postgres;
pub mod scratch;
pub mod seal;
pub mod trace;

#[cfg(feature = "fixtures")]
mod at_once;
#[cfg(feature = "fixtures")]
mod bookshop;
#[cfg(feature = "fixtures")]
mod database;
#[cfg(feature = "demo")]
pub mod demo;
#[cfg(feature = "fixtures")]
mod interruption;
#[cfg(feature = "fixtures")]
mod meeting;
#[cfg(feature = "fixtures")]
mod restaurant;
mod seed;
#[cfg(feature = "fixtures")]
mod settings;
#[cfg(feature = "fixtures")]
mod setup_sql;
#[cfg(feature = "fixtures")]
mod sql_log;
#[cfg(feature = "fixtures")]
mod text;
#[cfg(feature = "fixtures")]
mod transcript;
#[cfg(feature = "web")]
mod web;

#[cfg(feature = "fixtures")]
pub use at_once::at_once;
#[cfg(feature = "fixtures")]
pub use bookshop::{Author, Book, Bookshop, Publisher, add_many};
#[cfg(feature = "web")]
pub use cookie::Cookie;
#[cfg(feature = "fixtures")]
pub use database::{Backend, Database, Db, bad_urls, rows};
#[cfg(feature = "fixtures")]
pub use meeting::Meeting;
#[cfg(feature = "fixtures")]
pub use restaurant::{Dish, MOST_TABLES, Restaurant, Worker};
pub use seed::PUBLISHED_SEED;
#[cfg(feature = "fixtures")]
pub use seed::{letters, number, pick, secret, seed, title, titles};
#[cfg(feature = "fixtures")]
pub use settings::{Dotenv, read_dotenv, refusal};
#[cfg(feature = "postgres")]
pub use setup_sql::SetUpServer;
#[cfg(feature = "fixtures")]
pub use setup_sql::read_setup_sql;
#[cfg(feature = "fixtures")]
pub use transcript::Transcript;
#[cfg(feature = "web")]
pub use web::{Answer, Browser};
#[cfg(feature = "html")]
pub use web::{Board, Form, Order};
