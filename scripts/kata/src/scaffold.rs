//! `cargo kata new 09-topic`: begins a lesson. `cargo kata check` reports the marks for what is left to write in it.

mod name;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build::cargo;
use crate::course::{Course, Lesson};
use crate::{PASSED, derive, files, process};
use name::Name;

/// Where the templates are in the course, and where what is made of them goes. `NN-topic` in both is the lesson's name.
const TEMPLATES: &str = "scripts/kata/scaffold";
const PLACES: [(&str, &str); 4] = [
    ("solutions", "solutions/NN-topic"),
    ("lessons", "lessons/NN-topic"),
    ("gates", "tests/gates"),
    ("mistakes", "tests/mistakes/NN-topic"),
];
/// The map of the course, which has a row for each lesson.
const MAP: &str = "lessons/README.md";

/// What stands before a hint for the author.
const MARK: &str = "To write: ";

/// Writes the files of a new lesson, and derives its skeleton.
///
/// # Errors
///
/// When the name is not one of a lesson, or is taken; or when a file cannot be read or written.
pub fn new_lesson(course: &Course, name: &str) -> Result<u8> {
    course.check_solutions("new", "adds a lesson to the solutions")?;
    let name = Name::of(name)?;
    check_is_next(course, &name)?;
    let root = &course.root;
    let files = filled(root, &name)?;
    if let Some((path, _)) = files.iter().find(|(path, _)| root.join(path).exists()) {
        bail!("{} already exists; delete it, or choose another name", path.display());
    }
    let map = with_row(&files::read_text(&root.join(MAP))?, &name)?;
    // Without its manifest, a folder in `lessons` or `solutions` keeps cargo from doing anything.
    for (path, text) in &files {
        files::write(&root.join(path), text)?;
    }
    files::write(&root.join(MAP), map)?;
    format(root, &name);
    derive::derive(&Course::read(root)?, false)?;
    lock(root).context("cargo cannot add the lesson to Cargo.lock")?;
    anstream::println!("\nThe lesson contains a working example. Edit these files:");
    for (path, _) in files.iter().filter(|(_, text)| text.contains(MARK)) {
        anstream::println!("    {}", path.display());
    }
    anstream::println!(
        "    {MAP}\nAccept its snapshot (CONTRIBUTING.md explains how), run `git add .`, and then `cargo kata check`: it \
         lists what is left to write."
    );
    Ok(PASSED)
}

/// Adds the lesson to `Cargo.lock`. That needs what cargo knows of the registry, and no package, where `cargo metadata`
/// would download those of all systems.
fn lock(root: &Path) -> Result<String> {
    let update =
        |more: &[&str]| process::output(cargo().args(["update", "--workspace"]).args(more).current_dir(root));
    update(&["--offline"]).or_else(|_| update(&[]))
}

/// Lessons are numbered without gaps, and each topic belongs to one of them: `cargo kata test crud` names a lesson.
fn check_is_next(course: &Course, name: &Name) -> Result<()> {
    if let Some(lesson) = course.lessons.iter().find(|lesson| lesson.number == name.number) {
        bail!("lesson {} already exists: {}", lesson.number, lesson.name);
    }
    let next = course.lessons.iter().map(|lesson| lesson.number).max().unwrap_or(0) + 1;
    if name.number != next {
        bail!("the next lesson is number {next}: `cargo kata new {next:02}-{}`", name.topic());
    }
    if let Some(lesson) = course.lessons.iter().find(|lesson| lesson.name[3..] == *name.topic()) {
        bail!("there is a lesson about `{}` already: {}; choose another topic", name.topic(), lesson.name);
    }
    Ok(())
}

/// Has rustfmt put the lesson's code in the form that it has with this topic: modules are in order, and a long name
/// makes two lines of one. Without rustfmt it stays as it is.
fn format(root: &Path, name: &Name) {
    let solution = root.join(name.fill("solutions/NN-topic"));
    let files = ["src/lib.rs", "src/main.rs", "tests/gate.rs"].map(|file| solution.join(file));
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024"]).args(files).current_dir(root);
    if let Err(error) = process::output(&mut rustfmt) {
        anstream::eprintln!("warning: the lesson is not formatted: {error:#}");
    }
}

