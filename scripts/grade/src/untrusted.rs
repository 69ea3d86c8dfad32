//! Opens files that a submission has left or handed in.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Opens a regular file for reading. A link is not followed, and a pipe is not waited for.
///
/// # Errors
///
/// When it cannot be opened, or is not a regular file.
pub fn open(path: &Path) -> io::Result<File> {
    regular(path, true)
}

/// The same for what an instructor has named, or has put among the submissions: there a link may lead to it.
///
/// # Errors
///
/// When it cannot be opened, or is not a regular file.
pub fn open_named(path: &Path) -> io::Result<File> {
    regular(path, false)
}

/// Reads a regular file of at most `most` bytes.
///
/// # Errors
///
/// When it cannot be read, or is larger.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large"));
    }
    Ok(bytes)
}

#[cfg_attr(not(unix), allow(unused_variables))]
fn regular(path: &Path, is_link_refused: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use nix::fcntl::OFlag;
        use std::os::unix::fs::OpenOptionsExt;
        let mut flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
        flags.set(OFlag::O_NOFOLLOW, is_link_refused);
        options.custom_flags(flags.bits());
    }
    // Opening a device can have an effect of its own.
    let kind = if is_link_refused { std::fs::symlink_metadata(path)? } else { std::fs::metadata(path)? };
    let not_regular = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
    if !kind.is_file() {
        return Err(not_regular());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}
