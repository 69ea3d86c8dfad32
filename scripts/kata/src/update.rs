//! `cargo kata update`: a newer version of the course, with the student's edits kept.

mod merge;
mod rebuilt;
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::backup::Backup;
use crate::course::{Course, Lesson, layout, version};
use crate::files::text::decode;
use crate::record::{self, Record};
use crate::view::{BAD, BOLD, GOOD, Page};
use crate::{NOT_PASSED, PASSED, base, base_folder, files, progress};
use merge::{Merged, merge};
use rebuilt::{Rebuilt, rebuilt};
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
    /// The new version has none of these, and the student has edited them: they stay.
    stay: Vec<PathBuf>,
    /// Lessons that start over.
    rebuilt: Vec<Rebuilt>,
}

/// The versions of both courses, where they have any.
struct Versions {
    old: Option<String>,
    new: Option<String>,
}

/// # Errors
///
/// When the newer version cannot be found, read or copied.
pub fn update(course: &Course, from: Option<&str>) -> Result<u8> {
    let root = &course.root;
    base::keep(course);
    let source = Source::find(root, from)?;
    let new = source.contents()?;
    let plan = plan(course, source.folder(), &new.files)?;
    let versions = Versions { old: version::version(root)?, new: version::version(source.folder())? };
    let mut backup = Backup::new(root);
    for lesson in &plan.rebuilt {
        backup.take(&lesson.folder())?;
    }
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
        files::delete(&root.join(path))?;
    }
    // A gate of the same name is another one now.
    let is_rebuilt = |name: &str| plan.rebuilt.iter().any(|lesson| lesson.name == name);
    progress::change(root, |progress| progress.lessons.retain(|(name, _), _| !is_rebuilt(name)))?;
    base::replace(root, source.folder(), &new.files)?;
    tell(root, &plan, &versions, backup.place());
    if !new.others.is_empty() {
        anstream::println!(
            "Not copied, because they are not part of the course:\n{}",
            layout::named(&new.others)
        );
    }
    Ok(if plan.beside.is_empty() { PASSED } else { NOT_PASSED })
}

/// What is to be done with the files of the course at `new`.
fn plan(course: &Course, new: &Path, files: &[PathBuf]) -> Result<Plan> {
    let root = &course.root;
    let kept = base_folder(root);
    let read = |folder: &Path, path: &Path| fs::read(folder.join(path)).ok();
    let new_files: BTreeSet<_> = files.iter().collect();
    let record = Record::read(root)?;
    // A file of the student's own may have been kept by an older guide; it is not to be deleted.
    let old_files = if kept.is_dir() { layout::contents(&kept)?.files } else { Vec::new() };
    let rebuilt = rebuilt(root, &kept, new)?;
    let is_rebuilt = |path: &Path| rebuilt.iter().any(|lesson| path.starts_with(lesson.folder()));
    let mut plan = Plan::default();
    for path in files {
        let bytes = read(new, path).with_context(|| format!("cannot read {}", new.join(path).display()))?;
        if is_rebuilt(path) {
            plan.replaced.push((path.clone(), bytes));
            continue;
        }
        let mine = read(root, path);
        // Work that began before anything was kept: the record still knows whether the new version changes the file.
        let is_unchanged = |new: &&Vec<u8>| decode(new).is_ok_and(|text| record.wrote(path, &text));
        let was = read(&kept, path).or_else(|| Some(&bytes).filter(is_unchanged).cloned());
        // Of a project a student may delete what they build without.
        if mine.is_none() && was.is_some() && is_of_students(course, path) {
            continue;
        }
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
        match read(root, &path).zip(read(&kept, &path)) {
            _ if is_rebuilt(&path) => {}
            Some((mine, was)) if files::text::is_same(&mine, &was) => plan.deleted.push(path),
            Some(_) => plan.stay.push(path),
            None => {}
        }
    }
    plan.rebuilt = rebuilt;
    Ok(plan)
}

