//! Checks of work that differs from right work in a few lines: typical mistakes fail, and other right answers pass.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gates::PUBLISHED_SEED;
use serde::de::DeserializeOwned;

use super::behaviour::{body, runner};
use super::explanations;
use super::problems::Problems;
use super::variant::{self, Mistake, Right, Variant};
use super::what::What;
use crate::course::{Course, Lesson};
use crate::judge::expected;
use crate::parallel::{gates_at_once, in_order};
use crate::server::Server;
use crate::{Database, files};

/// Each typical mistake fails first at the gate that is meant to notice it.
pub fn check_mistakes(
    course: &Course,
    lesson: &Lesson,
    server: &Server,
    what: What,
    problems: &Problems,
) -> Result<()> {
    let folder = Path::new("tests/mistakes").join(&lesson.name);
    for (path, mistake) in listed::<Mistake>(course, &folder, what)? {
        // What fails on both databases is tried on the quick one.
        if mistake.database != server.database {
            continue;
        }
        let variant = variant::mistaken(course, lesson, &mistake, server.database);
        let variant = variant.with_context(|| path.display().to_string())?;
        let Some(executable) = executable(&variant, &path, problems) else { continue };
        let first = first_failing(course, lesson, executable, &variant.folder, server)?;
        if first != Some(&mistake.fails) {
            let (first, fails) = (first.unwrap_or("none"), &mistake.fails);
            let message =
                format!("the first gate that fails is {first}, not {fails}; fix the gate or the file");
            problems.add(&path, message);
        }
    }
    Ok(())
}

/// What people write in place of a few lines of the solution, and is as right, passes every gate.
pub fn check_right(
    course: &Course,
    lesson: &Lesson,
    server: &Server,
    what: What,
    problems: &Problems,
) -> Result<()> {
    let folder = Path::new("tests/submissions/edits").join(&lesson.name);
    for (path, right) in listed::<Right>(course, &folder, what)? {
        // The files of a migration are one database's.
        if right.edit.file.contains("/sqlite/") && server.database != Database::Sqlite {
            continue;
        }
        let variant = variant::right(course, lesson, &right, server.database);
        let variant = variant.with_context(|| path.display().to_string())?;
        let Some(executable) = executable(&variant, &path, problems) else { continue };
        if let Some(gate) = first_failing(course, lesson, executable, &variant.folder, server)? {
            let database = server.database.name();
            let fix = "state in the lesson's README what it asks for, or let it ask for less";
            problems.add(&path, format!("on {database} `{gate}` refuses it; {fix}"));
        }
    }
    Ok(())
}

/// The files in a folder that are to be checked, with what they say.
fn listed<T: DeserializeOwned>(course: &Course, folder: &Path, what: What) -> Result<Vec<(PathBuf, T)>> {
    if !course.root.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    let files = files::below(&course.root.join(folder))?;
    let files = files.into_iter().filter(|file| !file.starts_with(explanations::FOLDER)).enumerate();
    let read = |(_, file): (usize, PathBuf)| {
        let path = folder.join(file);
        let text = files::read_text(&course.root.join(&path))?;
        let content = toml::from_str(&text).with_context(|| path.display().to_string())?;
        Ok((path, content))
    };
    files.filter(|(place, _)| what.holds(*place)).map(read).collect()
}

fn executable<'a>(variant: &'a Variant, path: &Path, problems: &Problems) -> Option<&'a Path> {
    if variant.build.executable.is_none() {
        problems.add(path, format!("it does not compile:\n{}", variant.build.errors.join("\n")));
    }
    variant.build.executable.as_deref()
}

/// The first gate that does not see what it should.
fn first_failing<'a>(
    course: &Course,
    lesson: &'a Lesson,
    executable: &Path,
    folder: &Path,
    server: &Server,
) -> Result<Option<&'a str>> {
    let gates = lesson.gates_on(server.database);
    let runner = runner(lesson, executable, folder, server, PUBLISHED_SEED);
    let passed = in_order(gates_at_once(), gates.len(), |index, _| {
        let gate = gates[index].1;
        let passes = body(runner.run(&gate.name)?).as_deref() == Some(&expected(course, lesson, gate)?);
        Ok((passes, passes))
    })?;
    Ok(passed.iter().position(|passes| !passes).map(|index| gates[index].1.name.as_str()))
}
