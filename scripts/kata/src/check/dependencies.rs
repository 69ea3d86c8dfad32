//! Checks of what the workspace depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;
use cargo_metadata::semver::Version;

use super::problems::Problems;
use crate::Database;
use crate::build::cargo;
use crate::course::Course;
use crate::process::output;

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

/// What most other packages are compiled with. Where one of them is compiled again, so are most others.
const FOUNDATIONS: [&str; 7] =
    ["libc v", "proc-macro2 v", "quote v", "serde v", "serde_core v", "serde_json v", "syn v3"];

const GUIDE: &str = "cargo-kata";

/// Moving between the guide, a lesson and the whole workspace compiles no dependency again.
///
/// Cargo decides on features for each selection of packages; where they differ, a dependency has two compiled files.
/// Within one selection it may have two as well: one for what runs while compiling, one for the program.
pub fn check_built_twice(course: &Course, database: Database, problems: &Problems) -> Result<()> {
    const WITH_TESTS: &str = "normal,build,dev";
    const WITHOUT: &str = "normal,build";
    let options = database.cargo_options();
    let mut selections = vec![(WITH_TESTS, None, options)];
    for lesson in &course.lessons {
        selections.push((WITH_TESTS, Some(lesson.package()), options));
        if lesson.manifest.app.is_some() {
            // It is also run without its tests.
            for package in [lesson.package(), lesson.solution_package()] {
                selections.push((WITHOUT, Some(package), options));
            }
        }
    }
    // The guide brings what lesson 1 needs on SQLite: on PostgreSQL, Diesel is compiled a second time.
    selections.push((WITHOUT, Some(GUIDE.to_owned()), &[]));
    // The grader and the browser tests have dependencies of their own, which ask for more of a few others.
    let tools: [(&str, &[&str]); 2] = [("grade", &[]), ("order-up", &["--features", "browser"])];
    let tools = tools
        .into_iter()
        .filter(|_| course.root.join("scripts/grade").is_dir())
        .map(|(package, options)| (WITH_TESTS, Some(package.to_owned()), options));

    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    let students = selections.len();
    for (index, (edges, package, options)) in selections.into_iter().chain(tools).enumerate() {
        let of_selection = features(&course.root, edges, package.as_deref(), options)?;
        let for_sqlite = package.as_deref() == Some(GUIDE) && database == Database::Postgres;
        let counts = |package: &str| {
            if for_sqlite && package.starts_with("diesel") {
                return false;
            }
            index < students || FOUNDATIONS.iter().any(|it| package.starts_with(it))
        };
        for (package, features) in of_selection.into_iter().filter(|(package, _)| counts(package)) {
            let count = most.entry(package.clone()).or_default();
            *count = (*count).max(features.len());
            all.entry(package).or_default().extend(features);
        }
    }
    for (package, features) in all {
        if features.len() > most[&package] {
            let features: Vec<_> = features.iter().map(|features| format!("[{features}]")).collect();
            problems.add(
                Path::new("scripts/shared-features/Cargo.toml"),
                format!(
                    "{package} is rebuilt for another selection of packages with the features {}; add those features here, or in `src/web/Cargo.toml`",
                    features.join(" and ")
                ),
            );
        }
    }
    Ok(())
}

/// The features with which each package of the registry is compiled for a selection.
fn features(
    root: &Path,
    edges: &str,
    package: Option<&str>,
    options: &[&str],
) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut command = cargo();
    command.args(["tree", "--locked", "--edges", edges, "--prefix", "none", "--format", "{p}|{f}"]);
    command.args(package.map(|package| format!("--package={package}"))).args(options).current_dir(root);
    let text = output(&mut command)?;
    let mut all: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in text.lines() {
        // What has been shown above already is marked, and what is part of the course has a path.
        let Some((package, features)) = line.trim_end_matches(" (*)").split_once('|') else { continue };
        let package = package.trim_end_matches(" (proc-macro)");
        if !package.contains('(') {
            all.entry(package.to_owned()).or_default().insert(features.to_owned());
        }
    }
    Ok(all)
}
