//! Temporary folders, on the disk on which cargo builds.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kata::build::place;
use kata::locks::{Tried, try_alone};

/// This grader's own folder, which is deleted with the value. The next grader deletes the folder of one that was
/// killed.
pub struct Work {
    pub folder: PathBuf,
    _lock: Tried,
}

const LOCK: &str = "lock";

impl Work {
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn begin(root: &Path) -> Result<Self> {
        let all = place::shared(root).join("grade");
        fs::create_dir_all(&all).with_context(|| format!("cannot make {}", all.display()))?;
        for entry in fs::read_dir(&all).with_context(|| format!("cannot read {}", all.display()))? {
            let folder = entry?.path();
            // A grader that is gone does not hold its lock any more.
            let lock = folder.join(LOCK);
            let is_left = lock.is_file() && try_alone(&lock).is_ok_and(|lock| matches!(lock, Tried::Held(_)));
            if is_left {
                let _ = fs::remove_dir_all(&folder);
            }
        }
        // Not the process's number: graders in two containers may have the same.
        let folder = all.join(&crate::key::random()?[..16]);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let lock = try_alone(&folder.join(LOCK))?;
        if matches!(lock, Tried::Taken) {
            bail!("another grader has {}", folder.display());
        }
        Ok(Self { folder, _lock: lock })
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Keeps the folder of results to this grader: one at a time writes there.
///
/// # Errors
///
/// When another one does.
pub fn alone_in(out: &Path) -> Result<Tried> {
    let lock = try_alone(&out.join(crate::LOCK))?;
    if matches!(lock, Tried::Taken) {
        bail!("another grader is writing to {}; choose a different folder with `--out`", out.display());
    }
    Ok(lock)
}

/// A temporary folder in `work`, which goes with the value.
///
/// # Errors
///
/// When it cannot be made.
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
