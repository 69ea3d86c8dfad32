//! What a compiled program needs of a system: the loader, and the libraries that it is linked with.
//!
//! Among a system's libraries lie programs, and there may lie a course. So a gate sees its own libraries alone.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use elf::ElfStream;
use elf::abi::{DT_NEEDED, ELFMAGIC, PT_INTERP};
use elf::endian::AnyEndian;

use super::shared::{Access, Shared};

/// On many systems these are links to others, by which the loader goes.
const LINKS: [&str; 3] = ["/lib", "/lib64", "/usr/lib64"];
/// By what the loader finds libraries that are not where it looks by itself.
const CACHE: &str = "/etc/ld.so.cache";
/// The lists behind the cache.
const LISTS: &str = "/etc/ld.so.conf.d";

/// What a program says about itself.
struct Needs {
    loader: Option<PathBuf>,
    libraries: Vec<String>,
}

/// # Errors
///
/// When the program cannot be read, or one of its libraries is nowhere.
pub fn libraries_of(program: &Path) -> Result<Vec<Shared>> {
    // A script is linked with nothing, and neither are some programs.
    if !is_linked(program).with_context(|| format!("cannot read {}", program.display()))? {
        return Ok(Vec::new());
    }
    let needs = Needs::of(program)?;
    let Some(loader) = needs.loader else { return Ok(Vec::new()) };
    let is_link = |path: &&str| fs::symlink_metadata(path).is_ok_and(|kind| kind.is_symlink());
    let links: Vec<_> = LINKS.into_iter().filter(is_link).collect();
    let mut shared = Shared::of_system(&links, Access::Read);
    shared.extend(Shared::of_system(&[CACHE], Access::Read));
    shared.push(share(&loader, Access::Execute)?);

    let folders = folders();
    let mut seen: BTreeSet<_> =
        loader.file_name().map(|name| name.to_string_lossy().into_owned()).into_iter().collect();
    let mut wanted = needs.libraries;
    while let Some(name) = wanted.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let mut files = folders.iter().map(|folder| folder.join(&name)).filter(|file| file.is_file());
        let Some(file) = files.next() else {
            bail!("{} is linked with {name}, which is not in a system library folder", program.display());
        };
        wanted.extend(Needs::of(&file)?.libraries);
        shared.push(share(&file, Access::Read)?);
    }
    Ok(shared)
}

fn is_linked(program: &Path) -> std::io::Result<bool> {
    let mut start = Vec::new();
    File::open(program)?.take(ELFMAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(start == ELFMAGIC)
}

impl Needs {
    fn of(program: &Path) -> Result<Self> {
        Self::read(program)
            .with_context(|| format!("cannot read the libraries that {} is linked with", program.display()))
    }

    fn read(program: &Path) -> Result<Self> {
        let mut file: ElfStream<AnyEndian, _> = ElfStream::open_stream(File::open(program)?)?;
        let loader = file.segments().iter().find(|segment| segment.p_type == PT_INTERP).copied();
        let loader = match loader {
            None => None,
            Some(segment) => {
                let path = file.segment_data(&segment)?.split(|byte| *byte == 0).next().unwrap_or_default();
                Some(PathBuf::from(std::str::from_utf8(path)?))
            }
        };
        let needed: Vec<_> = match file.dynamic()? {
            None => Vec::new(),
            Some(table) => {
                table.iter().filter(|entry| entry.d_tag == DT_NEEDED).map(|entry| entry.d_val()).collect()
            }
        };
        let Some(names) = file.section_header_by_name(".dynstr")?.copied() else {
            return Ok(Self { loader, libraries: Vec::new() });
        };
        let names = file.section_data_as_strtab(&names)?;
        let name = |offset: u64| Ok(names.get(usize::try_from(offset)?)?.to_owned());
        Ok(Self { loader, libraries: needed.into_iter().map(name).collect::<Result<_>>()? })
    }
}

/// A file of the system's where the loader looks for it. A library is often a link to the file with its version.
fn share(file: &Path, access: Access) -> Result<Shared> {
    let cannot = || format!("cannot find {}", file.display());
    let name = file.file_name().with_context(cannot)?;
    let folder = file.parent().with_context(cannot)?.canonicalize().with_context(cannot)?;
    Ok(Shared { from: file.canonicalize().with_context(cannot)?, to: folder.join(name), access })
}

/// Where libraries are, on the systems that have them in different places.
fn folders() -> Vec<PathBuf> {
    let of_processor = format!("{}-linux-gnu", std::env::consts::ARCH);
    let mut folders = vec![PathBuf::from("/lib64"), PathBuf::from("/usr/lib64")];
    for folder in ["/lib", "/usr/lib"].map(PathBuf::from) {
        folders.extend([folder.join(&of_processor), folder]);
    }
    let lists = fs::read_dir(LISTS).into_iter().flatten().flatten().map(|entry| entry.path());
    for list in lists.filter(|list| list.extension().is_some_and(|ending| ending == "conf")) {
        let text = String::from_utf8_lossy(&fs::read(list).unwrap_or_default()).into_owned();
        folders.extend(text.lines().map(str::trim).filter(|line| line.starts_with('/')).map(PathBuf::from));
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_can_read_its_libraries_and_execute_only_the_loader() {
        let shared = libraries_of(&std::env::current_exe().unwrap()).unwrap();
        let of = |access: Access| shared.iter().filter(move |shared| shared.access == access);
        assert_eq!(of(Access::Execute).count(), 1);
        assert_eq!(of(Access::Write).count(), 0);
        let files: Vec<_> = shared.iter().filter(|shared| !shared.from.is_symlink()).collect();
        assert!(files.len() > 2, "{shared:?}");
        for shared in files {
            assert!(shared.from.is_file(), "{shared:?}");
            let name = shared.to.file_name().unwrap().to_string_lossy().into_owned();
            assert!(name.contains(".so"), "{name}");
        }
    }

    #[test]
    fn an_unreadable_program_is_an_error_and_a_script_has_no_libraries() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("text");
        assert!(libraries_of(&file).is_err());
        fs::write(&file, "#!/bin/sh").unwrap();
        assert!(libraries_of(&file).unwrap().is_empty());
        fs::write(&file, "\u{7f}ELF\u{2}\u{1}\u{1}").unwrap();
        assert!(libraries_of(&file).is_err());
    }
}
