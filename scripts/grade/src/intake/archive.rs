//! Lists an archive. Nothing of it is written to a disk.

mod kind;

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use kind::{Kind, START, kind};
pub use kind::{has_ending, without_ending};

use super::listing::{Item, Listing, Packed, clean_path};
use super::rules::Rules;
use super::{HARD_LINK, LARGEST_FILE, LINK, NOT_REGULAR, NOT_UNICODE, TOO_LARGE};

/// How many entries of an archive are looked at, and how much of a compressed one is read to get past what is
/// built, which may be many gigabytes.
const MOST_ENTRIES: usize = 200_000;
const MOST_READ: u64 = 16 << 30;
/// Of an archive in an archive.
const LARGEST_INNER: u64 = 64 << 20;
/// Of a name that is longer than a header of tar has room for. The longest path of a system is 4 KiB.
const LONGEST_NAME: u64 = 16 << 10;

/// Why an archive cannot be read, as the end of a sentence that begins with its name.
pub type Why = String;

/// Lists the archive in a file.
///
/// # Errors
///
/// When it is not an archive, or of a kind that is not read, or damaged.
pub fn list(path: &Path, rules: &Rules<'_>) -> Result<Listing, Why> {
    let cannot = |error: std::io::Error| format!("cannot be read: {error}");
    let mut file = File::open(path).map_err(cannot)?;
    let mut start = Vec::new();
    file.by_ref().take(START as u64).read_to_end(&mut start).map_err(cannot)?;
    file.rewind().map_err(cannot)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let size = file.metadata().map_err(cannot)?.len();
    of_kind(file, &start, size, &name, rules)
}

/// Lists an archive that lies in another one.
///
/// # Errors
///
/// As [`list`].
pub fn list_bytes(bytes: Vec<u8>, name: &str, rules: &Rules<'_>) -> Result<Listing, Why> {
    let start = bytes[..bytes.len().min(START)].to_vec();
    let size = bytes.len() as u64;
    of_kind(Cursor::new(bytes), &start, size, name, rules)
}

fn of_kind(
    reader: impl Read + Seek,
    start: &[u8],
    size: u64,
    name: &str,
    rules: &Rules<'_>,
) -> Result<Listing, Why> {
    match kind(start, name) {
        Kind::Zip => of_zip(reader, rules),
        Kind::Tar => {
            let mut archive = Archive::new(reader);
            archive.set_ignore_zeros(true);
            of_tar(archive.entries_with_seek(), rules)
        }
        Kind::Gzip => {
            let mut archive = Archive::new(MultiGzDecoder::new(reader).take(MOST_READ));
            // Of archives that somebody has put one behind the other, all count.
            archive.set_ignore_zeros(true);
            of_tar(archive.entries(), rules)
        }
        Kind::Other(what) => {
            Err(format!("is {what}, which the grader does not open; hand in a .zip or .tar.gz file"))
        }
        Kind::NoArchive if size == 0 => Err("is empty; hand it in again".to_owned()),
        Kind::NoArchive if is_web_page(start) => {
            Err("is a web page and not an archive; perhaps a sign-in page was saved in its place".to_owned())
        }
        // A program may stand before it, which unpacks it.
        Kind::NoArchive => match of_zip(reader, rules) {
            Ok(listing) if !listing.items.is_empty() => Ok(listing),
            _ if has_ending(name) => {
                Err("is not an archive, although its name says so; pack it again".to_owned())
            }
            _ => Err("is a single file; hand in a folder, or a .zip or .tar.gz file of it".to_owned()),
        },
    }
}

fn is_web_page(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start).trim_start_matches('\u{feff}').trim_start().to_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

fn of_zip(reader: impl Read + Seek, rules: &Rules<'_>) -> Result<Listing, Why> {
    let mut archive = ZipArchive::new(reader).map_err(|error| damaged(&error))?;
    too_many(archive.len())?;
    let mut listing = Listing::default();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
        let (path, is_text) = name(&entry);
        let (is_folder, is_link) = (entry.is_dir() || path.is_empty(), entry.is_symlink());
        drop(entry);
        if is_folder {
            continue;
        }
        if is_link {
            listing.add_link(&path, LINK, rules);
        } else if !is_text && rules.is_own_name_cut(&path) {
            listing.add(&path, rules, || Item::Unreadable(NOT_UNICODE.to_owned()));
        } else if has_ending(&path) && !rules.is_listed(&path) && is_looked_at(&path, rules) {
            match archive.by_index(index) {
                Ok(entry) => add_inner(&mut listing, &path, entry),
                Err(error) => listing.faults.push(format!("`{path}` {}", damaged(&error))),
            }
        } else {
            listing.add(&path, rules, || match archive.by_index(index) {
                Ok(entry) if !can_unpack(entry.compression()) => {
                    Item::Unreadable(damaged(&ZipError::CompressionMethodNotSupported(0)))
                }
                Ok(entry) => bounded(entry),
                Err(error) => Item::Unreadable(damaged(&error)),
            });
        }
    }
    Ok(listing)
}

