//! No modules of a crate use each other in a circle.
//!
//! A circle has no floor to begin with: to read one of its modules, a person has to know all of them.

mod source;
mod tokens;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::problems::Problems;
use crate::files;
use source::{Crate, Place};

/// Checks every crate of the workspace.
///
/// # Errors
///
/// When a manifest cannot be read.
pub fn check(root: &Path, problems: &Problems) -> Result<()> {
    for package in packages(root)? {
        for file in roots(&root.join(&package))? {
            match Crate::read(root, &package, &package.join("src").join(file)) {
                Ok(read) => {
                    for circle in circles(&read) {
                        problems.add(&circle.steps[0].at.file, circle.description());
                    }
                }
                Err(error) => problems.add(&package, format_args!("{error:#}")),
            }
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    members: Vec<String>,
}

/// The folders of the workspace's members.
fn packages(root: &Path) -> Result<Vec<PathBuf>> {
    let manifest: Manifest = toml::from_str(&files::read_text(&root.join("Cargo.toml"))?)
        .context("cannot read the workspace's members in Cargo.toml")?;
    let mut packages = Vec::new();
    for member in manifest.workspace.members {
        match member.strip_suffix("/*") {
            // A handed-out course has no solutions.
            Some(folder) => {
                for entry in fs::read_dir(root.join(folder)).into_iter().flatten() {
                    packages.push(Path::new(folder).join(entry?.file_name()));
                }
            }
            None => packages.push(PathBuf::from(member)),
        }
    }
    packages.retain(|package| root.join(package).join("Cargo.toml").is_file());
    packages.sort();
    Ok(packages)
}

/// The files in a package's `src` that begin a crate.
fn roots(package: &Path) -> Result<Vec<PathBuf>> {
    let mut roots: Vec<_> = ["lib.rs", "main.rs"].map(PathBuf::from).to_vec();
    for entry in fs::read_dir(package.join("src/bin")).into_iter().flatten() {
        roots.push(Path::new("bin").join(entry?.file_name()));
    }
    roots.retain(|file| package.join("src").join(file).is_file());
    Ok(roots)
}

/// A module uses another one.
struct Step {
    from: String,
    to: String,
    at: Place,
}

/// Modules that use each other.
struct Circle {
    /// The shortest way around.
    steps: Vec<Step>,
    /// The other modules of the circle: each of them reaches all the rest, too.
    others: Vec<String>,
}

impl Circle {
    fn description(&self) -> String {
        let step = |step: &Step| {
            format!("{} uses {} ({}:{})", step.from, step.to, step.at.file.display(), step.at.line)
        };
        let steps: Vec<_> = self.steps.iter().map(step).collect();
        let mut text = format!("modules use each other in a circle: {}", steps.join(", "));
        if !self.others.is_empty() {
            text += &format!("; the circle also includes {}", self.others.join(", "));
        }
        text + "; move what they share into a module below them"
    }
}

/// Which module uses which, and where it does so first.
type Graph<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a Place>>;

fn circles(read: &Crate) -> Vec<Circle> {
    let mut graph = Graph::new();
    for (from, to, at) in &read.uses {
        graph.entry(from).or_default().entry(to).or_insert(at);
    }
    let mut circles = Vec::new();
    let mut seen = BTreeSet::<&str>::new();
    for from in graph.keys().copied() {
        if seen.contains(from) {
            continue;
        }
        let group: BTreeSet<_> =
            reached(&graph, from).into_iter().filter(|to| reached(&graph, to).contains(from)).collect();
        seen.extend(&group);
        let shortest = group.iter().filter_map(|module| around(&graph, module)).min_by_key(Vec::len);
        if let Some(steps) = shortest {
            let is_named = |module: &&&str| steps.iter().any(|step| step.from == **module);
            let others = group.iter().filter(|module| !is_named(module)).map(ToString::to_string).collect();
            circles.push(Circle { steps, others });
        }
    }
    circles
}

/// The modules that `from` uses, and those that they use.
fn reached<'a>(graph: &Graph<'a>, from: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(from) = next.pop() {
        let uses = graph.get(from).into_iter().flatten();
        next.extend(uses.map(|(to, _)| *to).filter(|to| reached.insert(*to)));
    }
    reached
}

/// The shortest way from a module back to itself.
fn around(graph: &Graph<'_>, start: &str) -> Option<Vec<Step>> {
    let mut came_from = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(from) = next.pop_front() {
        for (to, at) in graph.get(from).into_iter().flatten() {
            if !came_from.contains_key(to) {
                came_from.insert(*to, (from, *at));
                next.push_back(to);
            }
        }
    }
    let mut steps = Vec::new();
    let mut to = start;
    loop {
        let (from, at) = *came_from.get(to)?;
        steps.insert(0, Step { from: from.to_owned(), to: to.to_owned(), at: at.clone() });
        if from == start {
            return Some(steps);
        }
        to = from;
    }
}

#[cfg(test)]
mod tests;
