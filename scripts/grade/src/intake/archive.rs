//! Lists an archive. Nothing of it is written to a disk.

use std::fs::File;
use std::io::{Cursor, ErrorKind, Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};
use zip::{CompressionMethod, ZipArchive};

use super::fault::{ArchiveFault, FileFault, LARGEST_INNER_MIB, MOST_ENTRIES, PartFault};
use super::item::Item;
use super::kind::{Kind, START, has_ending, kind};
use super::listing::{Listing, Packed, clean_path};
use super::rules::Rules;
use crate::untrusted;

/// How much of a compressed archive is read to get past what is built, which may be many gigabytes.
const MOST_READ: u64 = 16 << 30;
/// The largest archive inside an archive.
const LARGEST_INNER: u64 = LARGEST_INNER_MIB << 20;
/// Of a name that is longer than a header of tar has room for. The longest path of a system is 4 KiB.
const LONGEST_NAME: u64 = 16 << 10;

/// Lists the archive in a file that has been named, or lies among the submissions.
///
/// # Errors
///
/// When it is not an archive, or of a kind that is not read, or damaged.
pub fn list(path: &Path, rules: &Rules<'_>) -> Result<Listing, ArchiveFault> {
    list_file(untrusted::open_named(path).map_err(ArchiveFault::Io)?, path, rules)
}

fn list_file(mut file: File, path: &Path, rules: &Rules<'_>) -> Result<Listing, ArchiveFault> {
    let mut start = Vec::new();
    file.by_ref().take(START as u64).read_to_end(&mut start).map_err(ArchiveFault::Io)?;
    file.rewind().map_err(ArchiveFault::Io)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let size = file.metadata().map_err(ArchiveFault::Io)?.len();
    of_kind(file, &start, size, &name, rules)
}

/// Puts what the archives in a submission hold in their place.
pub fn open_inner(listing: &mut Listing, rules: &Rules<'_>) {
    for (path, packed) in listing.take_archives() {
        let inner = match packed {
            Packed::OnDisk(path) => {
                let file = untrusted::open(&path).map_err(ArchiveFault::Io);
                file.and_then(|file| list_file(file, &path, rules))
            }
            Packed::InMemory(bytes) => list_bytes(bytes, &path, rules),
        };
        match inner {
            Ok(inner) => listing.take_in(&path, inner),
            Err(fault) => listing.faults.push(PartFault::Archive { path, fault }),
        }
    }
}

fn list_bytes(bytes: Vec<u8>, name: &str, rules: &Rules<'_>) -> Result<Listing, ArchiveFault> {
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
) -> Result<Listing, ArchiveFault> {
    match kind(start, name) {
        Kind::Zip => of_zip(reader, rules),
        Kind::Tar => {
            let mut archive = Archive::new(reader);
            archive.set_ignore_zeros(true);
            of_tar(archive.entries_with_seek(), rules)
        }
        Kind::Gzip => {
            let unpacked = UntilPadding { reader: MultiGzDecoder::new(reader), has_read: false };
            let mut archive = Archive::new(unpacked.take(MOST_READ));
            // Several archives may be concatenated; all of them count.
            archive.set_ignore_zeros(true);
            of_tar(archive.entries(), rules)
        }
        Kind::Other(what) => Err(ArchiveFault::UnknownKind(what)),
        Kind::NoArchive if size == 0 => Err(ArchiveFault::Empty),
        Kind::NoArchive if is_web_page(start) => Err(ArchiveFault::WebPage),
        // A self-extracting archive begins with the program that unpacks it.
        Kind::NoArchive => match of_zip(reader, rules) {
            Ok(listing) if !listing.items.is_empty() => Ok(listing),
            _ if has_ending(name) => Err(ArchiveFault::NoArchive),
            _ => Err(ArchiveFault::SingleFile),
        },
    }
}

/// A compressed file up to what follows it and is not compressed: a disk or a tape has filled it up with zeros.
struct UntilPadding<R> {
    reader: R,
    has_read: bool,
}

impl<R: Read> Read for UntilPadding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.reader.read(buffer) {
            // That is how the reader refuses what begins like no compressed file.
            Err(error) if self.has_read && error.kind() == ErrorKind::InvalidInput => Ok(0),
            result => {
                self.has_read |= matches!(result, Ok(1..));
                result
            }
        }
    }
}

fn is_web_page(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start).trim_start_matches('\u{feff}').trim_start().to_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

