//! Checks that read files and run nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::problems::Problems;
use super::{gates, promises, readmes, stages};
use crate::course::layout::{self, Layout};
use crate::course::{Course, GROUNDWORK, Lesson};
use crate::derive::{Files, tasks};
use crate::files::{self, tracked};
use crate::scaffold;

pub fn check(course: &Course, derived: &Files, problems: &Problems) -> Result<()> {
    for lesson in &course.lessons {
        gates::check(course, lesson, problems)?;
        check_manifest(lesson, problems);
        check_tasks(course, lesson, problems)?;
        for (path, line, hint) in scaffold::unwritten(course, lesson)? {
            problems.add(&path, format!("line {line} is still to write: {hint}"));
        }
        readmes::check_lesson(course, lesson, problems);
        promises::check(course, lesson, problems)?;
        stages::check(course, lesson, problems)?;
        if lesson.is_project() {
            check_stray_files_of_project(course, lesson, problems)?;
        } else {
            check_stray_files(course, lesson, derived, problems)?;
            check_program(course, lesson, problems);
        }
    }
    readmes::check_references(course, problems)?;
    readmes::check_hours(course, problems)?;
    readmes::check_handed_out(course, problems)?;
    readmes::check_links(course, problems)?;
    check_folders(course, problems)?;
    check_snapshots(course, problems)?;
    check_others(course, problems)
}

/// Where lessons have programs, each has one.
fn check_program(course: &Course, lesson: &Lesson, problems: &Problems) {
    let program = lesson.program_file();
    let has_programs = program.parent().is_some_and(|folder| course.root.join(folder).is_dir());
    if has_programs && !course.root.join(&program).exists() {
        let number = lesson.number;
        problems
            .add(&program, format!("write the program that `cargo kata run {number}` starts, and derive"));
    }
}

fn check_manifest(lesson: &Lesson, problems: &Problems) {
    let path = lesson.gate_file("toml");
    let gates = &lesson.manifest.gates;
    for (index, gate) in gates.iter().enumerate() {
        if gate.hints.iter().any(|hint| hint.trim().is_empty()) {
            problems.add(&path, format!("`{}` has an empty hint; write it", gate.name));
        }
        if lesson.is_project() && !gate.tasks.is_empty() {
            problems.add(
                &path,
                format!("`{}` names a task, and a project has none; delete its `tasks`", gate.name),
            );
        }
        if gate.tasks.is_empty() && !gate.passes_untouched && !lesson.is_project() {
            problems.add(&path, format!("`{}` names no task; add the text of its `Task:` marker", gate.name));
        }
        let Some(needs) = &gate.needs else { continue };
        if !gates[..index].iter().any(|earlier| earlier.name == *needs) {
            problems.add(&path, format!("`{}` needs `{needs}`, which is not an earlier gate", gate.name));
        }
    }
}

fn check_tasks(course: &Course, lesson: &Lesson, problems: &Problems) -> Result<()> {
    let path = lesson.gate_file("toml");
    let mut marked = BTreeSet::new();
    let folder = lesson.solution_folder();
    for file in files::below(&course.root.join(&folder))? {
        let file = folder.join(file);
        let text = files::read_text(&course.root.join(&file))?;
        for task in text.lines().filter_map(tasks::task) {
            if !marked.insert(task.to_owned()) {
                problems.add(&file, format!("two tasks of a lesson have the text “{task}”; reword one"));
            }
        }
    }
    if lesson.is_project() {
        for task in marked {
            problems.add(&folder, format!("a project has no tasks; delete the marker of “{task}”"));
        }
        return Ok(());
    }
    let named: BTreeSet<_> =
        lesson.manifest.gates.iter().flat_map(|gate| gate.tasks.iter().cloned()).collect();
    for task in marked.difference(&named) {
        problems.add(
            &path,
            format!("no gate, and so no hint, belongs to the task “{task}”; add it to a gate's `tasks`"),
        );
    }
    for task in named.difference(&marked) {
        problems.add(
            &path,
            format!("no `Task:` in {} has the text “{task}”; copy it from there", folder.display()),
        );
    }
    Ok(())
}

fn check_stray_files(course: &Course, lesson: &Lesson, derived: &Files, problems: &Problems) -> Result<()> {
    for file in files::below(&course.root.join(lesson.folder()))? {
        let path = lesson.folder().join(&file);
        let is_text = ["README.md", "INSTRUCTOR.md"].iter().any(|name| file == Path::new(name));
        if !derived.contains_key(&path) && !is_text {
            problems.add(&path, "not derived from the solution; add it there, or delete it");
        }
    }
    Ok(())
}

