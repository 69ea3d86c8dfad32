//! Checks of what the workspace depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;
use cargo_metadata::semver::Version;

use super::problems::Problems;
use crate::Database;
use crate::build::{build, cargo};
use crate::course::Course;

/// The workspace's `rust-version` is at least that of every dependency.
pub fn check_rust_version(course: &Course, problems: &Problems) -> Result<()> {
    let metadata = MetadataCommand::new().current_dir(&course.root).exec().context("cargo metadata fails")?;
    let stated =
        metadata.workspace_packages().iter().filter_map(|package| package.rust_version.clone()).max();
    let asked = metadata.packages.iter().filter(|package| package.source.is_some());
    let highest = asked.max_by_key(|package| package.rust_version.clone().unwrap_or(Version::new(0, 0, 0)));
    let Some(highest) = highest else { return Ok(()) };
    if highest.rust_version > stated {
        let version = highest.rust_version.as_ref().map(ToString::to_string).unwrap_or_default();
        problems.add(
            Path::new("Cargo.toml"),
            format!("{} {} asks for Rust {version}; set `rust-version` to it", highest.name, highest.version),
        );
    }
    Ok(())
}

/// Moving between the guide, a lesson and the whole workspace compiles no dependency again.
///
/// Cargo decides on features for each selection of packages; where they differ, a dependency has
/// two compiled files. Cargo's report names the files even when there was nothing to compile.
pub fn check_built_twice(course: &Course, database: Database, problems: &Problems) -> Result<()> {
    let mut selections = vec![vec!["test".to_owned(), "--no-run".to_owned()]];
    for lesson in &course.lessons {
        let arguments = ["test", "--no-run", "--test", "gate", "--package", &lesson.package()];
        selections.push(arguments.map(str::to_owned).to_vec());
        if lesson.manifest.app.is_some() {
            // It is also run without its tests.
            for package in [lesson.package(), lesson.solution_package()] {
                selections.push(vec!["build".to_owned(), "--package".to_owned(), package]);
            }
        }
    }
    for selection in &mut selections {
        selection.extend(database.cargo_options().iter().copied().map(str::to_owned));
    }
    // The guide itself is built for no database.
    selections.push(["build", "--package", "kata"].map(str::to_owned).to_vec());

    let mut files: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut most: BTreeMap<(String, String), usize> = BTreeMap::new();
    for selection in selections {
        let mut command = cargo();
        command.args(&selection);
        let mut of_selection: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for artifact in build(&course.root, command)?.artifacts {
            let package = artifact.package_id.repr.clone();
            let (Some(file), true) = (artifact.filenames.first(), package.starts_with("registry")) else {
                continue;
            };
            let kind = artifact.target.kind.iter().map(ToString::to_string).collect();
            of_selection.entry((package, kind)).or_default().insert(file.to_string());
        }
        for (key, of_selection) in of_selection {
            let count = most.entry(key.clone()).or_default();
            *count = (*count).max(of_selection.len());
            files.entry(key).or_default().extend(of_selection);
        }
    }
    for ((package, kind), files) in files {
        if files.len() > most[&(package.clone(), kind.clone())] {
            let name = package.rsplit('#').next().unwrap_or(&package);
            problems.add(
                Path::new("scripts/shared-features/Cargo.toml"),
                format!("{name} ({kind}) is built anew for another selection of packages; settle its features here"),
            );
        }
    }
    Ok(())
}
