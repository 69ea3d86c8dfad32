//! What a program in a sandbox sees of the files outside.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What the program may do with a file or folder that it can see.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Access {
    Read,
    /// Read it, and start it.
    Execute,
    /// Read it, and change it.
    Write,
}

/// A file or folder that the program can see, and where it sees it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Shared {
    pub from: PathBuf,
    pub to: PathBuf,
    pub access: Access,
}

impl Shared {
    /// Those of the system's folders and files that this machine has.
    pub fn of_system(paths: &[&str], access: Access) -> Vec<Self> {
        let existing = paths.iter().map(PathBuf::from).filter(|path| fs::symlink_metadata(path).is_ok());
        existing.map(|path| Self { from: path.clone(), to: path, access }).collect()
    }
}
