//! How much of a disk a folder takes.

use std::fs::Metadata;
use std::path::Path;

/// The room that the files below `folder` take. No link is followed.
pub fn used(folder: &Path) -> u64 {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries.filter_map(|entry| entry.metadata().ok()).map(|file| size(&file)).sum()
}

#[cfg(unix)]
fn size(file: &Metadata) -> u64 {
    // Unix counts blocks of this size, whatever the disk has. A file may have fewer than its length says.
    const BLOCK: u64 = 512;
    std::os::unix::fs::MetadataExt::blocks(file) * BLOCK
}

#[cfg(not(unix))]
fn size(file: &Metadata) -> u64 {
    file.len()
}
