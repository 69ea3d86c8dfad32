//! What is remembered of each lesson, and what follows from it.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;

use crate::Database;
use crate::content::Content;
use crate::course::{Course, Lesson};
use crate::report::{GateReport, Report, Status};

/// Everything that is remembered.
#[derive(Debug, Default, PartialEq)]
pub struct Progress {
    /// The lesson that was chosen last, as in `05-crud`.
    pub current: Option<String>,
    /// By lesson and database.
    pub lessons: BTreeMap<(String, Database), Entry>,
}

/// What is remembered of one lesson on one database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// For which content the gates passed.
    pub content: String,
    /// The names of the gates that passed, in the order of learning.
    pub passed: Vec<String>,
    /// All of them passed.
    pub complete: bool,
}

/// How far a lesson is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing has been run yet.
    New,
    /// Some gates pass.
    Begun,
    /// All gates passed, and nothing has changed since.
    Passed,
    /// All gates passed, and something has changed since.
    Edited,
}

impl Progress {
    pub fn entry(&self, lesson: &Lesson, database: Database) -> Option<&Entry> {
        self.lessons.get(&(lesson.name.clone(), database))
    }

    /// How far `lesson` is.
    ///
    /// # Errors
    ///
    /// When a file of the lesson cannot be read.
    pub fn state(&self, content: &Content<'_>, lesson: &Lesson, database: Database) -> Result<State> {
        Ok(match self.entry(lesson, database) {
            None => State::New,
            Some(entry) if !entry.complete => State::Begun,
            Some(entry) if entry.content == content.of(lesson)? => State::Passed,
            Some(_) => State::Edited,
        })
    }

    /// The gates that passed when they were run last, and all of them.
    pub fn of_course(&self, course: &Course, database: Database) -> (usize, usize) {
        let mut sum = (0, 0);
        for lesson in &course.lessons {
            let gates = lesson.gates_on(database);
            let entry = self.entry(lesson, database);
            sum.0 += gates
                .iter()
                .filter(|(_, gate)| entry.is_some_and(|entry| entry.passed.contains(&gate.name)))
                .count();
            sum.1 += gates.len();
        }
        sum
    }

    /// The lesson to work on: from the chosen one onwards, the first that is not passed.
    ///
    /// # Errors
    ///
    /// When a file of a lesson cannot be read.
    pub fn to_do<'a>(&self, course: &'a Course, database: Database) -> Result<Option<&'a Lesson>> {
        let content = Content::new(course);
        let start = course.lessons.iter().position(|lesson| Some(&lesson.name) == self.current.as_ref());
        let (before, after) = course.lessons.split_at(start.unwrap_or(0));
        for lesson in after.iter().chain(before) {
            if self.state(&content, lesson, database)? != State::Passed {
                return Ok(Some(lesson));
            }
        }
        Ok(None)
    }

    /// Remembers a report. Returns the numbers of the gates that pass and did not before.
    pub fn note(&mut self, lesson: &Lesson, report: &Report, content: String) -> Vec<usize> {
        let entry = self.lessons.entry((lesson.name.clone(), report.database)).or_default();
        if !report.build_errors.is_empty() {
            // Nothing ran, so nothing is known but that it is not passed as it is.
            if entry.content != content {
                entry.complete = false;
            }
            return Vec::new();
        }
        let passes = |gate: &&GateReport| gate.status == Status::Pass;
        let new = report.gates.iter().filter(passes).filter(|gate| !entry.passed.contains(&gate.name));
        let new = new.map(|gate| gate.number).collect();
        // A gate that waits has not been asked; what is known of it stays.
        let stays = |gate: &GateReport| gate.status == Status::Waiting && entry.passed.contains(&gate.name);
        let passed = report.gates.iter().filter(|gate| passes(gate) || stays(gate));
        entry.passed = passed.map(|gate| gate.name.clone()).collect();
        // A gate that was run alone and passes takes nothing from a lesson that was passed as it is.
        let stays_complete = entry.complete && entry.content == content && report.first_failure().is_none();
        entry.complete = report.all_passed() || stays_complete;
        entry.content = content;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;
    use crate::Database;
    use crate::course::{Course, Lesson, find_root};
    use crate::lesson_runner::of_gates;
    use crate::report::{GateReport, Report, Status};

    /// A report in which the gate of each number has this status, and the others wait.
    fn report(lesson: &Lesson, statuses: &[(usize, Status)]) -> Report {
        let gates = lesson.gates_on(Database::Sqlite).into_iter().map(|(number, gate)| {
            let status = statuses.iter().find(|(other, _)| *other == number).map(|(_, status)| *status);
            GateReport { status: status.unwrap_or(Status::Waiting), ..GateReport::waiting(number, gate) }
        });
        of_gates(lesson, Database::Sqlite, &gates.collect::<Vec<_>>())
    }

    #[test]
    fn the_result_of_a_single_gate_is_stored_and_the_others_stay_unchanged() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        let lesson = course.lesson("5").unwrap();
        let all: Vec<_> =
            lesson.gates_on(Database::Sqlite).iter().map(|(number, _)| (*number, Status::Pass)).collect();
        let mut progress = Progress::default();
        let mut note = |statuses: &[(usize, Status)], content: &str| {
            progress.note(lesson, &report(lesson, statuses), content.to_owned());
            let entry = progress.entry(lesson, Database::Sqlite).unwrap();
            (entry.passed.len(), entry.complete)
        };
        assert_eq!(note(&[(2, Status::Pass)], "a"), (1, false));
        assert_eq!(note(&all, "a"), (all.len(), true));
        assert_eq!(note(&[(2, Status::Pass)], "a"), (all.len(), true));
        assert_eq!(note(&[(2, Status::Fail)], "a"), (all.len() - 1, false));
        assert_eq!(note(&all, "a"), (all.len(), true));
        // After a change, it is unknown whether the others pass.
        assert_eq!(note(&[(2, Status::Pass)], "b"), (all.len(), false));
    }
}
