//! Order Up: tables, tabs and a menu, on one page.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::fmt;

use axum::Router;
use diesel::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

mod db;
mod pages;
mod safe;
pub mod seed;
mod web;

pub use db::open;

pub type Db = SqliteConnection;
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// What the app is told from outside.
#[derive(Clone)]
pub struct Config {
    pub database_url: String,
    pub address: String,
    /// Whether the session's cookie is for HTTPS only.
    pub https: bool,
    secret_key: String,
    /// A key that was made up and that the caller should keep.
    pub new_key: Option<String>,
}

impl Config {
    /// `variables` win over what the file says; there may be no file.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut all: Vec<_> = variables.into_iter().collect();
        all.extend(groundwork::dotenv::read(dotenv)?);
        let get = |name: &str| {
            let found = all.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone());
            found.filter(|value| !value.is_empty())
        };
        let given = get("SECRET_KEY");
        if given.as_ref().is_some_and(|key| key.len() < 64) {
            return Err("SECRET_KEY is shorter than 64 bytes; `openssl rand -hex 64` makes one".into());
        }
        let new_key = given.is_none().then(|| safe::random_hex(64));
        let secret_key = given.or_else(|| new_key.clone()).unwrap_or_default();
        let address = get("ADDRESS").unwrap_or_else(|| "127.0.0.1:8000".to_owned());
        let is_near = ["127.", "localhost:", "[::1]:"].iter().any(|it| address.starts_with(it));
        Ok(Self {
            database_url: get("DATABASE_URL").unwrap_or_else(|| "sqlite://lesson-08-order-up.db".to_owned()),
            https: !is_near && get("INSECURE_HTTP").is_none(),
            address,
            secret_key,
            new_key,
        })
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Seconds since 1970, asked from whoever made it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    pub fn new(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub fn system() -> Self {
        Self::new(|| jiff::Timestamp::now().as_second())
    }

    fn now(&self) -> i64 {
        (self.0)()
    }
}

pub fn app(config: Config, clock: Clock) -> Router {
    web::router(config, clock)
}
