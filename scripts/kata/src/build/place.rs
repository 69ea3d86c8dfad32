//! Where cargo builds a workspace, and where the guide keeps what it knows of that.
//!
//! Several copies of the course may build into one folder (`CARGO_TARGET_DIR`). Cargo names what it makes
//! from a package after the package's place *inside* its workspace, and judges by the age of the files. So
//! it can take a program that was built from another copy for this one's. The guide must not: it has cargo
//! give each workspace's packages names of their own, and keeps its notes apart.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::cargo_config::{CargoConfig, Facts};
use crate::digest::hex;
use crate::files;

/// The folder into which cargo builds the workspace at `root`, as an absolute path.
pub fn target(root: &Path) -> PathBuf {
    CargoConfig::read(&Facts::of_this_process(root)).target_folder()
}

/// The compiler that cargo starts in `root`.
pub fn rustc(root: &Path) -> PathBuf {
    CargoConfig::read(&Facts::of_this_process(root)).rustc()
}

/// The folder for what all copies that build into one folder share.
pub fn shared(root: &Path) -> PathBuf {
    target(root).join("kata")
}

/// The folder for what the guide keeps about the workspace at `root` alone.
///
/// # Errors
///
/// When there is no workspace.
pub fn own(root: &Path) -> Result<PathBuf> {
    own_in(&target(root), root)
}

/// As [`own`], where cargo builds into `target`.
fn own_in(target: &Path, root: &Path) -> Result<PathBuf> {
    let root = fs::canonicalize(root).with_context(|| format!("cannot find {}", root.display()))?;
    let is_default = fs::canonicalize(target).is_ok_and(|target| target == root.join("target"))
        || target == root.join("target");
    let all = target.join("kata");
    if is_default {
        return Ok(all);
    }
    let digest = hex(&Sha256::digest(root.as_os_str().as_encoded_bytes())[..6]);
    // Not every linker takes every path: a `%` means something to rustc's own.
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
    let name: String = root.file_name().unwrap_or_default().to_string_lossy().chars().map(plain).collect();
    Ok(all.join(format!("{name}-{digest}")))
}

/// Where this is set, the program runs as cargo's wrapper. The file that stands for the workspace's own
/// wrapper, and behind it the programs that cargo would have started without the guide.
pub(super) const MARKER: &str = "KATA_WORKSPACE";
pub(super) const NEXT_WRAPPER: &str = "KATA_NEXT_WRAPPER";
pub(super) const NEXT_WORKSPACE_WRAPPER: &str = "KATA_NEXT_WORKSPACE_WRAPPER";

/// The file in a workspace's own folder that names the workspace.
const FILE: &str = "workspace";

/// Has a cargo command that is started in `root` make files of its own for this workspace's packages, and
/// share with other workspaces what it makes of dependencies.
///
/// The path of `RUSTC_WORKSPACE_WRAPPER` is part of the names of what cargo makes from the workspace's own
/// packages. So a path that no other workspace has is enough: this program, as `RUSTC_WRAPPER`, drops it
/// before it starts rustc.
///
/// # Errors
///
/// When the file at that path cannot be written.
pub(super) fn keep_apart(cargo: &mut Command, root: &Path) -> Result<()> {
    let facts = Facts::of_this_process(root);
    let config = CargoConfig::read(&facts);
    let folder = own_in(&config.target_folder(), root)?;
    let mut name = FILE.to_owned();
    if let Some(wrapper) = config.workspace_wrapper() {
        // What another wrapper makes has another name without the guide, too.
        name += &format!("-{}", hex(&Sha256::digest(wrapper.as_os_str().as_encoded_bytes())[..4]));
        cargo.env(NEXT_WORKSPACE_WRAPPER, wrapper);
    }
    if let Some(wrapper) = config.wrapper() {
        cargo.env(NEXT_WRAPPER, wrapper);
    }
    let marker = folder.join(name);
    if !folder.exists() {
        delete_stale(&config.target_folder().join("kata"));
    }
    files::write_changed(&marker, root.display().to_string())?;
    cargo
        .env(MARKER, &marker)
        .env("RUSTC_WORKSPACE_WRAPPER", &marker)
        .env("RUSTC_WRAPPER", env::current_exe().context("cannot find this program's file")?);
    Ok(())
}

/// Deletes what was kept about workspaces that are gone. What cannot be deleted now can be later.
fn delete_stale(all: &Path) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        let is_gone = |root: String| Path::new(&root).is_absolute() && !Path::new(&root).exists();
        if fs::read_to_string(entry.path().join(FILE)).is_ok_and(is_gone) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_workspace_has_its_own_folder_wherever_cargo_builds() {
        let place = tempfile::tempdir().unwrap();
        let place = fs::canonicalize(place.path()).unwrap();
        let roots = ["one/course 100% é", "two/course 100% é", "one/course 100% é/inner"]
            .map(|root| place.join(root));
        for root in &roots {
            fs::create_dir_all(root).unwrap();
        }
        for target in [place.join("shared"), roots[0].join("target"), roots[2].join("target")] {
            let mut own: Vec<_> = roots.iter().map(|root| own_in(&target, root).unwrap()).collect();
            assert!(own.iter().all(|own| own.starts_with(target.join("kata"))), "{own:?}");
            let is_plain =
                |own: &PathBuf| !own.strip_prefix(&target).unwrap().to_string_lossy().contains(['%', 'é']);
            assert!(own.iter().all(is_plain), "{own:?}");
            own.sort();
            own.dedup();
            assert_eq!(own.len(), 3, "{own:?}");
        }
        assert_eq!(own_in(&roots[0].join("target"), &roots[0]).unwrap(), roots[0].join("target/kata"));
        assert!(own_in(&place, &place.join("missing")).is_err());
    }

    #[test]
    fn the_data_of_a_deleted_workspace_is_deleted() {
        let all = tempfile::tempdir().unwrap();
        let there = all.path().to_str().unwrap();
        for (name, root) in [("there", there), ("gone", &format!("{there}/no/such/workspace"))] {
            files::write(&all.path().join(name).join(FILE), root).unwrap();
        }
        files::write(&all.path().join("builds/of/another"), "").unwrap();
        delete_stale(all.path());
        let left = |name: &str| all.path().join(name).exists();
        assert_eq!(["there", "gone", "builds"].map(left), [true, false, true]);
    }
}
