//! The settings of an Order Up: those of lesson 2, the key of lesson 7, and where to listen.

use std::fmt;
use std::net::{AddrParseError, SocketAddr};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::random::random_text;
use super::secret_key::SecretKey;
use crate::dotenv;

/// The settings, read once, when the program starts.
#[derive(Clone)]
pub struct Config {
    /// Where the database is, and whether its statements are echoed: what `Pool::new` takes.
    pub settings: crate::Config,
    /// Signs the forms.
    pub secret_key: SecretKey,
    /// Where the app listens.
    pub address: SocketAddr,
}

impl Config {
    /// Reads the settings from `variables`, which take precedence, and from the file `dotenv`.
    ///
    /// # Errors
    ///
    /// The error names the setting that is missing or wrong, and says where to write it.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        let variables: Vec<_> = variables.into_iter().collect();
        let settings = crate::Config::load(variables.clone(), dotenv)?;
        let mut all = dotenv::read(dotenv).map_err(crate::ConfigError::from)?;
        all.extend(variables);
        let key = all.remove("SECRET_KEY").ok_or_else(|| ConfigError::NoKey { dotenv: dotenv.to_owned() })?;
        let bytes = key.len();
        let secret_key = SecretKey::new(key);
        let address = all.remove("ADDRESS").filter(|address| !address.is_empty());
        let address = address.unwrap_or_else(|| "127.0.0.1:8000".to_owned());
        Ok(Self {
            settings,
            secret_key: secret_key
                .ok_or_else(|| ConfigError::ShortKey { bytes, dotenv: dotenv.to_owned() })?,
            address: address.parse().map_err(|source| ConfigError::BadAddress { address, source })?,
        })
    }

    /// The settings of a program on a developer's machine. On SQLite, its database is the file `<program>.db` at the
    /// top of the workspace, unless the shell sets `DATABASE_URL`. The `DATABASE_URL` in `.env` is not used: it is the
    /// bookshop's. If there is no `SECRET_KEY`, this function makes one and writes it to `.env`.
    ///
    /// # Errors
    ///
    /// The errors of [`Config::load`], and an error if the URL is not a database URL or `.env` cannot be written.
    pub fn for_development(program: &str) -> Result<Self, ConfigError> {
        Self::for_program(program, dotenv::variables().collect(), &dotenv::path())
    }

    fn for_program(
        program: &str,
        variables: Vec<(String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        make_key(variables.clone(), dotenv)?;
        let config = Self::load(default_database(program, dotenv).into_iter().chain(variables), dotenv)?;
        // As lesson 2's `from_env` does: the database's library might print a wrong URL, password included.
        crate::check_url(&config.settings.database_url).map_err(crate::ConfigError::from)?;
        Ok(config)
    }
}

/// Makes a `SECRET_KEY` and writes it to the file `dotenv`, if neither that file nor `variables` has one.
/// Returns whether it made one.
///
/// # Errors
///
/// When the file cannot be read or written.
pub fn make_key(
    variables: impl IntoIterator<Item = (String, String)>,
    dotenv: &Path,
) -> Result<bool, ConfigError> {
    let mut known = dotenv::read(dotenv).map_err(crate::ConfigError::from)?;
    known.extend(variables);
    if known.contains_key("SECRET_KEY") {
        return Ok(false);
    }
    let key: String = (0..4).map(|_| random_text()).collect();
    dotenv::append(dotenv, "SECRET_KEY", &key)
        .map_err(|source| ConfigError::NotWritten { dotenv: dotenv.to_owned(), source })?;
    Ok(true)
}

/// A default, which comes before the shell's variables. If a name occurs twice, the last value counts, so the shell
/// takes precedence.
#[cfg(not(feature = "postgres"))]
fn default_database(program: &str, dotenv: &Path) -> Option<(String, String)> {
    let file = dotenv.with_file_name(format!("{program}.db"));
    Some(("DATABASE_URL".to_owned(), format!("sqlite://{}", file.display())))
}

/// There is no default for a server: `DATABASE_URL` has to name the database.
#[cfg(feature = "postgres")]
fn default_database(_program: &str, _dotenv: &Path) -> Option<(String, String)> {
    None
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("settings", &self.settings)
            .field("secret_key", &self.secret_key)
            .field("address", &self.address)
            .finish()
    }
}

/// Why the settings could not be loaded.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(transparent)]
    Settings(#[from] crate::ConfigError),
    #[error(
        "SECRET_KEY is not set. {MAKE_ONE}, and add a line SECRET_KEY=… to {}, or set the variable.",
        dotenv.display()
    )]
    NoKey { dotenv: PathBuf },
    /// The key itself is a secret; its length is not.
    #[error(
        "SECRET_KEY has {bytes} bytes, and needs {} or more. {MAKE_ONE}, and put it into {} or into the variable.",
        SecretKey::MIN_BYTES,
        dotenv.display()
    )]
    ShortKey { bytes: usize, dotenv: PathBuf },
    #[error("ADDRESS is {address:?}; write it like 127.0.0.1:8000, or 0.0.0.0:8000 for the network.")]
    BadAddress { address: String, source: AddrParseError },
    #[error("cannot write a SECRET_KEY to {}: {source}.", dotenv.display())]
    NotWritten { dotenv: PathBuf, source: std::io::Error },
}

