//! What a step is built from, as digests that tell whether any of it has changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::cargo::Build;
use super::cargo_config::Facts;
use super::recipe::Recipe;
use super::{script, surroundings};
use crate::digest::hex;

/// The path without links, to compare it with others.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The package that is built.
pub(super) struct Step<'a> {
    pub root: &'a Path,
    pub folder: PathBuf,
}

impl Step<'_> {
    /// The files and folders that a build without cargo takes in.
    pub fn own(&self) -> [PathBuf; 3] {
        [self.folder.clone(), self.root.join("tests/gates"), self.root.join("tests/programs")]
    }

    pub fn written(&self, elsewhere: &BTreeSet<PathBuf>) -> Result<String> {
        of_files(self.own().into_iter().chain(elsewhere.iter().cloned()))
    }

    /// What rustc has read for the two crates outside of the step and the gates.
    pub fn elsewhere(&self, recipe: &Recipe) -> Result<BTreeSet<PathBuf>> {
        // Paths may lead out of a folder and back into it (`lessons/05-crud/tests/../../../tests/gates`), or
        // over a link.
        let own = self.own().map(|place| real(&place));
        let mut files = BTreeSet::new();
        for command in [&recipe.library, &recipe.gate] {
            let read = command.files_read()?.unwrap_or_default();
            files.extend(read.into_iter().filter(|file| {
                let file = real(file);
                !own.iter().any(|own| file.starts_with(own))
            }));
        }
        Ok(files)
    }

    /// The sources and manifests of the workspace's other packages in a build of cargo's.
    pub fn packages(&self, build: &Build) -> BTreeSet<PathBuf> {
        let own = real(&self.folder);
        let others = build.artifacts.iter().filter(|artifact| {
            let is_own = real(artifact.manifest_path.as_std_path()).starts_with(&own);
            artifact.package_id.repr.starts_with("path+") && !is_own
        });
        let places = others.flat_map(|artifact| {
            let source = artifact.target.src_path.parent();
            [Some(&*artifact.manifest_path), source].map(|place| place.map(PathBuf::from))
        });
        places.flatten().collect()
    }

    /// The state of everything but the step's own files and the gates.
    pub fn settled(&self, packages: &BTreeSet<PathBuf>, recipe: Option<&Recipe>) -> Result<String> {
        let mut paths: Vec<_> = ["Cargo.toml", "Cargo.lock"].map(|file| self.root.join(file)).into();
        paths.extend(packages.iter().cloned());
        paths.extend(["Cargo.toml", "build.rs"].map(|file| self.folder.join(file)));
        let mut programs = Vec::new();
        if let Some(recipe) = recipe {
            let own = recipe.library.output(true)?;
            let externs = recipe.library.externs().chain(recipe.gate.externs());
            paths.extend(externs.filter(|path| **path != own).map(Path::to_owned));
            paths.extend(script::watched(&recipe.library).unwrap_or_default());
            programs.extend(recipe.library.programs().chain(recipe.gate.programs()).cloned());
        }
        let surroundings = surroundings::digest(&Facts::of_this_process(self.root), &programs)?;
        Ok(format!("{} {surroundings} {}", of_files(paths)?, env!("CARGO_PKG_VERSION")))
    }
}

/// A digest of names, sizes and times of the files at or below `paths`. One that is missing counts as
/// missing.
fn of_files(paths: impl IntoIterator<Item = PathBuf>) -> Result<String> {
    let mut digest = Sha256::new();
    for path in paths {
        for entry in walkdir::WalkDir::new(&path).sort_by_file_name() {
            let Ok(entry) = entry else { continue };
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
                digest.update(format!(
                    "{} {} {}\n",
                    entry.path().display(),
                    metadata.len(),
                    changed.as_nanos()
                ));
            }
        }
    }
    Ok(hex(&digest.finalize()))
}
