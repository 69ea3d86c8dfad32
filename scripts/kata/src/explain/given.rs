//! Files that are given, and that somebody has edited: they are never the place to edit.

use std::path::{Path, PathBuf};

use cargo_metadata::diagnostic::Diagnostic;

use super::found::Found;
use crate::content::sources;
use crate::course::{Lesson, USED_BY_ALL};
use crate::files::detours::without_detours;
use crate::{base_folder, files};

/// The given files that a verdict on the lesson depends on and that are not as they were handed out, as far as that is
/// known.
pub fn edited(root: &Path, lesson: &Lesson) -> Vec<PathBuf> {
    let mut given = vec![PathBuf::from("Cargo.toml"), "tests/Cargo.toml".into()];
    given.push(lesson.gate_file("rs"));
    given.extend(lesson.gate_sources().into_iter().map(|(_, source)| source));
    given.extend(lesson.manifest.gates.iter().map(|gate| lesson.snapshot_file(&gate.name)));
    for folder in USED_BY_ALL.map(PathBuf::from) {
        given.extend(sources(&base_folder(root).join(&folder)).into_iter().map(|file| folder.join(file)));
    }
    given.extend(["Cargo.toml", "tests/gate.rs"].map(|file| lesson.folder().join(file)));
    given.sort();
    given.dedup();
    given.retain(|file| change(root, file).is_some());
    given
}

/// The first line that differs from the one that was handed out: its number, and both.
struct Change {
    line: usize,
    was: String,
    is: String,
}

/// How the file has been edited, if it has been. One of which nobody knows how it was has not.
fn change(root: &Path, file: &Path) -> Option<Change> {
    let was = files::read_text(&base_folder(root).join(file)).ok()?;
    let is = files::read_text(&root.join(file)).unwrap_or_default();
    if was == is {
        return None;
    }
    let (mut before, mut now) = (was.lines(), is.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (before.next(), now.next()) {
            (Some(was), Some(is)) if was == is => {}
            (None, None) => return None,
            (was, is) => {
                let shown = |line: Option<&str>| line.unwrap_or("(the file has ended)").trim().to_owned();
                return Some(Change { line, was: shown(was), is: shown(is) });
            }
        }
    }
}

/// A compile error in a given file that has been edited.
pub fn in_given(root: &Path, lesson: &Lesson, errors: &[Diagnostic]) -> Option<(Found, usize)> {
    let places = errors.iter().enumerate().filter_map(|(at, error)| {
        let span = error.spans.iter().find(|span| span.is_primary)?;
        Some((at, PathBuf::from(without_detours(&span.file_name))))
    });
    let edited = edited(root, lesson);
    let runner = lesson.folder().join("tests/gate.rs");
    // Which file a gate belongs to stands in another one.
    let guilty = |(at, file): (usize, PathBuf)| {
        let is_of_gates = file.starts_with("tests") && edited.contains(&runner);
        let file = if is_of_gates && !edited.contains(&file) { runner.clone() } else { file };
        edited.contains(&file).then_some((at, file))
    };
    let (error, file) = places.into_iter().find_map(guilty)?;
    let own = lesson.folder().to_string_lossy().into_owned();
    Some((found(root, &file, &format!("Your own code is in `{}`.", own.replace('\\', "/")))?, error))
}

/// What cargo cannot build at all, because somebody has edited a manifest.
pub fn unbuildable(root: &Path, said: &str) -> Option<Found> {
    let lessons = files::below(&base_folder(root).join("lessons")).unwrap_or_default();
    let is_manifest = |file: &PathBuf| file.ends_with("Cargo.toml");
    let mut manifests: Vec<_> =
        lessons.into_iter().filter(is_manifest).map(|file| Path::new("lessons").join(file)).collect();
    manifests.extend(["tests/Cargo.toml".into(), "Cargo.toml".into()]);
    // Cargo names the manifest, or the folder of the package that asks for what is not there.
    let said = said.replace('\\', "/");
    let is_named = |file: &&PathBuf| {
        let folder =
            file.parent().map(|folder| folder.to_string_lossy().replace('\\', "/")).unwrap_or_default();
        let name = file.to_string_lossy().replace('\\', "/");
        let is_file = ["/", " "].iter().any(|before| said.contains(&format!("{before}{name}")));
        let is_folder = [")", "`"].iter().any(|end| said.contains(&format!("/{folder}{end}")));
        is_file || (!folder.is_empty() && is_folder)
    };
    let edited = |file: &&PathBuf| change(root, file).is_some();
    let file = manifests.iter().filter(edited).find(is_named)?;
    found(root, file, "Cargo cannot build it.")
}

fn found(root: &Path, file: &Path, what: &str) -> Option<Found> {
    let change = change(root, file)?;
    let name = file.to_string_lossy().replace('\\', "/");
    let kept = base_folder(root).join(file);
    let kept = kept.strip_prefix(root).unwrap_or(&kept).to_string_lossy().replace('\\', "/");
    let lines = [
        format!("`{name}` belongs to the course, and it has been changed. {what}"),
        String::new(),
        format!("    was   {}", change.was),
        format!("    is    {}", change.is),
        String::new(),
        format!("Restore it: the original is in `{kept}`."),
    ];
    Some(Found::new(lines).at(file, change.line))
}
