//! The students of a gradebook, one by one.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::feedback::unseen;
use super::names::name;
use crate::class::attempt::State;
use crate::class::grades::{Grades, Student};
use crate::class::record::RecordedGate;
use crate::class::times;
use crate::text::line;
use crate::verdict::Verdict;

pub struct StudentView {
    pub name: String,
    pub id: String,
    pub section: String,
    /// Their feedback, relative to the page.
    pub link: Option<String>,
    pub status: &'static str,
    pub total: Option<TotalView>,
    pub handed_in: String,
    /// What each lesson is worth, with the gate at which they stand.
    pub lessons: Vec<Cell>,
}

pub struct TotalView {
    pub raw: String,
    pub penalty: String,
    pub points: String,
}

pub struct Cell {
    pub points: String,
    /// `full`, `part`, `none`, or nothing.
    pub class: &'static str,
    pub note: String,
}

pub struct ByHandView {
    pub student: String,
    pub place: String,
    pub before: String,
    pub points: String,
    pub why: String,
    pub who: String,
}

impl StudentView {
    pub fn of(grades: &Grades, student: &Student) -> Self {
        let folder = student.main_record().map(|index| grades.records[index].folder.as_str());
        let link = folder.filter(|_| student.stray.is_none());
        Self {
            name: name(student),
            id: student.person.id.clone(),
            section: student.person.section.clone(),
            link: link
                .map(|folder| format!("{}/{}", encoded(folder), encoded(&student.feedback_file("html")))),
            status: student.status(),
            total: student.total.map(|total| TotalView {
                raw: total.raw.to_string(),
                penalty: total.penalty.to_string(),
                points: total.points().to_string(),
            }),
            handed_in: student.handed_in().map_or_else(String::new, |moment| grades.time(moment)),
            lessons: (0..grades.lessons.len()).map(|place| cell(grades, student, place)).collect(),
        }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn cell(grades: &Grades, student: &Student, place: usize) -> Cell {
    let (grade, lesson) = (&student.lessons[place], &grades.lessons[place]);
    let (points, class) = match grade.state {
        State::Graded if grade.points() == lesson.max => (grade.points().to_string(), "full"),
        State::Graded => (grade.points().to_string(), "part"),
        State::GradeAgain(_) | State::Held(_) => ("?".to_owned(), "again"),
        State::Missing => ("–".to_owned(), "none"),
    };
    Cell { points, class, note: note(grades, student, place, Reader::Grader) }
}

/// The reader of a note: a student learns nothing of what was seen on fresh seeds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reader {
    Grader,
    Student,
}

/// Where a student stands in a lesson, and what changes their points there, on a line.
pub fn note(grades: &Grades, student: &Student, place: usize, reader: Reader) -> String {
    let (grade, lesson) = (&student.lessons[place], &grades.lessons[place]);
    let mut notes = Vec::new();
    notes.extend(grade.state.open().map(str::to_owned));
    let recorded = grade.record.and_then(|index| grades.records[index].lesson(&lesson.name));
    let first = recorded.and_then(|recorded| Some((recorded, recorded.first_not_passed()?)));
    if let Some((recorded, gate)) = first {
        let explanation = recorded.explanation.as_ref().map(|(_, text)| text.as_str());
        let why = match reader {
            Reader::Student if gate.is_fresh => unseen(gate.verdict),
            Reader::Student | Reader::Grader => why(gate, explanation),
        };
        notes.push(format!("gate {}: {why}", gate.number));
    }
    if let Some(delay) = &grade.delay {
        notes.push(format!("late by {}, costs {}", times::shown_span(delay.by), grade.penalty));
    }
    notes.extend(grade.extended.iter().map(|why| format!("more time: {why}")));
    if !grade.by_hand.is_empty() {
        notes.push("with points by hand".to_owned());
    }
    if grades.is_advisory(grade) {
        notes.push("advisory: a person looks at it".to_owned());
    }
    notes.join("; ")
}

/// Why a gate did not pass, with the explanation or the label that there is.
pub fn why(gate: &RecordedGate, explanation: Option<&str>) -> String {
    let verdict = gate.verdict.name();
    if gate.is_not_begun() {
        return "not begun".to_owned();
    }
    match (gate.verdict, &gate.label, explanation) {
        (Verdict::BuildError, _, Some(explanation)) => format!("{verdict}: {explanation}"),
        (_, Some(label), _) => format!("{verdict}: {}", line(label)),
        _ => format!("{verdict}: {}", gate.reason),
    }
}

/// Whose grade is still to come, and why.
pub fn again(grades: &Grades) -> Vec<(String, String)> {
    let why = |student: &Student| Some((name(student), student.grade_again()?.to_owned()));
    grades.students.iter().filter_map(why).collect()
}

/// Submissions that are nobody's, and whose they may be.
pub fn strays(grades: &Grades) -> Vec<(String, String)> {
    let stray = |student: &Student| {
        let people = student.stray.as_deref().unwrap_or_default();
        let may_be = if people.is_empty() {
            "fits nobody".to_owned()
        } else {
            format!("may be {}", people.join(" or "))
        };
        (name(student), may_be)
    };
    grades.strays().map(stray).collect()
}

/// Submissions that a person has to look at before anybody speaks of points.
pub fn foul(grades: &Grades) -> Vec<(String, String)> {
    let of = |student: &Student| {
        let foul =
            student.records.iter().flat_map(|index| &grades.records[*index].lessons).find_map(|lesson| {
                let gate = lesson.gates.iter().find(|gate| gate.verdict.is_foul())?;
                Some(format!(
                    "{}, gate {}: {}: {}",
                    lesson.name,
                    gate.number,
                    gate.verdict.name(),
                    gate.reason
                ))
            });
        Some((name(student), foul?))
    };
    grades.students.iter().filter_map(of).collect()
}

pub fn by_hand(grades: &Grades) -> Vec<ByHandView> {
    let mut all = Vec::new();
    for student in &grades.students {
        for (grade, lesson) in student.lessons.iter().zip(&grades.lessons) {
            all.extend(grade.by_hand.iter().map(|given| {
                let gate =
                    given.gate.as_ref().and_then(|name| lesson.gates.iter().find(|gate| gate.name == *name));
                let gate = gate.map_or_else(String::new, |gate| format!(", gate {}", gate.number));
                ByHandView {
                    student: name(student),
                    place: format!("{}{gate}", lesson.name),
                    before: given.before.map_or_else(|| "none".to_owned(), |points| points.to_string()),
                    points: given.points.to_string(),
                    why: given.why.clone(),
                    who: given.who.clone(),
                }
            }));
        }
    }
    all
}
