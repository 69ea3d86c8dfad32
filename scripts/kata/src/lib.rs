//! What `cargo kata` is made of: the guide at a student's side, and the workspace's check of itself.
//!
//! `scripts/kata/README.md` is the map of this crate.

pub mod build;
pub mod check;
pub mod course;
pub mod derive;
pub mod guide;
pub mod judge;
pub mod postgres;
pub mod report;
pub mod view;
pub mod witness;

use clap::ValueEnum;

/// Everything passed.
pub const PASSED: u8 = 0;
/// Something did not pass, or is stale.
pub const NOT_PASSED: u8 = 1;
/// The command makes no sense; clap uses the same number.
pub const NONSENSE: u8 = 2;
/// The guide itself could not do its work.
pub const BROKEN: u8 = 3;

/// Where gates run.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Database {
    #[default]
    Sqlite,
    Postgres,
}

impl Database {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}
