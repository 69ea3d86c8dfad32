//! `3.6`: a gate as the READMEs name it, wherever a command takes a lesson.

use anyhow::{Context, Result};

use crate::Database;
use crate::course::{Course, Lesson};
use crate::progress;

/// What a command was given: a lesson, or one gate of it.
pub struct Named<'a> {
    pub lesson: &'a Lesson,
    pub gate: Option<usize>,
}

/// The gate does not exist, or the command does not take a gate: a mistake in the command.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoSuchGate(String);

/// The lesson and the gate of this name; or else the lesson to work on.
///
/// # Errors
///
/// When there is no such lesson or gate, or the gate is for another database.
pub fn named<'a>(course: &'a Course, name: Option<&str>, database: Database) -> Result<Named<'a>> {
    let Some((lesson, gate)) = name.and_then(split) else {
        return Ok(Named { lesson: named_or_current(course, name, database)?, gate: None });
    };
    let lesson = course.lesson(lesson)?;
    let (number, gates) = (lesson.number, &lesson.manifest.gates);
    let found = gate.parse().ok().and_then(|gate: usize| Some((gate, gates.get(gate.checked_sub(1)?)?)));
    let Some((gate, found)) = found else {
        let gates = gates.len();
        return Err(NoSuchGate(format!(
            "there is no gate {number}.{gate}; lesson {number} has gates {number}.1 to {number}.{gates}"
        ))
        .into());
    };
    if !found.runs_on(database) {
        let databases = found.database_names();
        let option = found.databases.first().map_or("", |database| database.name());
        return Err(NoSuchGate(format!(
            "gate {number}.{gate} runs only on {databases}; add `--db {option}`"
        ))
        .into());
    }
    Ok(Named { lesson, gate: Some(gate) })
}

/// The lesson of this name, or else the one to work on; the last, when all are passed.
///
/// # Errors
///
/// When no such lesson exists, or the progress cannot be read.
pub fn named_or_current<'a>(
    course: &'a Course,
    name: Option<&str>,
    database: Database,
) -> Result<&'a Lesson> {
    if let Some(name) = name {
        return course.lesson(name);
    }
    let to_do = progress::read(&course.root)?.to_do(course, database)?;
    to_do.or(course.lessons.last()).context("the course has no lessons")
}

/// Refuses a gate where a command is about whole lessons.
///
/// # Errors
///
/// When `name` is that of a gate.
pub fn refuse(command: &str, name: Option<&str>) -> Result<()> {
    match name.and_then(split) {
        Some((lesson, _)) => Err(NoSuchGate(format!(
            "`cargo kata {command}` takes a whole lesson: `cargo kata {command} {lesson}`; only `test`, `hint` and `open` accept a gate"
        ))
        .into()),
        None => Ok(()),
    }
}

/// Refuses a gate where a stage is named, too.
///
/// # Errors
///
/// When `name` is that of a gate.
pub fn refuse_beside_stage(name: Option<&str>, stage: &str) -> Result<()> {
    match name.and_then(split) {
        Some((lesson, gate)) => Err(NoSuchGate(format!(
            "name a gate, `cargo kata test {lesson}.{gate}`, or a stage, `cargo kata test {lesson} {stage}`"
        ))
        .into()),
        None => Ok(()),
    }
}

/// A lesson's name and a gate's number.
fn split(name: &str) -> Option<(&str, &str)> {
    let (lesson, gate) = name.rsplit_once('.')?;
    (!lesson.is_empty() && !gate.is_empty() && gate.chars().all(|c| c.is_ascii_digit()))
        .then_some((lesson, gate))
}

#[cfg(test)]
mod tests {
    use super::{named, refuse};
    use crate::Database;
    use crate::course::{Course, find_root};

    fn course() -> Course {
        Course::read(&find_root().unwrap()).unwrap()
    }

    #[test]
    fn a_gate_is_named_by_its_lesson_and_its_number() {
        let course = course();
        for name in ["3.6", "03.6", "models.6", "03-models.6", "lesson-03-models.6", "3.06"] {
            let named = named(&course, Some(name), Database::Sqlite).unwrap();
            assert_eq!((named.lesson.number, named.gate), (3, Some(6)), "{name}");
        }
        let alone = named(&course, Some("3"), Database::Sqlite).unwrap();
        assert_eq!((alone.lesson.number, alone.gate), (3, None));
    }

    #[test]
    fn the_error_for_a_missing_gate_lists_the_gates_that_exist() {
        let course = course();
        let error = |name: &str| named(&course, Some(name), Database::Sqlite).err().unwrap().to_string();
        let gates = course.lesson("3").unwrap().manifest.gates.len();
        for name in ["3.0", "3.99", "models.99999999999999999999999"] {
            assert!(error(name).contains(&format!("lesson 3 has gates 3.1 to 3.{gates}")), "{}", error(name));
        }
        assert!(error("99.1").contains("there is no lesson `99`"), "{}", error("99.1"));
        for name in ["3.", ".6", "3.x"] {
            assert!(error(name).contains("there is no lesson"), "{}", error(name));
        }
    }

    #[test]
    fn a_gate_for_another_database_names_the_option() {
        let course = course();
        let lessons = course.lessons.iter().flat_map(|lesson| {
            lesson
                .manifest
                .gates
                .iter()
                .enumerate()
                .map(move |(index, gate)| (lesson.number, index + 1, gate))
        });
        let (lesson, number, _) = lessons
            .into_iter()
            .find(|(_, _, gate)| !gate.runs_on(Database::Sqlite))
            .expect("there is one for PostgreSQL");
        let name = format!("{lesson}.{number}");
        let error = named(&course, Some(&name), Database::Sqlite).err().unwrap().to_string();
        assert!(error.contains("add `--db postgres`"), "{error}");
        assert!(named(&course, Some(&name), Database::Postgres).is_ok());
    }

    #[test]
    fn commands_about_whole_lessons_refuse_a_gate() {
        assert!(refuse("goto", Some("3.6")).unwrap_err().to_string().contains("`cargo kata goto 3`"));
        for name in [None, Some("3"), Some("03-models")] {
            assert!(refuse("goto", name).is_ok());
        }
    }
}
