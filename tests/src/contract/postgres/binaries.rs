//! Where PostgreSQL's programs are, and as whom they run.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::Error;

/// The folder that holds `initdb` and `pg_ctl`, and the user to run them as.
#[derive(Debug)]
pub struct Binaries {
    folder: PathBuf,
    /// Set where this process is root: PostgreSQL refuses to run as root.
    user: Option<User>,
}

#[derive(Debug)]
struct User {
    uid: u32,
    gid: u32,
}

impl Binaries {
    /// Looks on the `PATH`, then where the usual packages put them; the newest version wins.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed, or cannot run as this user.
    pub fn find() -> Result<Self, Error> {
        if !cfg!(unix) {
            return Err(Error::Unavailable(NOT_ON_WINDOWS));
        }
        let on_path = std::env::var_os("PATH").unwrap_or_default();
        let folder = std::env::split_paths(&on_path)
            // A link such as /usr/local/bin/initdb does not have its siblings beside it.
            .filter_map(|folder| folder.join("initdb").canonicalize().ok()?.parent().map(Path::to_path_buf))
            .chain(installed())
            .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
            .ok_or(Error::Unavailable(NOT_FOUND))?;
        Ok(Self { folder, user: unprivileged_user()? })
    }

    /// One of PostgreSQL's programs, ready for its arguments.
    pub fn command(&self, program: &str) -> Command {
        let program = self.folder.join(program);
        let Some(User { uid, gid }) = self.user else { return Command::new(program) };
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
        command.arg("--").arg(program);
        command
    }

    /// Makes `path` belong to the user that the programs run as.
    #[cfg(unix)]
    pub(super) fn give(&self, path: &Path) -> io::Result<()> {
        match &self.user {
            Some(user) => std::os::unix::fs::chown(path, Some(user.uid), Some(user.gid)),
            None => Ok(()),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn give(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }
}

/// Debian's and Ubuntu's, Fedora's, Homebrew's (both kinds of Mac) and Postgres.app's places.
const PLACES: [&str; 5] = [
    "/usr/lib/postgresql",
    "/usr",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/Applications/Postgres.app/Contents/Versions",
];

fn installed() -> Vec<PathBuf> {
    let mut versions: Vec<_> = PLACES
        .iter()
        .filter_map(|place| std::fs::read_dir(place).ok())
        .flat_map(|entries| entries.flatten())
        .map(|entry| entry.path())
        .filter(|path| version(path).is_some())
        .collect();
    versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
    versions.into_iter().map(|path| path.join("bin")).collect()
}

/// The 15 of `/usr/lib/postgresql/15`, `/usr/pgsql-15` and `/opt/homebrew/opt/postgresql@15`.
fn version(path: &Path) -> Option<u32> {
    let name = path.file_name()?.to_str()?;
    let number = name.strip_prefix("postgresql@").or(name.strip_prefix("pgsql-")).unwrap_or(name);
    number.parse().ok()
}

#[cfg(unix)]
fn unprivileged_user() -> Result<Option<User>, Error> {
    use std::os::unix::fs::MetadataExt;

    // A new file belongs to the user that this process runs as.
    let own = tempfile::tempfile().and_then(|file| file.metadata());
    let own = own.map_err(Error::io("cannot make a temporary file"))?;
    if own.uid() != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let id = |name: &str| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2);
        Some(User { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    };
    id("postgres").or_else(|| id("nobody")).map(Some).ok_or(Error::Unavailable(NO_USER))
}

#[cfg(not(unix))]
fn unprivileged_user() -> Result<Option<User>, Error> {
    Ok(None)
}

const NOT_FOUND: &str = "\
PostgreSQL's programs (`initdb`, `pg_ctl`) are neither on the PATH nor in their usual places.
Install PostgreSQL:
    Debian, Ubuntu   sudo apt-get install postgresql
    Fedora           sudo dnf install postgresql-server
    macOS            brew install postgresql
or set DATABASE_URL to the URL of a server on which you may create databases.";

const NOT_ON_WINDOWS: &str = "\
On Windows no throwaway PostgreSQL is started. Set DATABASE_URL to the URL of a server on which
you may create databases, such as postgresql://postgres:password@localhost/postgres.";

#[cfg(unix)]
const NO_USER: &str = "\
PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody` to run it as.
Run this command as an ordinary user.";
