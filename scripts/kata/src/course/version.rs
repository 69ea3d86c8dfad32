//! The version of the course. It is written in the workspace's `Cargo.toml`, and nowhere else.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files;

/// The keys of the manifest that lead to it.
#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    metadata: Option<Metadata>,
    package: Option<Package>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(rename = "rust-version")]
    rust: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    course: Option<CourseTable>,
}

#[derive(Deserialize)]
struct CourseTable {
    version: String,
}

/// The version of the course at `root`. Courses from before versions have none.
///
/// # Errors
///
/// When the workspace's manifest cannot be read.
pub fn version(root: &Path) -> Result<Option<String>> {
    let metadata = workspace(root)?.metadata;
    Ok(metadata.and_then(|metadata| metadata.course).map(|course| course.version))
}

/// The oldest Rust that compiles the course at `root`, as in `1.90`.
///
/// # Errors
///
/// When the workspace's manifest cannot be read, or does not name it.
pub fn rust(root: &Path) -> Result<String> {
    let package = workspace(root)?.package;
    package.and_then(|package| package.rust).context("the workspace's Cargo.toml has no `rust-version`")
}

fn workspace(root: &Path) -> Result<Workspace> {
    let path = root.join("Cargo.toml");
    let manifest: Manifest = toml::from_str(&files::read_text(&path)?)
        .with_context(|| format!("cannot understand {}", path.display()))?;
    Ok(manifest.workspace)
}

/// The same for a person: also where there is none.
pub fn named(version: Option<&str>) -> String {
    version.map_or_else(|| "an unnumbered version".to_owned(), |version| format!("version {version}"))
}

#[cfg(test)]
mod tests {
    use super::version;
    use crate::files;

    #[test]
    fn the_version_of_a_course_is_optional_and_comes_from_its_manifest() {
        for (text, expected) in [
            ("[workspace.metadata.course]\nversion = \"1.2.0\"", Some("1.2.0")),
            ("[workspace]\nmembers = []\n[workspace.package]\nversion = \"0.0.0\"", None),
            ("[workspace.metadata.other]\nversion = \"3\"", None),
        ] {
            let folder = tempfile::tempdir().unwrap();
            files::write(&folder.path().join("Cargo.toml"), text).unwrap();
            assert_eq!(version(folder.path()).unwrap().as_deref(), expected, "{text}");
        }
        assert!(version(std::path::Path::new("/no/such/course")).is_err());
    }
}
