//! The server that gates run against.

use anyhow::{Context, Result};
use gate_contract::postgres::Throwaway;

use crate::Database;

/// The PostgreSQL for the gates that are about to run, if they need one.
pub struct Server {
    pub database: Database,
    pub url: Option<String>,
    _throwaway: Option<Throwaway>,
}

impl Server {
    /// The one that `DATABASE_URL` names, or a throwaway.
    ///
    /// # Errors
    ///
    /// When no server starts.
    pub fn for_gates(database: Database) -> Result<Self> {
        match (database, std::env::var("DATABASE_URL")) {
            (Database::Sqlite, _) => Ok(Self { database, url: None, _throwaway: None }),
            (Database::Postgres, Ok(url)) => Ok(Self { database, url: Some(url), _throwaway: None }),
            (Database::Postgres, Err(_)) => {
                let throwaway = Throwaway::start().context("cannot start PostgreSQL")?;
                Ok(Self { database, url: Some(throwaway.url().to_owned()), _throwaway: Some(throwaway) })
            }
        }
    }
}