/// Whether a file is one of those that a student builds a project of.
fn is_of_students(course: &Course, path: &Path) -> bool {
    let projects = course.lessons.iter().filter(|lesson| lesson.is_project());
    projects.into_iter().any(|lesson| {
        path.strip_prefix(lesson.folder()).is_ok_and(|inside| {
            lesson.manifest.handed_in.iter().any(|pattern| match pattern.strip_suffix("/**") {
                Some(folder) => inside.starts_with(folder),
                None => inside == Path::new(pattern),
            })
        })
    })
}

/// The name under which the new version of a file lies beside the student's.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// The new versions that still lie beside files of the lesson.
pub fn unmerged(course: &Course, lesson: &Lesson) -> Vec<String> {
    let (folder, kept) = (lesson.folder(), base_folder(&course.root));
    let there = files::below(&course.root.join(&folder)).unwrap_or_default();
    let of = |file: PathBuf| {
        let name = folder.join(&file).display().to_string();
        // Whatever else has such a name is the student's.
        let original = name.strip_suffix(".new")?;
        let new = fs::read(kept.join(original)).ok()?;
        let is_it = fs::read(course.root.join(&name)).is_ok_and(|bytes| files::text::is_same(&bytes, &new));
        is_it.then_some(name)
    };
    there.into_iter().filter_map(of).collect()
}

fn tell(root: &Path, plan: &Plan, versions: &Versions, backup: Option<&Path>) {
    let mut page = Page::new(root);
    let Plan { replaced, deleted, merged, beside: conflicts, stay, rebuilt } = plan;
    if replaced.len() + deleted.len() + merged.len() + conflicts.len() + rebuilt.len() == 0 {
        let name = version::named(versions.new.as_deref());
        page.line(format_args!("You already have the newest version: {name}."));
        return page.print();
    }
    page.line(format_args!(
        "{GOOD}The course is up to date:{GOOD:#} {}. Files updated: {}, deleted: {}, merged with your changes: {}.",
        version::named(versions.new.as_deref()),
        replaced.len(),
        deleted.len(),
        merged.len()
    ));
    if let Some(new) = versions.new.as_deref().filter(|_| versions.old != versions.new) {
        page.line(format_args!(
            "You had {}. For what is new, see {} under {new}.",
            version::named(versions.old.as_deref()),
            page.place("CHANGELOG.md", None)
        ));
    }
    for (path, _) in merged {
        page.line(format_args!("    merged: {}", path.display()));
    }
    for lesson in rebuilt {
        page.blank();
        tell_rebuilt(&mut page, lesson, backup);
    }
    if !stay.is_empty() {
        page.blank();
        page.line("The new version does not have these files. You have edited them, so they stay:");
        for path in stay {
            page.line(format_args!("    {}", path.display()));
        }
    }
    if !conflicts.is_empty() {
        page.blank();
        page.line(format_args!(
            "{BAD}These could not be merged:{BAD:#} you and the course have changed the same lines. Your \
             files are unchanged, and the course's version is beside each one. Copy what you want from it, then delete it."
        ));
        for (path, _) in conflicts {
            page.line(format_args!("    {BOLD}{}{BOLD:#}", path.display()));
            page.line(format_args!("        the course's: {}", beside(path).display()));
        }
    }
    if let Some(backup) = backup {
        page.blank();
        page.line(format_args!("Your old files are saved in {}", backup.display()));
    }
    page.print();
}

/// What has become of a lesson, and where the student's work on it is.
fn tell_rebuilt(page: &mut Page, lesson: &Rebuilt, backup: Option<&Path>) {
    let name = &lesson.name;
    page.line(if lesson.is_gone {
        format!("{BOLD}The lesson {name} is no longer part of the course.{BOLD:#}")
    } else {
        format!(
            "{BOLD}The lesson {name} is a project now.{BOLD:#} You build the app yourself, in stages, from a small \
             skeleton. The skeleton is in place, and your progress in this lesson starts again at 0. Begin with {}.",
            page.place(&format!("lessons/{name}/README.md"), None)
        )
    });
    if let Some(backup) = backup.filter(|_| lesson.has_work) {
        let place = backup.join(lesson.folder());
        page.line(format_args!("All of your work on the old lesson is saved in {}.", place.display()));
    }
}
