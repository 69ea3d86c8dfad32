//! Where gates and throwaway servers have their databases: in memory where the system has a folder there, as a gate
//! writes a hundred times and a disk takes its time with each.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use tempfile::{Builder, TempDir};

/// Linux's folder in memory.
const MEMORY: &str = "/dev/shm";
/// What has to be left there for gates: some at once, each with a database, a log and pages.
pub const FOR_GATES: u64 = 256 << 20;

/// A folder whose name begins with `prefix`, and which goes when the result is dropped; in memory where `enough` bytes
/// are left there.
///
/// # Errors
///
/// When none can be made.
pub fn folder(prefix: &str, enough: u64) -> io::Result<TempDir> {
    let memory = Path::new(MEMORY);
    let make = |place: &Path| Builder::new().prefix(prefix).tempdir_in(place);
    if is_for_memory(std::env::var_os("TMPDIR").as_deref(), left_in_memory(memory), enough)
        && let Ok(folder) = make(memory)
    {
        return Ok(folder);
    }
    make(&std::env::temp_dir())
}

/// Whether to use the folder in memory, with so many bytes `left` in it. A user who sets `TMPDIR` has a reason.
fn is_for_memory(chosen: Option<&OsStr>, left: Option<u64>, enough: u64) -> bool {
    chosen.is_none() && left.is_some_and(|left| left >= enough)
}

/// How many bytes are left in `folder`, if it is one in memory.
#[cfg(target_os = "linux")]
fn left_in_memory(folder: &Path) -> Option<u64> {
    /// From linux/magic.h: tmpfs.
    const TMPFS: u64 = 0x0102_1994;
    let system = rustix::fs::statfs(folder).ok()?;
    #[expect(clippy::cast_sign_loss, reason = "a magic number and a size, signed on some systems")]
    let (kind, block) = (system.f_type as u64 & 0xffff_ffff, system.f_bsize as u64);
    (kind == TMPFS).then(|| system.f_bavail * block)
}

#[cfg(not(target_os = "linux"))]
fn left_in_memory(_folder: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_if_there_is_enough_and_no_other_folder_is_set() {
        let chosen = Some(OsStr::new("/var/tmp"));
        for (chosen, left, expected) in [
            (None, Some(FOR_GATES), true),
            // As in a container.
            (None, Some(64 << 20), false),
            // On macOS and Windows, and where the folder is on a disk.
            (None, None, false),
            (chosen, Some(FOR_GATES), false),
        ] {
            assert_eq!(is_for_memory(chosen, left, FOR_GATES), expected, "{chosen:?}, {left:?}");
        }
    }

    #[test]
    fn a_folder_is_created_and_deleted() {
        let folder = folder("kata-", FOR_GATES).unwrap();
        let path = folder.path().to_owned();
        assert!(path.is_dir());
        drop(folder);
        assert!(!path.exists());
    }
}
