//! Submissions in an archive. Nothing of it is written to a disk.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{Item, LARGEST_FILE, TOO_LARGE};

pub const ENDINGS: [&str; 4] = [".zip", ".tar.gz", ".tgz", ".tar"];

/// Bounds of the whole archive.
const MOST_ENTRIES: usize = 20_000;
const LARGEST: u64 = 256 << 20;
/// Of what is kept in memory.
const LARGEST_KEPT: usize = 32 << 20;

pub const OUTSIDE: &str = "leads out of the archive";

pub fn is_one(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The lessons' files, by path; a single folder around everything is left out.
pub fn read(path: &Path) -> Result<BTreeMap<String, Item>> {
    let file = File::open(path)?;
    let name = path.to_string_lossy().to_lowercase();
    let items = if name.ends_with(".zip") {
        of_zip(file)?
    } else if name.ends_with(".tar") {
        of_tar(file)?
    } else {
        of_tar(flate2::read::GzDecoder::new(file))?
    };
    let top = |path: &String| path.split_once('/').map(|(top, _)| top.to_owned());
    let first = items.keys().next().and_then(top);
    let is_around =
        |first: &String| first != "lessons" && items.keys().all(|path| top(path).as_ref() == Some(first));
    Ok(match first.filter(is_around) {
        Some(folder) => {
            items.into_iter().map(|(path, item)| (path[folder.len() + 1..].to_owned(), item)).collect()
        }
        None => items,
    })
}

fn leads_outside(name: &str) -> bool {
    name.starts_with('/')
        || name.contains('\\')
        || name.contains('\0')
        || name.contains(':')
        || name.split('/').any(|part| part == "..")
}

/// Only what lies in a folder of lessons is looked into.
fn is_wanted(name: &str) -> bool {
    name.starts_with("lessons/") || name.contains("/lessons/")
}

fn of_zip(file: File) -> Result<BTreeMap<String, Item>> {
    let mut archive = zip::ZipArchive::new(file).context("it is no zip archive")?;
    if archive.len() > MOST_ENTRIES {
        bail!("it holds more than {MOST_ENTRIES} entries");
    }
    let mut items = BTreeMap::new();
    let mut kept = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).context("it is damaged")?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if entry.is_dir() && !leads_outside(&name) {
            continue;
        }
        let item = if leads_outside(&name) {
            Item::Refused(OUTSIDE)
        } else if entry.is_symlink() {
            Item::Refused("is a link")
        } else if !is_wanted(&name) {
            Item::File(Vec::new())
        } else {
            bounded(entry, &mut kept)?
        };
        items.insert(name, item);
    }
    Ok(items)
}

fn of_tar(reader: impl Read) -> Result<BTreeMap<String, Item>> {
    let mut archive = tar::Archive::new(reader.take(LARGEST));
    let mut items = BTreeMap::new();
    let mut kept = 0;
    for entry in archive.entries().context("it is no tar archive")? {
        let entry = entry.context("it is damaged, or larger than 256 MiB unpacked")?;
        if items.len() == MOST_ENTRIES {
            bail!("it holds more than {MOST_ENTRIES} entries");
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = name.strip_prefix("./").map(str::to_owned).unwrap_or(name);
        let kind = entry.header().entry_type();
        if kind.is_dir() && !leads_outside(&name) || kind.is_pax_global_extensions() {
            continue;
        }
        let item = if leads_outside(&name) {
            Item::Refused(OUTSIDE)
        } else if kind.is_symlink() || kind.is_hard_link() {
            Item::Refused("is a link")
        } else if !kind.is_file() {
            Item::Refused("is no regular file")
        } else if !is_wanted(&name) {
            Item::File(Vec::new())
        } else {
            bounded(entry, &mut kept)?
        };
        items.insert(name, item);
    }
    Ok(items)
}

/// Reads a file, whatever it says about its size.
fn bounded(reader: impl Read, kept: &mut usize) -> Result<Item> {
    let mut bytes = Vec::new();
    reader.take(LARGEST_FILE + 1).read_to_end(&mut bytes).context("it is damaged")?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Ok(Item::Refused(TOO_LARGE));
    }
    *kept += bytes.len();
    if *kept > LARGEST_KEPT {
        bail!("its lessons are larger than 32 MiB");
    }
    Ok(Item::File(bytes))
}
