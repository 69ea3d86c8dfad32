//! A lesson in which every body returns the emptiest value that its type has.
//!
//! A gate that such a solution passes would pass on work that was never done.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::Database;
use crate::build::{Build, build_gate};
use crate::course::{Course, Lesson};
use crate::derive::{self, Files, tasks};

/// A variant of a lesson, built in a workspace of its own.
pub struct Variant {
    pub build: Build,
    pub folder: PathBuf,
}

/// What is tried for each body, until one compiles; then its `todo!` stays.
const EMPTIEST: [&str; 2] = ["Ok(Default::default())", "Default::default()"];

pub fn emptiest(course: &Course, lesson: &Lesson, database: Database) -> Result<Variant> {
    let workspace = course.root.join("target/kata/variant").join(&lesson.name);
    prepare(course, &workspace)?;
    // For each task, how many of `EMPTIEST` have failed to compile.
    let mut failed: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        let mut filler = |task: &str| {
            let tried = failed.get(task).copied().unwrap_or(0);
            EMPTIEST.get(tried).map_or_else(|| tasks::todo(task), |body| (*body).to_owned())
        };
        let files = derive::skeleton(course, lesson, &Files::new(), &mut filler)?;
        for (path, text) in &files {
            write(&workspace.join(path), text)?;
        }
        let build = build_gate(&workspace, &lesson.package(), database)?;
        if build.executable.is_some() {
            return Ok(Variant { build, folder: workspace.join(lesson.folder()) });
        }
        let before = failed.clone();
        for (file, line) in &build.error_places {
            // The marker stands on the line before the body.
            let text = files.get(file).map(String::as_str).unwrap_or_default();
            let above = line.checked_sub(2).and_then(|index| text.lines().nth(index));
            if let Some(task) = above.and_then(tasks::task) {
                failed.insert(task.to_owned(), before.get(task).copied().unwrap_or(0) + 1);
            }
        }
        if failed == before {
            bail!("no variant of {} compiles:\n{}", lesson.name, build.errors.join("\n"));
        }
    }
}

/// A workspace that holds the gates and one lesson, and shares the compiled dependencies.
fn prepare(course: &Course, workspace: &Path) -> Result<()> {
    if workspace.exists() {
        fs::remove_dir_all(workspace).with_context(|| format!("cannot empty {}", workspace.display()))?;
    }
    let manifest = fs::read_to_string(course.root.join("Cargo.toml"))?;
    let members: Vec<_> = manifest
        .lines()
        .filter(|line| !line.starts_with("default-members"))
        .map(|line| if line.starts_with("members") { "members = [\"lessons/*\", \"tests\"]" } else { line })
        .collect();
    write(&workspace.join("Cargo.toml"), &members.join("\n"))?;
    let config = fs::read_to_string(course.root.join(".cargo/config.toml"))?;
    let target = format!("{config}\n[build]\ntarget-dir = \"../../../\"\n");
    write(&workspace.join(".cargo/config.toml"), &target)?;
    copy(&course.root.join("Cargo.lock"), &workspace.join("Cargo.lock"))?;
    for file in derive::files(&course.root.join("tests"))? {
        copy(&course.root.join("tests").join(&file), &workspace.join("tests").join(&file))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    make_parent(path)?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    make_parent(to)?;
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

fn make_parent(path: &Path) -> Result<()> {
    let parent = path.parent().context("a file has a folder")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))
}
