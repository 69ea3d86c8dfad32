//! Compile errors that are explained, and near misses that are not: `tests/mistakes/NN-topic/errors/*.toml`.
//!
//! The compiler words its errors anew from time to time. Then an explanation is no longer chosen, and this says so.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::problems::Problems;
use super::variant::{self, Edit};
use super::what::What;
use crate::course::{Course, Lesson};
use crate::derive::{self, tasks};
use crate::explain::{explain, rules};
use crate::report::Explanation;
use crate::{Database, base_folder, files};

/// The folder of a lesson's compile errors, in the folder of its mistakes.
pub const FOLDER: &str = "errors";

/// What stands in `explains` where rustc's own text is to stand alone.
const NOTHING: &str = "nothing";

/// A mistake that does not compile.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompileError {
    #[serde(flatten)]
    edit: Edit,
    /// What else is edited.
    #[serde(default)]
    and: Vec<Edit>,
    /// The rule that explains it, or [`NOTHING`].
    explains: String,
    /// What the explanation says, among other things.
    #[serde(default)]
    shows: String,
    /// What stands in the line that it names, where that is not the line that was edited.
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
    database: Database,
}

impl CompileError {
    fn edits(&self) -> impl Iterator<Item = &Edit> {
        std::iter::once(&self.edit).chain(&self.and)
    }
}

/// Compiles each mistake in the solution, and compares what explains it with what should.
pub fn check_explanations(
    course: &Course,
    lesson: &Lesson,
    database: Database,
    what: What,
    problems: &Problems,
) -> Result<BTreeSet<String>> {
    let folder = Path::new("tests/mistakes").join(&lesson.name).join(FOLDER);
    let mut used = BTreeSet::new();
    if !course.root.join(&folder).is_dir() {
        return Ok(used);
    }
    let workspace = variant::prepare(course, lesson)?;
    for (path, text) in derive::skeleton(course, lesson, &mut |task| tasks::todo(task))? {
        files::write_changed(&base_folder(&workspace).join(path), text)?;
    }
    let solution = derive::completed(course, lesson)?;
    for (place, file) in files::below(&course.root.join(&folder))?.into_iter().enumerate() {
        let path = folder.join(file);
        let text = files::read_text(&course.root.join(&path))?;
        let error: CompileError = toml::from_str(&text).with_context(|| path.display().to_string())?;
        used.insert(error.explains.clone());
        if error.database != database || !what.holds(place) {
            continue;
        }
        if let Some(problem) =
            problem(lesson, &solution, &workspace, &error).with_context(|| path.display().to_string())?
        {
            problems.add(&path, problem);
        }
    }
    Ok(used)
}

/// What is not as the file says.
fn problem(
    lesson: &Lesson,
    solution: &derive::Files,
    workspace: &Path,
    error: &CompileError,
) -> Result<Option<String>> {
    let mut files = solution.clone();
    for edit in error.edits() {
        if let Err(why) = edit.make(lesson, &mut files) {
            return Ok(Some(format!("{why:#}")));
        }
    }
    let build = variant::build_files(workspace, lesson, &files, error.database)?;
    if build.executable.is_some() {
        return Ok(Some("it compiles; take another mistake".to_owned()));
    }
    let explanation = explain(workspace, lesson, error.database, &build.diagnostics);
    Ok(match explanation {
        None if error.explains == NOTHING => None,
        None => {
            Some(format!("nothing explains it; `{}` should:\n{}", error.explains, build.errors.join("\n")))
        }
        Some(found) if found.id != error.explains => {
            let should = if error.explains == NOTHING { "nothing" } else { &error.explains };
            Some(format!("`{}` explains it, and {should} should:\n{}", found.id, shown(&found)))
        }
        Some(found) if !shown(&found).contains(&error.shows) => {
            Some(format!("its explanation does not show “{}”:\n{}", error.shows, shown(&found)))
        }
        Some(found) => wrong_place(lesson, &files, error, &found),
    })
}

/// An explanation names a line that was edited, or the one that the file names.
fn wrong_place(
    lesson: &Lesson,
    files: &derive::Files,
    error: &CompileError,
    found: &Explanation,
) -> Option<String> {
    let text = files.get(&found.file).map(String::as_str).unwrap_or_default();
    let line = text.lines().nth(found.line.wrapping_sub(1)).unwrap_or_default();
    let is_named = match &error.at {
        Some(at) => line.contains(at),
        None => error.edits().any(|edit| {
            let is_file = lesson.folder().join(&edit.file) == found.file;
            is_file
                && (edit.replace.lines().any(|edited| line.contains(edited.trim()))
                    || edit.replace.trim().is_empty())
        }),
    };
    (!is_named).then(|| {
        format!(
            "its explanation names {}:{}, which is `{}`; `at` says which line it should be",
            found.file.display(),
            found.line,
            line.trim()
        )
    })
}

fn shown(explanation: &Explanation) -> String {
    format!("{}\n({}:{})", explanation.lines.join("\n"), explanation.file.display(), explanation.line)
}

/// Rules that no file tries.
pub fn check_tried(used: &BTreeSet<String>, problems: &Problems) {
    for rule in rules().filter(|rule| !used.contains(*rule)) {
        problems.add(
            &PathBuf::from("tests/mistakes"),
            format!("no file has `explains = \"{rule}\"`; add a mistake that it explains"),
        );
    }
    for name in used.iter().filter(|name| *name != NOTHING && !rules().any(|rule| rule == **name)) {
        problems.add(
            &PathBuf::from("tests/mistakes"),
            format!("`explains = \"{name}\"` names no rule of `scripts/kata/src/explain.rs`"),
        );
    }
}