/// The skeleton of a project is written by hand, so what belongs to it is told by its kind.
fn check_stray_files_of_project(course: &Course, lesson: &Lesson, problems: &Problems) -> Result<()> {
    let layout = Layout::read(&course.root)?;
    for file in files::below(&course.root.join(lesson.folder()))? {
        let path = lesson.folder().join(file);
        if !layout.has(&path) {
            problems.add(
                &path,
                "students do not get this kind of file with a skeleton; delete it, or run `cargo kata derive`",
            );
        }
    }
    Ok(())
}

/// Every folder of a lesson or a solution has a manifest, and the other way around.
fn check_folders(course: &Course, problems: &Problems) -> Result<()> {
    for parent in ["lessons", "solutions"] {
        for name in names(&course.root.join(parent))? {
            let path = Path::new(parent).join(&name);
            if path == Path::new(GROUNDWORK) {
                continue;
            }
            if course.root.join(&path).is_dir() && !course.lessons.iter().any(|lesson| lesson.name == name) {
                problems
                    .add(&path, "no manifest in tests/gates has this name; add one, or delete the folder");
            }
        }
    }
    Ok(())
}

/// What to do where a gate has no snapshot.
const ACCEPT: &str = "run the command under “Accept snapshots” in CONTRIBUTING.md";

fn check_snapshots(course: &Course, problems: &Problems) -> Result<()> {
    let mut wanted = BTreeSet::new();
    for lesson in &course.lessons {
        for gate in &lesson.manifest.gates {
            let path = lesson.snapshot_file(&gate.name);
            if !course.root.join(&path).exists() {
                problems.add(&path, format!("the gate has no snapshot; {ACCEPT}"));
            }
            wanted.insert(path);
        }
    }
    let folder = PathBuf::from("tests/gates/snapshots");
    for name in names(&course.root.join(&folder))? {
        let path = folder.join(name);
        if !wanted.contains(&path) {
            problems.add(&path, "no gate has this snapshot; delete it");
        }
    }
    Ok(())
}

/// Folders that many projects have at the top, and that are not handed out.
const OF_MAINTAINERS: [&str; 4] = ["assets", "docs", "slides", "vendor"];

/// What lies beside the course is not tested, not checked and not handed out. Where that is by accident, people
/// find out late.
fn check_others(course: &Course, problems: &Problems) -> Result<()> {
    let root = &course.root;
    let tracked = tracked::tracked(root);
    let unknown = tracked::unknown(root);
    for path in layout::tracked_contents(root)?.others {
        // Other checks find these.
        let folder = path.parent().unwrap_or(Path::new(""));
        let is_step = ["lessons", "solutions"].iter().any(|steps| folder == Path::new(steps));
        if course.lessons.iter().any(|lesson| path.starts_with(lesson.folder()))
            || (is_step && root.join(&path).is_dir())
        {
            continue;
        }
        let is_at_the_top = path.components().count() == 1;
        let is_of_maintainers = OF_MAINTAINERS.iter().any(|name| path == Path::new(name));
        let Some(tracked) = &tracked else {
            if !is_of_maintainers {
                problems
                    .add(&path, "not part of the course; delete it, or move it out of the course's folder");
            }
            continue;
        };
        let is_tracked = |file: &Path| tracked.iter().any(|tracked| tracked.starts_with(file));
        if !is_tracked(&path) {
            // What git ignores is meant to be there.
            if unknown.iter().any(|unknown| path.starts_with(unknown) || unknown.starts_with(&path)) {
                problems.add(
                    &path,
                    "git does not track it, so nobody else has it; add it to git, have .gitignore name it, or delete it",
                );
            }
        } else if !is_at_the_top {
            problems.add(&path, format!("git tracks it, but students do not get it; delete it, or {EXTEND}"));
        } else if !is_of_maintainers && tracked.iter().any(|file| file.starts_with(&path) && is_code(file)) {
            problems.add(
                &path,
                format!("holds code that nothing here checks; move it below `scripts`, or {EXTEND}"),
            );
        }
    }
    Ok(())
}

const EXTEND: &str = "add it to scripts/kata/src/course/layout.rs";

fn is_code(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("rs" | "sql")) || file.ends_with("Cargo.toml")
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::ACCEPT;

    #[test]
    fn the_section_about_snapshots_exists() {
        let section = ACCEPT.split(['“', '”']).nth(1).unwrap();
        let contributing = include_str!("../../../../CONTRIBUTING.md");
        assert!(contributing.contains(&format!("\n## {section}\n")), "{section}");
    }
}