/// An entry's path in one form, and whether its name is text.
fn name<R: Read>(entry: &zip::read::ZipFile<'_, R>) -> (String, bool) {
    // Many programs write UTF-8 and do not say so. What is not UTF-8 is of code page 437, which knows every byte.
    let name = match std::str::from_utf8(entry.name_raw()) {
        Ok(name) => Some(name.to_owned()),
        Err(_) => entry.name().ok().map(|name| name.into_owned()),
    };
    let is_text = name.is_some();
    let name = name.unwrap_or_else(|| String::from_utf8_lossy(entry.name_raw()).into_owned());
    (clean_path(&name), is_text)
}

fn can_unpack(method: CompressionMethod) -> bool {
    matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated)
}

fn damaged(error: &ZipError) -> Why {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            "is locked with a password; hand it in without one".to_owned()
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            "is compressed with a method that the grader does not know; choose the usual one, Deflate, or pack it with the \
             system's own program"
                .to_owned()
        }
        _ => format!("is damaged or cut off ({error}); pack it and hand it in again"),
    }
}

/// Tar's own way to say more about the entry that follows: only its name is of interest, and no more of it is read than
/// a name can be long.
fn of_tar<R: Read>(entries: std::io::Result<tar::Entries<'_, R>>, rules: &Rules<'_>) -> Result<Listing, Why> {
    let cut =
        |error: std::io::Error| format!("is damaged or cut off ({error}); pack it and hand it in again");
    let mut listing = Listing::default();
    let mut long_name: Option<Vec<u8>> = None;
    for (number, entry) in entries.map_err(cut)?.raw(true).enumerate() {
        too_many(number)?;
        let mut entry = entry.map_err(cut)?;
        let kind = entry.header().entry_type();
        if kind.is_gnu_longname() {
            long_name = Some(said(&mut entry).map_err(cut)?);
            continue;
        }
        if kind.is_pax_local_extensions() {
            let records = said(&mut entry).map_err(cut)?;
            let path = tar::PaxExtensions::new(&records).filter_map(Result::ok);
            let path = path.filter(|record| record.key_bytes() == b"path").last();
            long_name = path.map(|record| record.value_bytes().to_vec()).or(long_name);
            continue;
        }
        if kind.is_pax_global_extensions() || kind.is_gnu_longlink() {
            continue;
        }
        let name = long_name.take().unwrap_or_else(|| entry.path_bytes().into_owned());
        let is_text = std::str::from_utf8(&name).is_ok();
        let path = clean_path(&String::from_utf8_lossy(&name));
        if kind.is_dir() || path.is_empty() {
            continue;
        }
        if kind.is_hard_link() {
            // The same file under another name, which comes first.
            let first = entry.link_name_bytes().map(|name| clean_path(&String::from_utf8_lossy(&name)));
            match first.and_then(|first| listing.copy_of(&first)) {
                Some(item) => listing.add(&path, rules, || item),
                None => listing.add_link(&path, HARD_LINK, rules),
            }
        } else if kind.is_symlink() {
            listing.add_link(&path, LINK, rules);
        } else if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
            listing.add_link(&path, NOT_REGULAR, rules);
        } else if !is_text && rules.is_own_name_cut(&path) {
            listing.add(&path, rules, || Item::Unreadable(NOT_UNICODE.to_owned()));
        } else if has_ending(&path) && !rules.is_listed(&path) && is_looked_at(&path, rules) {
            add_inner(&mut listing, &path, &mut entry);
        } else {
            listing.add(&path, rules, || bounded(&mut entry));
        }
    }
    Ok(listing)
}

/// What an entry of tar says about the next one.
fn said(entry: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(LONGEST_NAME).read_to_end(&mut bytes)?;
    while bytes.last() == Some(&0) {
        bytes.pop();
    }
    Ok(bytes)
}

/// Whether an archive in an archive lies where somebody's work may be.
fn is_looked_at(path: &str, rules: &Rules<'_>) -> bool {
    path.match_indices('/').all(|(at, _)| !rules.is_skipped(&path[..at]))
}

fn add_inner(listing: &mut Listing, path: &str, reader: impl Read) {
    let mut bytes = Vec::new();
    match reader.take(LARGEST_INNER + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 <= LARGEST_INNER => listing.add_archive(path, Packed::InMemory(bytes)),
        Ok(_) => listing.faults.push(format!(
            "`{path}` is larger than {} MiB; hand in that archive itself, without the folder `target`",
            LARGEST_INNER >> 20
        )),
        Err(error) => listing.faults.push(format!("`{path}` is damaged or cut off ({error})")),
    }
}

/// Reads a file, whatever it says about its size.
fn bounded(reader: impl Read) -> Item {
    let mut bytes = Vec::new();
    match reader.take(LARGEST_FILE + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 <= LARGEST_FILE => Item::File(bytes),
        Ok(_) => Item::Unreadable(TOO_LARGE.to_owned()),
        Err(error) => Item::Unreadable(format!("is damaged in the archive ({error}); pack it again")),
    }
}

fn too_many(count: usize) -> Result<(), Why> {
    if count > MOST_ENTRIES {
        return Err(format!("holds more than {MOST_ENTRIES} files; leave out the folder `target`"));
    }
    Ok(())
}
