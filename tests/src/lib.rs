//! What every gate needs: a fresh database with seeded rows, a log of the SQL that the
//! student's code ran, and a transcript of what the gate saw.
//!
//! `tests/README.md` says how to write, run and accept gates.

#![warn(clippy::missing_errors_doc)]

mod pointer;
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
mod start;
#[cfg(feature = "fixtures")]
mod text;
#[cfg(feature = "fixtures")]
mod transcript;
#[cfg(feature = "web")]
mod web;

#[cfg(feature = "fixtures")]
pub use at_once::at_once;
#[cfg(feature = "web")]
pub use axum::Router;
#[cfg(feature = "fixtures")]
pub use bookshop::{Author, Book, Bookshop, Publisher, add_many};
#[cfg(feature = "web")]
pub use cookie::Cookie;
#[cfg(feature = "fixtures")]
pub use database::reading::{rows, run, settings};
#[cfg(feature = "fixtures")]
pub use database::trouble::is_the_databases;
#[cfg(feature = "fixtures")]
pub use database::{Backend, Database, Db, bad_urls};
#[cfg(feature = "fixtures")]
pub use meeting::Meeting;
#[cfg(feature = "fixtures")]
pub use restaurant::{Dish, MOST_TABLES, Restaurant, Worker};
pub use seed::PUBLISHED_SEED;
#[cfg(feature = "fixtures")]
pub use seed::{hexadecimal, letters, number, pick, secret, seed, title, titles, word};
#[cfg(feature = "fixtures")]
pub use settings::{Dotenv, nowhere, read_dotenv, refusal};
#[cfg(feature = "postgres")]
pub use setup_sql::SetUpServer;
#[cfg(feature = "fixtures")]
pub use setup_sql::read_setup_sql;
#[cfg(feature = "fixtures")]
pub use transcript::Transcript;

/// The name of the gate in which this stands, as the test program calls it.
#[macro_export]
macro_rules! this_gate {
    () => {{
        fn here() {}
        $crate::name_of(here)
    }};
}

/// The path of the function in which `here` was declared, without the crate.
#[doc(hidden)]
pub fn name_of<T>(_here: T) -> &'static str {
    let path = std::any::type_name::<T>().trim_end_matches("::here");
    path.split_once("::").map_or(path, |(_program, gate)| gate)
}
#[cfg(feature = "web")]
pub use web::{Answer, Browser, Server, Settings};
#[cfg(feature = "html")]
pub use web::{Board, Form, Order};