/// The files of the lesson, by path in the course.
fn filled(root: &Path, name: &Name) -> Result<Vec<(PathBuf, String)>> {
    let mut filled = Vec::new();
    for (templates, place) in PLACES {
        let folder = root.join(TEMPLATES).join(templates);
        for file in files::below(&folder)? {
            let text = files::read_text(&folder.join(&file))?;
            let inside = name.fill(&file.display().to_string().replace('\\', "/"));
            filled.push((Path::new(&name.fill(place)).join(inside), name.fill(&text)));
        }
    }
    Ok(filled)
}

/// The map with a row for the lesson, behind that of the lesson before it.
fn with_row(map: &str, name: &Name) -> Result<String> {
    let number_of = |line: &str| line.strip_prefix("| ")?.split_once(" | [")?.0.parse::<u32>().ok();
    let mut lines: Vec<_> = map.lines().map(str::to_owned).collect();
    let is_before = |line: &String| number_of(line).is_some_and(|number| number < name.number);
    let before =
        lines.iter().rposition(is_before).with_context(|| format!("{MAP} has no row for a lesson"))?;
    let row = format!(
        "| {} | [{}]({}/README.md) | {MARK}what a student writes | {MARK}earlier lessons | 30 |",
        name.number,
        name.title(),
        name.text
    );
    lines.insert(before + 1, row);
    Ok(lines.join("\n") + "\n")
}

/// What is left to write in a lesson's files and in the map: the path, the line and the hint for the author.
///
/// # Errors
///
/// When a file cannot be read.
pub fn unwritten(course: &Course, lesson: &Lesson) -> Result<Vec<(PathBuf, usize, String)>> {
    let folders = [lesson.solution_folder(), lesson.folder(), Path::new("tests/mistakes").join(&lesson.name)];
    let mut files = vec![lesson.gate_file("rs"), lesson.gate_file("toml")];
    for folder in folders.into_iter().filter(|folder| course.root.join(folder).is_dir()) {
        files.extend(files::below(&course.root.join(&folder))?.into_iter().map(|file| folder.join(file)));
    }
    let mut unwritten = Vec::new();
    // What is derived says it once more.
    let is_derived = |file: &Path| {
        !lesson.is_project()
            && file.starts_with(lesson.folder())
            && file.extension().is_none_or(|kind| kind != "md")
    };
    for file in files.into_iter().filter(|file| !is_derived(file)) {
        let text = files::read_text(&course.root.join(&file)).unwrap_or_default();
        unwritten.extend(marks(&text).map(|(line, hint)| (file.clone(), line, hint.to_owned())));
    }
    let map = files::text_if_there(&course.root.join(MAP))?.unwrap_or_default();
    let row = map.lines().position(|line| line.contains(&format!("({}/README.md)", lesson.name)));
    let rows = marks(&map).filter(|(line, _)| Some(line - 1) == row);
    unwritten.extend(rows.map(|(line, hint)| (PathBuf::from(MAP), line, hint.to_owned())));
    Ok(unwritten)
}

/// The marks in a text, each with its line, counted from 1, and what is behind the mark. A row of a table may have
/// several.
fn marks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().flat_map(|(index, line)| {
        line.split(MARK).skip(1).map(move |rest| {
            let cell = rest.split(" | ").next().unwrap_or_default();
            (index + 1, cell.trim().trim_end_matches(['"', ',', '|']).trim())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Name, marks, with_row};

    #[test]
    fn the_map_gets_a_row_in_order() {
        let map = "| | Lesson |\n| --- | --- |\n| 1 | [A](01-a/README.md) | 30 |\n| 8 | [B](08-b/README.md) | 60 |\n\nEnd\n";
        let row = |number| {
            let text = with_row(map, &Name::of(number).unwrap()).unwrap();
            text.lines().position(|line| line.contains("To write: what a student writes"))
        };
        assert_eq!((row("05-c"), row("09-c")), (Some(3), Some(4)));
        assert!(with_row("No table\n", &Name::of("09-c").unwrap()).is_err());
    }

    #[test]
    fn markers_are_found_with_their_lines() {
        let text = "//! To write: step 9.\nminutes = 30\n    \"To write: a direction.\",\n| 9 | To write: a | To write: b | 30 |\n";
        assert_eq!(
            marks(text).collect::<Vec<_>>(),
            [(1, "step 9."), (3, "a direction."), (4, "a"), (4, "b")]
        );
    }
}
