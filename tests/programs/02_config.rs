//! Serves the app of lesson 2 as the student has written it.
//!
//!     cargo kata run 2

#[path = "serve.rs"]
mod serve;

use std::process::ExitCode;

use axum::Router;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use groundwork::Db;
use groundwork::causes::with_causes;
use lesson_02_config::{Config, app};
use serve::{Settings, Site};

fn main() -> ExitCode {
    let app =
        Site { title: "The app", address: ("ADDRESS", "127.0.0.1:8000"), host: "127.0.0.1", app: build };
    serve::serve("Lesson 2: settings, a pool, an app", &[app])
}

fn build(settings: &Settings) -> Result<Router, String> {
    fill(settings)?;
    let config = Config::load(settings.variables.iter().cloned(), &settings.dotenv);
    Ok(app(&config.map_err(|error| with_causes(&error))?))
}

/// The app asks one table for one number. A student's own database is left as it is.
fn fill(settings: &Settings) -> Result<(), String> {
    if !settings.is_throwaway {
        return Ok(());
    }
    let mut conn = Db::establish(&settings.database_url).map_err(|error| error.to_string())?;
    conn.batch_execute(
        "CREATE TABLE IF NOT EXISTS shop (books INTEGER);
         INSERT INTO shop SELECT 1865 WHERE NOT EXISTS (SELECT * FROM shop)",
    )
    .map_err(|error| error.to_string())
}
