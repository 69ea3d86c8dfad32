//! What git knows of the course's folder, where it is a checkout and git is installed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files that git tracks, by path below `root`; nothing if the course at `root` is not in git. A copy that
/// lies in a larger repository is not, unless it was added there.
pub fn tracked(root: &Path) -> Option<BTreeSet<PathBuf>> {
    paths(root, &["ls-files", "-z"]).filter(|paths| paths.contains(Path::new("Cargo.toml")))
}

/// What git neither tracks nor ignores; of a folder that holds nothing else, only the folder.
pub fn unknown(root: &Path) -> BTreeSet<PathBuf> {
    let arguments = ["ls-files", "--others", "--exclude-standard", "--directory", "-z"];
    paths(root, &arguments).unwrap_or_default()
}

/// The files at or below `folder` as the last commit has them, by path below `root`; nothing where the course at
/// `root` is not in git, or the commit has no such folder.
pub fn committed(root: &Path, folder: &Path) -> Option<BTreeMap<PathBuf, Vec<u8>>> {
    tracked(root)?;
    let folder = folder.to_str()?.replace('\\', "/");
    let files = paths(root, &["ls-tree", "-r", "-z", "--name-only", "HEAD", "--", &folder])?;
    let read = |path: PathBuf| {
        let name = format!("HEAD:./{}", path.to_str()?.replace('\\', "/"));
        let output = git(root, &["show", &name]).output().ok()?;
        output.status.success().then_some((path, output.stdout))
    };
    let files: Option<BTreeMap<_, _>> = files.into_iter().map(read).collect();
    files.filter(|files| !files.is_empty())
}

fn paths(root: &Path, arguments: &[&str]) -> Option<BTreeSet<PathBuf>> {
    let output = git(root, arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let paths = text.split('\0').filter(|path| !path.is_empty());
    output.status.success().then(|| paths.map(|path| PathBuf::from(path.trim_end_matches('/'))).collect())
}

fn git(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // In a hook, git would use the hook's repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command.arg("-C").arg(root).args(arguments);
    command
}
