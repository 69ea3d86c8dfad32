//! Where the program finds its settings and its database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use groundwork::{Db, dotenv};
use order_up::migrate::migrate;
use order_up::{Config, config};

use super::args::Serve;
use super::private;

/// The top of the source code while it exists, so that one `.env` serves the whole workspace.
pub fn default_folder() -> PathBuf {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let top = folders.find(|folder| folder.join("Cargo.lock").is_file());
    top.unwrap_or(Path::new(".")).to_owned()
}

/// The settings of the app.
pub fn load(folder: &Path, serve: &Serve) -> Result<Config> {
    let dotenv = folder.join(".env");
    let mut variables = variables(folder, &dotenv::read(&dotenv)?);
    variables.extend(serve.address.clone().map(|address| ("ADDRESS".to_owned(), address)));
    if serve.insecure_http {
        variables.push(("INSECURE_HTTP".to_owned(), "1".to_owned()));
    }
    Ok(Config::load(variables, &dotenv)?)
}

/// The URL of the database, for a command that needs no secret key.
pub fn database_url(folder: &Path) -> Result<String> {
    let dotenv = folder.join(".env");
    let mut settings = dotenv::read(&dotenv)?;
    settings.extend(variables(folder, &settings));
    let url = settings.remove("DATABASE_URL");
    let url = url.with_context(|| format!("DATABASE_URL is not set. Set it in {}.", dotenv.display()))?;
    Ok(config::lasting(url)?)
}

/// Opens the database.
pub fn open(folder: &Path) -> Result<Db> {
    Ok(private::connect(&database_url(folder)?)?)
}

/// Opens the database, and brings its tables up to date.
pub fn open_migrated(folder: &Path) -> Result<Db> {
    let mut conn = open(folder)?;
    migrate(&mut conn, |_| anyhow::Ok(()))?;
    Ok(conn)
}

/// What wins over `.env`, after the default database. Of a name that comes twice the last counts.
fn variables(folder: &Path, dotenv: &BTreeMap<String, String>) -> Vec<(String, String)> {
    default_database(folder, dotenv).into_iter().chain(dotenv::variables()).collect()
}

/// On SQLite a file in the folder, unless `.env` names another.
#[cfg(not(feature = "postgres"))]
fn default_database(folder: &Path, dotenv: &BTreeMap<String, String>) -> Option<(String, String)> {
    let file = folder.join(concat!(env!("CARGO_PKG_NAME"), ".db"));
    let is_set = dotenv.contains_key("DATABASE_URL");
    (!is_set).then(|| ("DATABASE_URL".to_owned(), format!("sqlite://{}", file.display())))
}

#[cfg(feature = "postgres")]
fn default_database(_folder: &Path, _dotenv: &BTreeMap<String, String>) -> Option<(String, String)> {
    None
}
