//! The folder that cargo builds into, and what to do where nothing can be written to it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::build::place;

/// The variable that has cargo build elsewhere.
const VARIABLE: &str = "CARGO_TARGET_DIR";

/// A folder that cannot be written to. The cause is in its text, as the advice comes last.
#[derive(Debug, thiserror::Error)]
#[error("{}\n{advice}", self.what())]
pub struct Unwritable {
    folder: PathBuf,
    cause: io::Error,
    /// What to do about it.
    pub advice: String,
}

impl Unwritable {
    /// What is wrong, without the advice.
    pub fn what(&self) -> String {
        format!("cannot write to {}, where the course is compiled: {}", self.folder.display(), self.cause)
    }
}

/// Whether a folder other than the default was chosen for cargo to build the course at `root` into.
fn is_chosen(root: &Path) -> bool {
    place::target(root) != root.join("target")
}

/// The guide's own folder there, which copies of the course share that build into one folder.
///
/// # Errors
///
/// When there is none, and none can be made.
pub fn own(root: &Path) -> Result<PathBuf> {
    let folder = place::shared(root);
    fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, error, is_chosen(root)))?;
    Ok(folder)
}

/// Tries whether cargo and the guide can write to their folders.
///
/// # Errors
///
/// When they cannot.
pub fn check(root: &Path) -> std::result::Result<(), Unwritable> {
    check_in(&place::target(root), is_chosen(root))
}

fn check_in(target: &Path, is_chosen: bool) -> std::result::Result<(), Unwritable> {
    // Cargo, run once as another user, may have made some of them.
    let made_by_cargo = ["debug", "debug/deps"].map(|folder| target.join(folder));
    let folders = [target.to_owned(), target.join("kata")].into_iter();
    for folder in folders.chain(made_by_cargo.into_iter().filter(|folder| folder.is_dir())) {
        let written = fs::create_dir_all(&folder).and_then(|()| tempfile::tempfile_in(&folder).map(drop));
        written.map_err(|error| unwritable(&folder, error, is_chosen))?;
    }
    Ok(())
}

fn unwritable(folder: &Path, cause: io::Error, is_chosen: bool) -> Unwritable {
    let is_full = matches!(cause.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    let advice = match (is_full, is_chosen) {
        (true, _) => {
            format!("Free some space there, or set the variable {VARIABLE} to a folder on another disk.")
        }
        (false, true) => {
            format!("The variable {VARIABLE} names this folder; set it to one that you may write to.")
        }
        (false, false) => format!(
            "Move the course to a folder of your own. Or compile it elsewhere: set the variable {VARIABLE} to a \
             folder that you may write to. The guide also works there, but it cannot save your progress in a \
             read-only course."
        ),
    };
    Unwritable { folder: folder.to_owned(), cause, advice }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::path::Path;

    use super::{check_in, unwritable};

    #[test]
    fn a_writable_folder_is_accepted() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check_in(&folder.path().join("target"), false).is_ok());
    }

    #[test]
    fn each_folder_is_checked() {
        for name in ["target", "target/kata"] {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("target");
            let in_the_way = folder.path().join(name);
            // As root nothing is read-only, but a file is never a folder.
            std::fs::create_dir_all(in_the_way.parent().unwrap()).unwrap();
            std::fs::write(&in_the_way, "").unwrap();
            let error = check_in(&target, false).unwrap_err();
            assert!(error.what().contains(&in_the_way.display().to_string()), "{error}");
        }
    }

    #[test]
    fn the_advice_depends_on_what_is_wrong() {
        let advice = |kind: ErrorKind, is_chosen| {
            unwritable(Path::new("/c/target"), Error::from(kind), is_chosen).advice
        };
        assert!(advice(ErrorKind::ReadOnlyFilesystem, false).contains("Move the course"));
        assert!(advice(ErrorKind::PermissionDenied, false).contains("Move the course"));
        assert!(advice(ErrorKind::PermissionDenied, true).contains("CARGO_TARGET_DIR names this folder"));
        for is_chosen in [false, true] {
            assert!(advice(ErrorKind::StorageFull, is_chosen).contains("Free some space"));
        }
    }
}
