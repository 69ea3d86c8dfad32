//! Folders for a moment, on the disk on which cargo builds.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use kata::build::place;

/// This grader's own folder. It goes when the value does; one that a killed grader has left goes when
/// the next one begins.
pub struct Work {
    pub folder: PathBuf,
    _lock: File,
}

const LOCK: &str = "lock";

impl Work {
    pub fn begin(root: &Path) -> Result<Self> {
        let all = place::shared(root).join("grade");
        fs::create_dir_all(&all).with_context(|| format!("cannot make {}", all.display()))?;
        for entry in fs::read_dir(&all).with_context(|| format!("cannot read {}", all.display()))? {
            let folder = entry?.path();
            // Nobody holds the lock of a folder whose grader is gone.
            let is_left = File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok());
            if is_left {
                let _ = fs::remove_dir_all(&folder);
            }
        }
        let folder = all.join(std::process::id().to_string());
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let lock = File::create(folder.join(LOCK)).context("cannot make a lock")?;
        lock.try_lock().map_err(std::io::Error::from).context("another grader has this folder")?;
        Ok(Self { folder, _lock: lock })
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

pub fn folder(work: &Path) -> Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // The sandbox's user goes through it.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o755));
    }
    builder
        .prefix("run-")
        .tempdir_in(work)
        .with_context(|| format!("cannot make a folder in {}", work.display()))
}
