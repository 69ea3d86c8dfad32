//! Serves the two apps of lesson 7 as the student has written them.
//!
//!     cargo kata run 7

#[path = "serve.rs"]
mod serve;

use std::process::ExitCode;

use axum::Router;
use diesel::Connection;
use diesel_migrations::MigrationHarness;
use groundwork::Db;
use groundwork::causes::with_causes;
use lesson_07_sessions::{Config, MIGRATIONS, app_with_cookies, app_with_store};
use serve::{Settings, Site};

fn main() -> ExitCode {
    // Both call their cookie `session`; under two names of this machine neither overwrites the other's.
    let cookies = Site {
        title: "Sessions in cookies",
        address: ("ADDRESS", "127.0.0.1:8000"),
        host: "127.0.0.1",
        app: |settings| Ok(app_with_cookies(&config(settings)?)),
    };
    let store = Site {
        title: "Sessions in the database",
        address: ("STORE_ADDRESS", "127.0.0.1:8001"),
        host: "localhost",
        app: with_store,
    };
    serve::serve("Lesson 7: sessions", &[cookies, store])
}

fn config(settings: &Settings) -> Result<Config, String> {
    // A key of the student's own, in the shell or in `.env`, wins over one that `cargo kata run` has made.
    let made = std::env::var("KATA_RUN_KEY").map(|key| ("SECRET_KEY".to_owned(), key));
    let dotenv = groundwork::dotenv::read(&settings.dotenv).map_err(|error| error.to_string())?;
    let made = made.into_iter().filter(|_| !dotenv.contains_key("SECRET_KEY"));
    let variables = made.chain(settings.variables.iter().cloned());
    Config::load(variables, &settings.dotenv).map_err(|error| with_causes(&error))
}

fn with_store(settings: &Settings) -> Result<Router, String> {
    let mut conn = Db::establish(&settings.database_url).map_err(|error| error.to_string())?;
    conn.run_pending_migrations(MIGRATIONS).map_err(|error| error.to_string())?;
    Ok(app_with_store(&config(settings)?))
}
