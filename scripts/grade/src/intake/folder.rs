//! Lists a folder. No link is followed, and nothing is read without a bound.

use std::fs;
use std::io::Read;
use std::path::Path;

use super::listing::{DEEPEST, Item, Listing, Packed, clean_path};
use super::rules::Rules;
use super::{LARGEST_FILE, LINK, NOT_REGULAR, NOT_UNICODE, TOO_LARGE, archive};

/// How many files and folders are looked at.
const MOST_LOOKED_AT: usize = 200_000;

pub fn list(root: &Path, rules: &Rules<'_>) -> Listing {
    let mut listing = Listing::default();
    let walk = walkdir::WalkDir::new(root).min_depth(1).max_depth(DEEPEST).sort_by_file_name();
    let mut walk = walk.into_iter();
    let mut looked_at = 0;
    while let Some(entry) = walk.next() {
        looked_at += 1;
        if looked_at > MOST_LOOKED_AT {
            listing
                .faults
                .push(format!("it holds more than {MOST_LOOKED_AT} files; leave out what is built"));
            break;
        }
        let (path, entry) = match entry {
            Ok(entry) => (relative(root, entry.path()), entry),
            Err(error) => {
                // A folder that is shut, or gone, or whose path is too long for the system.
                let path = relative(root, error.path().unwrap_or(root));
                let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                let what = format!("cannot be read: {why}");
                if path.is_empty() {
                    listing.faults.push(format!("the folder {what}"));
                } else {
                    listing.add_link(&path, &what, rules);
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
            listing.add_link(&path, LINK, rules);
        } else if !kind.is_file() {
            listing.add_link(&path, NOT_REGULAR, rules);
        } else if entry.path().strip_prefix(root).is_ok_and(|inside| inside.to_str().is_none())
            && rules.is_own_name_cut(&path)
        {
            listing.add(&path, rules, || Item::Unreadable(NOT_UNICODE.to_owned()));
        } else if archive::has_ending(&path) && !rules.is_listed(&path) {
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
    match read_bounded(path, LARGEST_FILE) {
        Ok(bytes) if bytes.len() as u64 > LARGEST_FILE => Item::Unreadable(TOO_LARGE.to_owned()),
        Ok(bytes) => Item::File(bytes),
        Err(error) => Item::Unreadable(format!("cannot be read: {error}")),
    }
}

/// At most one byte more than `most`. A link is not followed, and nothing is waited for.
fn read_bounded(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((nix::fcntl::OFlag::O_NOFOLLOW | nix::fcntl::OFlag::O_NONBLOCK).bits());
    }
    let mut bytes = Vec::new();
    options.open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the folder is what `git clone --bare` makes: a repository, and nothing of its files.
pub fn is_bare_repository(folder: &Path) -> bool {
    ["HEAD", "objects", "refs"].iter().all(|name| folder.join(name).exists())
}
