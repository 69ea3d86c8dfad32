//! Locks on files, by which commands in several terminals wait for each other.
//!
//! They are a courtesy: some file systems have none (NFS without its lock service, several of FUSE, folders
//! that a virtual machine shares). There the guide does its work without them.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;

use anyhow::{Context, Result};

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// What came of trying.
#[derive(Debug)]
pub enum Tried {
    Held(Lock),
    /// Another process holds it.
    Taken,
    /// The file system has no locks.
    Impossible,
}

/// Waits for the exclusive lock at `path`.
///
/// # Errors
///
/// When the file of the lock cannot be written.
pub fn wait_alone(path: &Path) -> Result<Lock> {
    wait(path, File::lock)
}

/// Waits for a shared lock at `path`.
///
/// # Errors
///
/// When the file of the lock cannot be written.
pub fn wait_shared(path: &Path) -> Result<Lock> {
    wait(path, File::lock_shared)
}

/// Takes the exclusive lock at `path` if it is free.
///
/// # Errors
///
/// When the file of the lock cannot be written.
pub fn try_alone(path: &Path) -> Result<Tried> {
    let file = open(path)?;
    Ok(match file.try_lock() {
        Ok(()) => Tried::Held(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Tried::Taken,
        Err(TryLockError::Error(_)) => Tried::Impossible,
    })
}

fn wait(path: &Path, lock: impl Fn(&File) -> io::Result<()>) -> Result<Lock> {
    let file = open(path)?;
    // A file that is open can be locked, unless its file system knows no locks. What else the system says
    // then differs from one to the next.
    while lock(&file).is_err_and(|error| error.kind() == ErrorKind::Interrupted) {}
    Ok(Lock { _file: file })
}

/// Opened for both: over a network a shared lock is refused on a file that is only written, and one that
/// excludes others on a file that is only read.
fn open(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::{Error, ErrorKind};

    use super::{Tried, try_alone, wait, wait_alone, wait_shared};

    #[test]
    fn a_lock_excludes_others_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = wait_alone(&path).unwrap();
        assert!(matches!(try_alone(&path).unwrap(), Tried::Taken));
        drop(held);
        assert!(matches!(try_alone(&path).unwrap(), Tried::Held(_)));
        let (_one, _two) = (wait_shared(&path).unwrap(), wait_shared(&path).unwrap());
        assert!(matches!(try_alone(&path).unwrap(), Tried::Taken));
    }

    #[test]
    fn without_support_for_locks_it_continues_unlocked() {
        let folder = tempfile::tempdir().unwrap();
        // ENOLCK, ENOSYS, EOPNOTSUPP and EBADF on Linux, as file systems answer.
        for code in [37, 38, 95, 9] {
            let refused = |_: &_| Err(Error::from_raw_os_error(code));
            assert!(wait(&folder.path().join("lock"), refused).is_ok(), "{code}");
        }
        assert!(wait(&folder.path().join("lock"), |_| Err(ErrorKind::Unsupported.into())).is_ok());
    }

    #[test]
    fn a_signal_does_not_end_the_wait() {
        let folder = tempfile::tempdir().unwrap();
        let times = Cell::new(0);
        let interrupted = |_: &_| {
            times.set(times.get() + 1);
            if times.get() < 3 { Err(ErrorKind::Interrupted.into()) } else { Ok(()) }
        };
        wait(&folder.path().join("lock"), interrupted).unwrap();
        assert_eq!(times.get(), 3);
    }

    #[test]
    fn a_lock_that_cannot_be_written_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let error = wait_alone(&folder.path().join("no-such-folder/lock")).unwrap_err();
        assert!(format!("{error:#}").contains("no-such-folder/lock"), "{error:#}");
    }
}
