//! What every gate needs: a fresh database with seeded rows, a log of the SQL that the
//! student's code ran, and a transcript of what the gate saw.
//!
//! `tests/README.md` says how to write, run and accept gates.

#![warn(clippy::missing_errors_doc)]

mod at_once;
mod bookshop;
mod database;
#[cfg(feature = "demo")]
pub mod demo;
mod interruption;
mod meeting;
mod restaurant;
mod seal;
mod seed;
mod settings;
mod setup_sql;
mod sql_log;
mod start;
mod text;
mod transcript;
#[cfg(feature = "web")]
mod web;

pub use at_once::at_once;
#[cfg(feature = "web")]
pub use axum::Router;
pub use bookshop::{Author, Book, Bookshop, Publisher, add_many};
#[cfg(feature = "web")]
pub use cookie::Cookie;
pub use database::reading::{rows, run, settings};
pub use database::trouble::{is_another_error, is_the_databases};
pub use database::{Backend, Database, Db, bad_urls};
pub use gate_contract::{PUBLISHED_SEED, postgres, provoked, scratch, trace};
pub use meeting::Meeting;
pub use restaurant::{Dish, MOST_TABLES, Restaurant, Worker};
pub use seed::{hexadecimal, letters, number, pick, secret, seed, title, titles, word};
pub use settings::{Dotenv, nowhere, read_dotenv, refusal};
#[cfg(feature = "postgres")]
pub use setup_sql::SetUpServer;
pub use setup_sql::read_setup_sql;
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
