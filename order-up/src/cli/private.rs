//! Files that only the person who runs the program can read: the database holds the hashes of passwords, and the ids
//! of sessions; the settings hold the secret key.

use std::path::Path;

use groundwork::{ConnectError, Db};

/// Opens the database that `url` names. Only the owner can read its files, now and later: SQLite gives the files that
/// it creates beside a database the same permissions.
///
/// # Errors
///
/// When it cannot be opened.
#[cfg(not(feature = "postgres"))]
pub fn connect(url: &str) -> Result<Db, ConnectError> {
    use order_up::database_file::{DatabaseFile, database_file};

    if let DatabaseFile::At(file) = database_file(url) {
        for end in ["", "-wal", "-shm"] {
            let mut beside = file.clone().into_os_string();
            beside.push(end);
            keep(beside.as_ref());
        }
        // If this fails, `connect` below reports why.
        let _ = create(&file);
    }
    groundwork::connect(url)
}

/// Opens the database that `url` names. The server stores its files.
///
/// # Errors
///
/// When it cannot be opened.
#[cfg(feature = "postgres")]
pub fn connect(url: &str) -> Result<Db, ConnectError> {
    groundwork::connect(url)
}

/// Creates a file that only its owner can read. It must not exist.
///
/// # Errors
///
/// When it exists, or cannot be written.
#[cfg(not(feature = "postgres"))]
pub fn create(file: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Removes everybody else's access to a file. A missing file, or one that somebody else owns, stays as it is.
#[cfg(unix)]
pub fn keep(file: &Path) {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    let Ok(metadata) = fs::metadata(file) else { return };
    let mut permissions = metadata.permissions();
    if metadata.is_file() && permissions.mode() & 0o077 != 0 {
        permissions.set_mode(permissions.mode() & !0o077);
        let _ = fs::set_permissions(file, permissions);
    }
}

/// On other systems, files in a person's folder are already private.
#[cfg(not(unix))]
pub fn keep(_file: &Path) {}
