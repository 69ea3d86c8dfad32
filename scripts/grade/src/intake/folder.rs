//! Lists a folder. No link is followed, and nothing is read without a bound.

use std::path::Path;

use super::fault::{FileFault, MOST_ENTRIES, PartFault};
use super::item::Item;
use super::kind::has_ending;
use super::listing::{DEEPEST, Listing, Packed, clean_path};
use super::rules::Rules;
use crate::untrusted;

pub fn list(root: &Path, rules: &Rules<'_>) -> Listing {
    let mut listing = Listing::default();
    let walk = walkdir::WalkDir::new(root).min_depth(1).max_depth(DEEPEST).sort_by_file_name();
    let mut walk = walk.into_iter();
    let mut count = 0;
    while let Some(entry) = walk.next() {
        count += 1;
        if count > MOST_ENTRIES {
            listing.faults.push(PartFault::TooManyFiles);
            break;
        }
        let (path, entry) = match entry {
            Ok(entry) => (relative(root, entry.path()), entry),
            Err(error) => {
                // A folder that is shut, or gone, or whose path is too long for the system.
                let path = relative(root, error.path().unwrap_or(root));
                // Only a circle of links has no such error, and links are not followed.
                let Some(error) = error.into_io_error() else { continue };
                if path.is_empty() {
                    listing.faults.push(PartFault::Folder(error));
                } else {
                    listing.add_link(&path, FileFault::Io(error), rules);
                }
                continue;
            }
        };
        let kind = entry.file_type();
        if kind.is_dir() {
            if rules.is_skipped(&path) {
                walk.skip_current_dir();
            }
        } else if kind.is_symlink() {
            listing.add_link(&path, FileFault::Link, rules);
        } else if !kind.is_file() {
            listing.add_link(&path, FileFault::NotRegular, rules);
        } else if entry.path().strip_prefix(root).is_ok_and(|inside| inside.to_str().is_none())
            && rules.is_own_name_cut(&path)
        {
            listing.add(&path, rules, || FileFault::NotUnicode.into());
        } else if has_ending(&path) && !rules.is_listed(&path) {
            listing.add_archive(&path, Packed::OnDisk(entry.path().to_owned()));
        } else {
            listing.add(&path, rules, || read(entry.path()));
        }
    }
    listing
}

fn relative(root: &Path, path: &Path) -> String {
    clean_path(&path.strip_prefix(root).unwrap_or(path).to_string_lossy())
}

fn read(path: &Path) -> Item {
    match untrusted::open(path) {
        Ok(file) => Item::read(file, FileFault::Io),
        Err(error) => FileFault::Io(error).into(),
    }
}

/// Whether the folder is what `git clone --bare` makes: a repository, and nothing of its files.
pub fn is_bare_repository(folder: &Path) -> bool {
    ["HEAD", "objects", "refs"].iter().all(|name| folder.join(name).exists())
}
