//! `changes.csv`: whose points are others than in an earlier gradebook, and which gates are the reason.

use anyhow::{Context, Result};

use super::csv::cell;
use crate::class::attempt::{LessonGrade, State};
use crate::class::grades::{Grades, Student};
use crate::class::record::RecordedLesson;

/// A lesson of a student that is not as it was.
pub struct Change {
    pub student: String,
    pub id: String,
    pub lesson: String,
    pub before: String,
    pub after: String,
    pub why: String,
}

/// All lessons of all students in which the points or a verdict have changed. `before` is an earlier gradebook of the
/// same class.
pub fn between(before: &Grades, after: &Grades) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut old: Vec<_> = before.students.iter().collect();
    for student in &after.students {
        let place = old.iter().position(|other| other.person.id == student.person.id);
        changes.extend(of_student((before, place.map(|place| old.remove(place))), (after, Some(student))));
    }
    for student in old {
        changes.extend(of_student((before, Some(student)), (after, None)));
    }
    changes
}

type Side<'a> = (&'a Grades, Option<&'a Student>);

fn of_student(before: Side<'_>, after: Side<'_>) -> Vec<Change> {
    let Some(student) = after.1.or(before.1) else { return Vec::new() };
    let mut names: Vec<&str> = before.0.lessons.iter().map(|lesson| lesson.name.as_str()).collect();
    let new = after.0.lessons.iter().map(|lesson| lesson.name.as_str());
    names.extend(new.filter(|name| before.0.lessons.iter().all(|lesson| lesson.name != *name)));
    names.sort_unstable();
    let change = |name: &str| {
        let (old, new) = (lesson(before, name), lesson(after, name));
        let (before, after) = (shown(old.as_ref()), shown(new.as_ref()));
        let why = reasons(old.as_ref(), new.as_ref());
        (before != after || !why.is_empty()).then(|| Change {
            student: student.person.shown().to_owned(),
            id: student.person.id.clone(),
            lesson: name.to_owned(),
            before,
            after,
            why: why.join("; "),
        })
    };
    names.into_iter().filter_map(change).collect()
}

/// What somebody has in a lesson: the grade, and the verdicts that it comes from.
type Own<'a> = (&'a LessonGrade, Option<&'a RecordedLesson>);

fn lesson<'a>((grades, student): Side<'a>, name: &str) -> Option<Own<'a>> {
    let place = grades.lessons.iter().position(|lesson| lesson.name == name)?;
    let grade = &student?.lessons[place];
    Some((grade, grade.record.and_then(|index| grades.records[index].lesson(name))))
}

fn shown(own: Option<&Own<'_>>) -> String {
    match own.map(|(grade, _)| (&grade.state, grade)) {
        Some((State::Graded, grade)) => grade.points().to_string(),
        Some((State::GradeAgain(_) | State::Held(_), _)) => "?".to_owned(),
        Some((State::Missing, _)) | None => String::new(),
    }
}

fn reasons(before: Option<&Own<'_>>, after: Option<&Own<'_>>) -> Vec<String> {
    let mut reasons = Vec::new();
    let (old, new) = (before.and_then(|own| own.1), after.and_then(|own| own.1));
    match (old, new) {
        (Some(old), Some(new)) => {
            if old.digest != new.digest {
                reasons.push("other files".to_owned());
            }
            for gate in &new.gates {
                let was = old.gate(&gate.name).map(|old| old.verdict);
                if was != Some(gate.verdict) {
                    let was = was.map_or("new", |verdict| verdict.name());
                    reasons.push(format!("gate {}: {was} → {}", gate.number, gate.verdict.name()));
                }
            }
            let is_gone = |name: &String| new.gate(name).is_none();
            let gone = old.gates.iter().filter(|gate| is_gone(&gate.name));
            reasons.extend(gone.map(|gate| format!("gate {} is gone", gate.name)));
        }
        (None, Some(_)) => reasons.push("graded now".to_owned()),
        (Some(_), None) => reasons.push("not graded any more".to_owned()),
        (None, None) => {}
    }
    if let (Some((old, _)), Some((new, _))) = (before, after) {
        if old.penalty != new.penalty {
            reasons.push(format!("late: {} → {}", old.penalty, new.penalty));
        }
        let by_hand = |grade: &LessonGrade| {
            grade.by_hand.iter().map(|given| (given.gate.clone(), given.points)).collect::<Vec<_>>()
        };
        if by_hand(old) != by_hand(new) {
            reasons.push("points by hand".to_owned());
        }
    }
    reasons
}

/// # Errors
///
/// None that a change can cause.
pub fn text(changes: &[Change]) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(super::csv::MARK.as_bytes().to_vec());
    table.write_record(["id", "name", "lesson", "before", "after", "why"])?;
    for change in changes {
        let Change { student, id, lesson, before, after, why } = change;
        table.write_record([
            cell(id),
            cell(student),
            lesson.clone(),
            before.clone(),
            after.clone(),
            cell(why),
        ])?;
    }
    table.into_inner().context("cannot write the changes")
}
