//! `cargo kata update`: a newer version of the course, with the student's edits kept.

mod merge;
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::backup::Backup;
use crate::course::{Course, layout};
use crate::view::{BAD, BOLD, GOOD, Page};
use crate::{NOT_PASSED, PASSED, base, files, record};
use merge::{Merged, merge};
use source::Source;

/// What is to be done with each file that changes.
#[derive(Default)]
struct Plan {
    /// The student has not touched these: what the new version has.
    replaced: Vec<(PathBuf, Vec<u8>)>,
    /// The new version has none of these, and the student has not touched them.
    deleted: Vec<PathBuf>,
    /// Both have changed these, in different places.
    merged: Vec<(PathBuf, Vec<u8>)>,
    /// Both have changed these in the same place: the student's stays, the new one comes beside it.
    beside: Vec<(PathBuf, Vec<u8>)>,
}

/// # Errors
///
/// When the newer version cannot be found, read or copied.
pub fn update(course: &Course, from: Option<&str>) -> Result<u8> {
    let root = &course.root;
    base::keep(course);
    let source = Source::find(root, from)?;
    let new = source.contents()?;
    let plan = plan(root, source.folder(), &new.files)?;
    let mut backup = Backup::new(root);
    let written = plan.replaced.iter().chain(&plan.merged).map(|(path, _)| path);
    for path in written.chain(&plan.deleted) {
        backup.keep(path)?;
    }
    for (path, bytes) in plan.replaced.iter().chain(&plan.merged) {
        files::write(&root.join(path), bytes)?;
    }
    for (path, bytes) in &plan.beside {
        files::write(&root.join(beside(path)), bytes)?;
    }
    for path in &plan.deleted {
        fs::remove_file(root.join(path)).with_context(|| format!("cannot delete {}", path.display()))?;
    }
    base::replace(root, source.folder(), &new.files)?;
    tell(root, &plan, backup.place());
    if !new.others.is_empty() {
        anstream::println!(
            "Not taken over, because they are not part of the course:\n{}",
            layout::named(&new.others)
        );
    }
    Ok(if plan.beside.is_empty() { PASSED } else { NOT_PASSED })
}

/// What is to be done with the files of the course at `new`.
fn plan(root: &Path, new: &Path, files: &[PathBuf]) -> Result<Plan> {
    let kept = base::folder(root);
    let read = |folder: &Path, path: &Path| fs::read(folder.join(path)).ok();
    let new_files: BTreeSet<_> = files.iter().collect();
    // A file of the student's own may have been kept by an older guide; it is not to be deleted.
    let old_files = if kept.is_dir() { layout::contents(&kept)?.files } else { Vec::new() };
    let mut plan = Plan::default();
    for path in files {
        let bytes = read(new, path).with_context(|| format!("cannot read {}", new.join(path).display()))?;
        let (mine, was) = (read(root, path), read(&kept, path));
        // The record of what was written is the course's alone.
        let is_record = path == Path::new(record::FILE);
        match merge(mine.as_deref(), was.as_deref(), &bytes) {
            Merged::AsItIs => {}
            Merged::New => plan.replaced.push((path.clone(), bytes)),
            Merged::Both(_) | Merged::Conflict if is_record => plan.replaced.push((path.clone(), bytes)),
            Merged::Both(merged) => plan.merged.push((path.clone(), merged)),
            Merged::Conflict => plan.beside.push((path.clone(), bytes)),
        }
    }
    for path in old_files.into_iter().filter(|path| !new_files.contains(path)) {
        // What the student has edited stays.
        let unedited = |(mine, was): (Vec<u8>, Vec<u8>)| files::text::is_same(&mine, &was);
        if read(root, &path).zip(read(&kept, &path)).is_some_and(unedited) {
            plan.deleted.push(path);
        }
    }
    Ok(plan)
}

/// The name under which the new version of a file lies beside the student's.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

fn tell(root: &Path, plan: &Plan, backup: Option<&Path>) {
    let mut page = Page::new(root);
    let Plan { replaced, deleted, merged, beside: conflicts } = plan;
    if replaced.len() + deleted.len() + merged.len() + conflicts.len() == 0 {
        page.line("This is the newest version already.");
        return page.print();
    }
    page.line(format_args!(
        "{GOOD}The course is up to date:{GOOD:#} {} files taken over, {} deleted, {} merged with yours.",
        replaced.len(),
        deleted.len(),
        merged.len()
    ));
    for (path, _) in merged {
        page.line(format_args!("    merged: {}", path.display()));
    }
    if !conflicts.is_empty() {
        page.blank();
        page.line(format_args!(
            "{BAD}These could not be merged:{BAD:#} you and the course have changed the same lines. Yours stay; the new \
             version lies beside them. Take over what you want, then delete it."
        ));
        for (path, _) in conflicts {
            page.line(format_args!("    {BOLD}{}{BOLD:#}", path.display()));
            page.line(format_args!("        the course's: {}", beside(path).display()));
        }
    }
    if let Some(backup) = backup {
        page.blank();
        page.line(format_args!("What was there before is kept in {}", backup.display()));
    }
    page.print();
}
