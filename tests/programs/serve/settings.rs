//! Which settings the app gets: the student's, and a throwaway database and key for what they leave out.

use std::path::{Path, PathBuf};

use groundwork::{check_url, dotenv};

/// The folder of what lasts as long as `cargo kata run` does: the guide names it.
pub const FOLDER: &str = "KATA_RUN_FOLDER";
/// A PostgreSQL server that is there as long as `cargo kata run` is.
const SERVER: &str = "KATA_RUN_SERVER";

pub struct Settings {
    /// The variables of this process, and what is added to them.
    pub variables: Vec<(String, String)>,
    /// The student's own file of settings.
    pub dotenv: PathBuf,
    pub database_url: String,
    /// The database is nobody's, and may be filled.
    pub is_throwaway: bool,
    /// What to tell the student.
    pub about: String,
}

impl Settings {
    /// The variables of the shell win over the file `.env`, as in the lessons.
    pub fn read() -> Result<Self, String> {
        let dotenv = dotenv::path();
        let mut variables: Vec<_> = dotenv::variables().collect();
        let mut all = dotenv::read(&dotenv).map_err(|error| error.to_string())?;
        all.extend(variables.iter().cloned());
        let own = all.get("DATABASE_URL").filter(|url| check_url(url).is_ok()).cloned();
        let is_throwaway = own.is_none();
        let about = match (&own, all.contains_key("DATABASE_URL")) {
            (Some(_), _) => {
                format!("On the database that DATABASE_URL names, in your shell or {}.", dotenv.display())
            }
            (None, false) => "On a throwaway database: DATABASE_URL is not set.".to_owned(),
            (None, true) => {
                "On a throwaway database: your DATABASE_URL is for another kind of database, or not a URL."
                    .to_owned()
            }
        };
        let database_url = match own {
            Some(url) => url,
            None => throwaway()?,
        };
        // Among the variables the last of a name counts.
        variables.push(("DATABASE_URL".to_owned(), database_url.clone()));
        Ok(Self { variables, dotenv, database_url, is_throwaway, about })
    }
}

/// A database that keeps its rows while the program is started again and again.
fn throwaway() -> Result<String, String> {
    if cfg!(feature = "postgres") {
        return std::env::var(SERVER).map_err(|_| {
            "there is no PostgreSQL server; `cargo kata run --db postgres` starts one".to_owned()
        });
    }
    let folder = std::env::var(FOLDER).map_err(|_| "start it with `cargo kata run`".to_owned())?;
    Ok(Path::new(&folder).join("bookshop.db").display().to_string())
}