const MAKE_ONE: &str = "Make one with `openssl rand -hex 64`";

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn variables(set: &[(&str, &str)]) -> Vec<(String, String)> {
        set.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn load(set: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(variables(set), Path::new("/course/.env"))
    }

    #[test]
    fn the_error_names_a_missing_or_wrong_setting() {
        let (url, key) = (("DATABASE_URL", "app.db"), ("SECRET_KEY", KEY));
        let said = |set: &[_]| load(set).expect_err("something is wrong").to_string();
        let all = [
            said(&[key]),
            said(&[url]),
            said(&[url, ("SECRET_KEY", "secret")]),
            said(&[url, key, ("ADDRESS", "8000")]),
            said(&[url, key, ("SQL_ECHO", "yes")]),
        ];
        insta::assert_snapshot!(all.join("\n"), @r#"
        DATABASE_URL is not set. Add a line DATABASE_URL=… to /course/.env, or set the variable in your shell; .env.example shows what it may hold.
        SECRET_KEY is not set. Make one with `openssl rand -hex 64`, and add a line SECRET_KEY=… to /course/.env, or set the variable.
        SECRET_KEY has 6 bytes, and needs 64 or more. Make one with `openssl rand -hex 64`, and put it into /course/.env or into the variable.
        ADDRESS is "8000"; write it like 127.0.0.1:8000, or 0.0.0.0:8000 for the network.
        SQL_ECHO is "yes"; set it to 1 or 0.
        "#);
    }

    #[test]
    fn the_default_address_is_this_machine() {
        for address in [&[][..], &[("ADDRESS", "")]] {
            let config = load(&[&[("DATABASE_URL", "app.db"), ("SECRET_KEY", KEY)], address].concat());
            assert_eq!(config.unwrap().address.to_string(), "127.0.0.1:8000", "{address:?}");
        }
    }

    #[test]
    fn debug_output_contains_no_secret() {
        let url = "postgresql://ann:Rosebud@localhost/app";
        let printed = format!("{:?}", load(&[("DATABASE_URL", url), ("SECRET_KEY", KEY)]).unwrap());
        assert!(printed.contains("127.0.0.1:8000"), "{printed}");
        assert!(!printed.contains("Rosebud") && !printed.contains(KEY), "{printed}");
    }

    #[test]
    fn a_key_is_created_once_in_a_file_that_only_its_owner_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        assert!(make_key([], &file).unwrap());
        let made = fs::read_to_string(&file).unwrap();
        assert!(!make_key([], &file).unwrap());
        assert_eq!(fs::read_to_string(&file).unwrap(), made);
        let key = dotenv::read(&file).unwrap().remove("SECRET_KEY").unwrap();
        assert!(SecretKey::new(key).is_some(), "{made}");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_key_from_the_shell_is_enough_and_other_lines_of_the_file_stay() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs::write(&file, "ADDRESS=127.0.0.1:7000").unwrap();
        assert!(!make_key(variables(&[("SECRET_KEY", KEY)]), &file).unwrap());
        assert_eq!(fs::read_to_string(&file).unwrap(), "ADDRESS=127.0.0.1:7000");
        assert!(make_key([], &file).unwrap());
        assert_eq!(dotenv::read(&file).unwrap()["ADDRESS"], "127.0.0.1:7000");
    }

    #[cfg(unix)]
    #[test]
    fn a_world_readable_file_becomes_private_once_it_contains_a_key() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        for (before, after) in [(0o644, 0o600), (0o664, 0o600), (0o600, 0o600), (0o640, 0o600)] {
            fs::write(&file, "ADDRESS=127.0.0.1:7000").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(before)).unwrap();
            assert!(make_key([], &file).unwrap());
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, after, "{before:o}");
        }
    }

    #[test]
    fn a_key_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gone/.env");
        let error = make_key([], &file).expect_err("there is no such folder").to_string();
        assert!(error.starts_with(&format!("cannot write a SECRET_KEY to {}: ", file.display())), "{error}");
    }

    /// The database in `.env` is the bookshop's.
    #[cfg(not(feature = "postgres"))]
    #[test]
    fn a_program_uses_its_own_database_unless_the_shell_names_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs::write(&file, "DATABASE_URL=sqlite://books.db\nADDRESS=127.0.0.1:7000\n").unwrap();
        let url = |set: &[_]| {
            let config = Config::for_program("my-app", variables(set), &file).unwrap();
            assert_eq!(config.address.port(), 7000);
            config.settings.database_url
        };
        assert_eq!(url(&[]), format!("sqlite://{}", folder.path().join("my-app.db").display()));
        assert_eq!(url(&[("DATABASE_URL", "sqlite://other.db")]), "sqlite://other.db");
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn on_postgresql_a_program_requires_a_database_url() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        let refused = Config::for_program("my-app", Vec::new(), &file).expect_err("there is no URL");
        assert!(refused.to_string().starts_with("DATABASE_URL is not set."), "{refused}");
        fs::write(&file, "DATABASE_URL=postgresql://localhost/books\n").unwrap();
        let config = Config::for_program("my-app", Vec::new(), &file).unwrap();
        assert_eq!(config.settings.database_url, "postgresql://localhost/books");
    }

    #[test]
    fn an_invalid_url_is_refused_before_a_library_prints_it() {
        let folder = tempfile::tempdir().unwrap();
        let wrong = variables(&[("DATABASE_URL", "://Rosebud")]);
        let error =
            Config::for_program("my-app", wrong, &folder.path().join(".env")).expect_err("it is wrong");
        assert!(!error.to_string().contains("Rosebud"), "{error}");
    }
}
