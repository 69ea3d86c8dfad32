//! Where a newer version of the course is.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// A folder that holds another version; what was made for it is gone with it.
pub struct Source {
    folder: PathBuf,
    /// Of the workspace that lent its history.
    worktree_of: Option<PathBuf>,
    made: Option<TempDir>,
}

impl Source {
    /// `from` is a folder, the address of a git repository, or a commit, branch or tag of this one; by
    /// default what the course's git repository has newest.
    pub fn find(root: &Path, from: Option<&str>) -> Result<Self> {
        let source = match from {
            Some(from) if Path::new(from).is_dir() => {
                Self { folder: PathBuf::from(from), worktree_of: None, made: None }
            }
            Some(from) if from.contains("://") || from.starts_with("git@") => Self::clone(from)?,
            Some(from) => Self::commit(root, from)?,
            None => Self::commit(root, &upstream(root)?)?,
        };
        if !source.folder.join("tests/gates").is_dir() || !source.folder.join("lessons").is_dir() {
            bail!("{} holds no version of this course", from.unwrap_or("the repository"));
        }
        Ok(source)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn clone(address: &str) -> Result<Self> {
        let made = tempfile::tempdir().context("cannot make a temporary folder")?;
        let folder = made.path().join("course");
        run(Command::new("git").args(["clone", "--quiet", "--depth", "1", address]).arg(&folder))?;
        Ok(Self { folder, worktree_of: None, made: Some(made) })
    }

    fn commit(root: &Path, name: &str) -> Result<Self> {
        let commit = git(root, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]);
        let commit = commit.with_context(|| {
            format!("`{name}` is neither a folder nor a commit, branch or tag of the course's git repository")
        })?;
        let made = tempfile::tempdir().context("cannot make a temporary folder")?;
        let tree = made.path().join("course");
        let tree_name = tree.display().to_string();
        git(root, &["worktree", "add", "--quiet", "--detach", &tree_name, &commit])?;
        // The course may be a folder of a larger repository.
        let prefix = git(root, &["rev-parse", "--show-prefix"])?;
        Ok(Self { folder: tree.join(prefix), worktree_of: Some(root.to_owned()), made: Some(made) })
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let (Some(root), Some(made)) = (&self.worktree_of, &self.made) {
            let tree = made.path().join("course").display().to_string();
            // Left behind, it would be noticed and pruned by git itself.
            let _ = git(root, &["worktree", "remove", "--force", &tree]);
        }
    }
}

/// The newest commit of the repository that the course came from.
fn upstream(root: &Path) -> Result<String> {
    const NONE: &str = "which version? Name a folder, a git repository or a branch: `cargo kata update --from ../new-course`";
    let remotes = git(root, &["remote"]).context(NONE)?;
    if remotes.lines().any(|remote| remote == "upstream") {
        git(root, &["fetch", "--quiet", "upstream"])?;
        let has_head = git(root, &["rev-parse", "--verify", "--quiet", "upstream/HEAD"]).is_ok();
        return Ok(if has_head { "upstream/HEAD" } else { "upstream/main" }.to_owned());
    }
    let tracked = git(root, &["rev-parse", "--abbrev-ref", "@{upstream}"]).context(NONE)?;
    git(root, &["fetch", "--quiet"])?;
    Ok(tracked)
}

fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    run(Command::new("git").arg("-C").arg(root).args(arguments))
}

fn run(command: &mut Command) -> Result<String> {
    let output = command.output().context("cannot start git")?;
    if !output.status.success() {
        bail!("git: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
