//! Lists an archive. Nothing of it is written to a disk.

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use flate2::read::GzDecoder;
use tar::{Archive, EntryType};
use zip::ZipArchive;
use zip::result::ZipError;

use super::listing::{Item, Listing, Packed, clean_path};
use super::rules::Rules;
use super::{LARGEST_FILE, LINK, NOT_REGULAR, NOT_UNICODE, TOO_LARGE};

/// How many entries of an archive are looked at, and how much of a compressed one is read to get past what is
/// built, which may be many gigabytes.
const MOST_ENTRIES: usize = 200_000;
const MOST_READ: u64 = 16 << 30;
/// Of an archive in an archive.
const LARGEST_INNER: u64 = 64 << 20;
/// Of a name that is longer than a header of tar has room for. The longest path of a system is 4 KiB.
const LONGEST_NAME: u64 = 16 << 10;

/// The endings of archives: those that are read, and those that are known and are not.
const ENDINGS: [&str; 4] = [".zip", ".tar.gz", ".tgz", ".tar"];
const OTHERS: [&str; 16] = [
    ".7z", ".rar", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tbz", ".tar.zst", ".tzst", ".xz", ".bz2",
    ".zst", ".gz", ".z", ".dmg", ".iso",
];

/// Why an archive cannot be read, as the end of a sentence that begins with its name.
pub type Why = String;

/// What a file is, by how it begins: its name may say something else.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Zip,
    Tar,
    Gzip,
    /// A kind that is not read, in words.
    Other(&'static str),
    NoArchive,
}

/// As many bytes as `kind` looks at.
pub const START: usize = 512;

pub fn kind(start: &[u8], name: &str) -> Kind {
    let is = |magic: &[u8]| start.starts_with(magic);
    let name = name.to_lowercase();
    if is(b"PK\x03\x04") || is(b"PK\x05\x06") || is(b"PK\x07\x08") {
        Kind::Zip
    } else if is(&[0x1f, 0x8b]) {
        Kind::Gzip
    } else if start.get(257..262) == Some(b"ustar") || (name.ends_with(".tar") && start.len() == START) {
        Kind::Tar
    } else if is(b"7z\xbc\xaf\x27\x1c") {
        Kind::Other("a 7z archive")
    } else if is(b"Rar!\x1a\x07") {
        Kind::Other("a RAR archive")
    } else if is(b"\xfd7zXZ\0") {
        Kind::Other("compressed with xz")
    } else if is(b"BZh") {
        Kind::Other("compressed with bzip2")
    } else if is(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Kind::Other("compressed with zstd")
    } else if is(&[0x1f, 0x9d]) {
        Kind::Other("compressed with compress")
    } else {
        Kind::NoArchive
    }
}

/// Whether a file's name is that of an archive of any kind.
pub fn has_ending(name: &str) -> bool {
    without_ending(name).len() < name.len()
}

/// The name without an archive's ending.
pub fn without_ending(name: &str) -> &str {
    let is_ending = |ending: &&&str| {
        let at = name.len().checked_sub(ending.len());
        at.is_some_and(|at| at > 0 && name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(ending))
    };
    let ending = ENDINGS.iter().chain(&OTHERS).find(is_ending).map_or(0, |ending| ending.len());
    &name[..name.len() - ending]
}

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
        Kind::Tar => of_tar(Archive::new(reader).entries_with_seek(), rules),
        Kind::Gzip => of_tar(Archive::new(GzDecoder::new(reader).take(MOST_READ)).entries(), rules),
        Kind::Other(what) => {
            Err(format!("is {what}, which the grader does not open; hand in a .zip or .tar.gz file"))
        }
        Kind::NoArchive if size == 0 => Err("is empty; hand it in again".to_owned()),
        Kind::NoArchive if is_web_page(start) => {
            Err("is a web page and not an archive; perhaps a sign-in page was saved in its place".to_owned())
        }
        Kind::NoArchive if has_ending(name) => {
            Err("is not an archive, although its name says so; pack it again".to_owned())
        }
        Kind::NoArchive => {
            Err("is a single file; hand in a folder, or a .zip or .tar.gz file of it".to_owned())
        }
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
        } else if !is_text {
            listing.add(&path, rules, || Item::Unreadable(NOT_UNICODE.to_owned()));
        } else if has_ending(&path) && !rules.is_listed(&path) && is_looked_at(&path, rules) {
            match archive.by_index(index) {
                Ok(entry) => add_inner(&mut listing, &path, entry),
                Err(error) => listing.faults.push(format!("`{path}` {}", damaged(&error))),
            }
        } else {
            listing.add(&path, rules, || match archive.by_index(index) {
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

fn damaged(error: &ZipError) -> Why {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            "is locked with a password; hand it in without one".to_owned()
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            "is packed in a way that the grader does not know; pack it with the system's own program"
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
        if kind.is_symlink() || kind.is_hard_link() {
            listing.add_link(&path, LINK, rules);
        } else if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
            listing.add_link(&path, NOT_REGULAR, rules);
        } else if !is_text {
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

#[cfg(test)]
mod tests {
    use super::{Kind, START, kind, without_ending};

    #[test]
    fn an_archive_is_known_by_how_it_begins() {
        let mut tar = vec![0; START];
        tar[257..262].copy_from_slice(b"ustar");
        for (start, name, expected) in [
            (&b"PK\x03\x04..."[..], "course.rar", Kind::Zip),
            (&b"\x1f\x8b\x08..."[..], "course", Kind::Gzip),
            (&tar[..], "course.zip", Kind::Tar),
            (&b"Rar!\x1a\x07\x01\0"[..], "course.zip", Kind::Other("a RAR archive")),
            (&b"7z\xbc\xaf\x27\x1c"[..], "course", Kind::Other("a 7z archive")),
            (&b"fn main() {}"[..], "main.rs", Kind::NoArchive),
            (&b""[..], "course.zip", Kind::NoArchive),
        ] {
            assert_eq!(kind(start, name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_loses_one_ending() {
        for (name, without) in [
            ("ann.zip", "ann"),
            ("Ann.ZIP", "Ann"),
            ("ann.tar.gz", "ann"),
            ("ann.v2.tgz", "ann.v2"),
            ("ann.rar", "ann"),
            ("lib.rs", "lib.rs"),
            (".zip", ".zip"),
            ("é.zip", "é"),
        ] {
            assert_eq!(without_ending(name), without, "{name}");
        }
    }
}