fn of_zip(reader: impl Read + Seek, rules: &Rules<'_>) -> Result<Listing, ArchiveFault> {
    let mut archive = ZipArchive::new(reader)?;
    check_count(archive.len())?;
    let mut listing = Listing::default();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        let (path, is_text) = name(&entry);
        let (is_folder, is_link) = (entry.is_dir() || path.is_empty(), entry.is_symlink());
        drop(entry);
        if is_folder {
            continue;
        }
        if is_link {
            listing.add_link(&path, FileFault::Link, rules);
        } else if !is_text && rules.is_own_name_cut(&path) {
            listing.add(&path, rules, || FileFault::NotUnicode.into());
        } else if has_ending(&path) && !rules.is_listed(&path) && may_contain_work(&path, rules) {
            match archive.by_index(index) {
                Ok(entry) => add_inner(&mut listing, &path, entry),
                Err(error) => listing.faults.push(PartFault::Archive { path, fault: error.into() }),
            }
        } else {
            listing.add(&path, rules, || match archive.by_index(index) {
                Ok(entry) if !can_unpack(entry.compression()) => {
                    FileFault::from(ArchiveFault::UnknownMethod).into()
                }
                Ok(entry) => Item::read(entry, FileFault::Damaged),
                Err(error) => FileFault::from(ArchiveFault::from(error)).into(),
            });
        }
    }
    Ok(listing)
}

/// An entry's path in one form, and whether its name is text.
fn name<R: Read>(entry: &zip::read::ZipFile<'_, R>) -> (String, bool) {
    // Many programs write UTF-8 without marking it. Anything else is read as code page 437, which has every byte.
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

/// Some entries describe the one that follows. Only its name matters here, and no more of it is read than a name can be
/// long.
fn of_tar<R: Read>(
    entries: std::io::Result<tar::Entries<'_, R>>,
    rules: &Rules<'_>,
) -> Result<Listing, ArchiveFault> {
    let mut listing = Listing::default();
    let mut long_name: Option<Vec<u8>> = None;
    for (number, entry) in entries?.raw(true).enumerate() {
        check_count(number)?;
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        if kind.is_gnu_longname() {
            long_name = Some(extension(&mut entry)?);
            continue;
        }
        if kind.is_pax_local_extensions() {
            let records = extension(&mut entry)?;
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
                None => listing.add_link(&path, FileFault::HardLink, rules),
            }
        } else if kind.is_symlink() {
            listing.add_link(&path, FileFault::Link, rules);
        } else if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
            listing.add_link(&path, FileFault::NotRegular, rules);
        } else if !is_text && rules.is_own_name_cut(&path) {
            listing.add(&path, rules, || FileFault::NotUnicode.into());
        } else if has_ending(&path) && !rules.is_listed(&path) && may_contain_work(&path, rules) {
            add_inner(&mut listing, &path, &mut entry);
        } else {
            let size = entry.size();
            listing.add(&path, rules, || match Item::read(&mut entry, FileFault::Damaged) {
                // The archive ends in the middle of it.
                Item::File(bytes) if (bytes.len() as u64) < size => {
                    FileFault::Damaged(ErrorKind::UnexpectedEof.into()).into()
                }
                item => item,
            });
        }
    }
    Ok(listing)
}

/// The bytes of an entry that describes the next one.
fn extension(entry: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(LONGEST_NAME).read_to_end(&mut bytes)?;
    while bytes.last() == Some(&0) {
        bytes.pop();
    }
    Ok(bytes)
}

/// Whether an archive in an archive lies where somebody's work may be.
fn may_contain_work(path: &str, rules: &Rules<'_>) -> bool {
    path.match_indices('/').all(|(at, _)| !rules.is_skipped(&path[..at]))
}

fn add_inner(listing: &mut Listing, path: &str, reader: impl Read) {
    let mut bytes = Vec::new();
    let fault = match reader.take(LARGEST_INNER + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 <= LARGEST_INNER => {
            return listing.add_archive(path, Packed::InMemory(bytes));
        }
        Ok(_) => ArchiveFault::TooLarge,
        Err(error) => ArchiveFault::DamagedInside(error),
    };
    listing.faults.push(PartFault::Archive { path: path.to_owned(), fault });
}

fn check_count(entries: usize) -> Result<(), ArchiveFault> {
    if entries > MOST_ENTRIES { Err(ArchiveFault::TooManyEntries) } else { Ok(()) }
}
