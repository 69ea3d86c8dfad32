//! Where a newer version of the course is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::course::layout::{self, Contents};
use crate::files::tracked::tracked;
use crate::process;
use crate::record::Record;

/// What to do where a source is refused.
const WHERE: &str = "name an unedited copy of the newer course";

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
        let name = from.unwrap_or("the repository");
        if !source.folder.join("tests/gates").is_dir() || !source.folder.join("lessons").is_dir() {
            bail!("{name} is not a copy of this course");
        }
        check_is_another(root, &source.folder, name)?;
        check_is_handed_out(&source.folder, name)?;
        Ok(source)
    }

    /// What the new version consists of. Of a repository that is all that was put into it, and of a folder what
    /// belongs to a course: other files may lie there, too.
    pub fn contents(&self) -> Result<Contents> {
        match tracked(&self.folder) {
            Some(tracked) => {
                let is_there = |file: &PathBuf| self.folder.join(file).is_file();
                let files = tracked.into_iter().filter(is_there).collect();
                Ok(Contents { files, others: Vec::new() })
            }
            None => layout::contents(&self.folder),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn clone(address: &str) -> Result<Self> {
        let made = tempfile::tempdir().context("cannot make a temporary folder")?;
        let folder = made.path().join("course");
        run_git(Command::new("git").args(["clone", "--quiet", "--depth", "1", address]).arg(&folder))?;
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

/// Refuses the course that is to be updated, under any name, and a folder inside or around it.
fn check_is_another(root: &Path, new: &Path, name: &str) -> Result<()> {
    let absolute =
        |folder: &Path| fs::canonicalize(folder).with_context(|| format!("cannot find {}", folder.display()));
    let (root, new) = (absolute(root)?, absolute(new)?);
    if root == new {
        bail!("{name} is the course that you are working in; `update` needs a different copy; {WHERE}");
    }
    if new.starts_with(&root) || root.starts_with(&new) {
        let how = if new.starts_with(&root) { "is inside" } else { "contains" };
        bail!("{name} {how} the course that you are working in, so it cannot be a newer version; {WHERE}");
    }
    Ok(())
}

/// Refuses a course that has been worked in: `reset` goes back to what `update` took in.
fn check_is_handed_out(new: &Path, name: &str) -> Result<()> {
    const MOST: usize = 3;
    let record = Record::read(new)?;
    if record.paths().next().is_none() {
        bail!("{name} has no lessons/.derived, which records its original lessons; {WHERE}");
    }
    let of_lessons = record.paths().filter(|path| path.starts_with("lessons"));
    let edited: Vec<_> = of_lessons.filter(|path| !record.is_as_written(new, path)).collect();
    if edited.is_empty() {
        return Ok(());
    }
    let mut named: Vec<_> = edited.iter().take(MOST).map(|path| path.display().to_string()).collect();
    if edited.len() > MOST {
        named.push(format!("{} more", edited.len() - MOST));
    }
    bail!(
        "{name} has been edited (changed or deleted: {}). `reset` would then restore those edits; {WHERE}",
        named.join(", ")
    )
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
        // A remote that was added by hand has no note of its main branch, whatever that is called.
        git(root, &["remote", "set-head", "upstream", "--auto"])?;
        return Ok("upstream/HEAD".to_owned());
    }
    let tracked = git(root, &["rev-parse", "--abbrev-ref", "@{upstream}"]).context(NONE)?;
    git(root, &["fetch", "--quiet"])?;
    Ok(tracked)
}

fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    run_git(Command::new("git").arg("-C").arg(root).args(arguments))
}

fn run_git(git: &mut Command) -> Result<String> {
    process::output(git).context("git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_on_upstreams_main_branch_whatever_its_name_is() {
        let folder = tempfile::tempdir().unwrap();
        let (theirs, own) = (folder.path().join("theirs"), folder.path().join("own"));
        for (place, branch) in [(&theirs, "trunk"), (&own, "homework")] {
            fs::create_dir(place).unwrap();
            git(place, &["init", "--quiet", "--initial-branch", branch]).unwrap();
            let identity =
                ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
            let commit = ["commit", "--quiet", "--allow-empty", "--message", branch];
            git(place, &[&identity[..], &commit].concat()).unwrap();
        }
        git(&own, &["remote", "add", "upstream", theirs.to_str().unwrap()]).unwrap();
        let newest = upstream(&own).unwrap();
        assert_eq!(git(&own, &["log", "--format=%s", "-1", &newest]).unwrap(), "trunk");
    }
}
