//! `gradebook.csv`: one line for each student, with what each lesson is worth.

use anyhow::{Context, Result};

use crate::class::attempt::{LessonGrade, State};
use crate::class::grades::{Grades, Student};
use crate::class::points::Points;
use crate::text::line;
use crate::verdict::Verdict;

/// By this mark, Excel knows that a file is UTF-8.
pub const MARK: &str = "\u{feff}";

/// # Errors
///
/// None that a grade can cause.
pub fn text(grades: &Grades) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    table.write_record(header(grades))?;
    for student in &grades.students {
        table.write_record(row(grades, student))?;
    }
    table.into_inner().context("cannot write the gradebook")
}

fn header(grades: &Grades) -> Vec<String> {
    let mut header: Vec<String> =
        ["id", "name", "email", "section", "submission", "raw", "penalty", "final", "max", "percent"]
            .map(str::to_owned)
            .into();
    for lesson in &grades.lessons {
        header.extend([lesson.name.clone(), format!("{} max", lesson.name)]);
    }
    let rest = ["status", "handed_in", "by_hand", "first_not_passed", "verdict", "reason"];
    header.extend(rest.map(str::to_owned));
    header.extend(["advisory", "repetition", "digest"].map(str::to_owned));
    header
}

fn row(grades: &Grades, student: &Student) -> Vec<String> {
    let person = &student.person;
    let records: Vec<_> = student.records.iter().map(|index| &grades.records[*index]).collect();
    let names: Vec<_> = records.iter().map(|record| record.submission.as_str()).collect();
    let mut row: Vec<_> =
        [&person.id, &person.name, &person.email, &person.section].map(|text| cell(text)).into();
    row.push(cell(&names.join("; ")));
    let total = student.total;
    let max = grades.max();
    row.push(total.map_or_else(String::new, |total| total.raw.to_string()));
    row.push(total.map_or_else(String::new, |total| total.penalty.to_string()));
    row.push(total.map_or_else(String::new, |total| total.points().to_string()));
    row.push(max.to_string());
    row.push(total.map_or_else(String::new, |total| Points::HUNDRED.share(total.points(), max).to_string()));
    for (grade, lesson) in student.lessons.iter().zip(&grades.lessons) {
        row.extend([points(grade), lesson.max.to_string()]);
    }
    row.push(student.status().to_owned());
    row.push(student.handed_in().map_or_else(String::new, |moment| grades.time(moment)));
    row.push(by_hand(grades, student));
    let main = student.main_record().map(|index| &grades.records[index]);
    let first = main.and_then(|record| record.most_telling.as_ref());
    row.push(first.map_or_else(String::new, |(lesson, gate, ..)| cell(&format!("{lesson}: {gate}"))));
    let fault = main.and_then(|record| record.fault.as_deref());
    let passed = if fault.is_some() { Verdict::GraderError } else { Verdict::Pass };
    let verdict = main.map(|_| first.map_or(passed, |(_, _, verdict, _)| *verdict).name());
    row.push(verdict.unwrap_or_default().to_owned());
    let reason = first.map(|(.., reason)| reason.as_str()).or(fault);
    row.push(reason.map_or_else(String::new, cell));
    row.push(main.map_or_else(String::new, |record| record.advisory.to_string()));
    row.push(main.map_or_else(String::new, |record| record.repetition.to_string()));
    row.push(main.map_or_else(String::new, |record| record.digest.clone()));
    row
}

/// The points of a lesson; nothing, if there is no number.
pub fn points(grade: &LessonGrade) -> String {
    if grade.state == State::Graded { grade.points().to_string() } else { String::new() }
}

/// Points by hand, in words: where, how many, why, who.
fn by_hand(grades: &Grades, student: &Student) -> String {
    let mut parts = Vec::new();
    for (grade, lesson) in student.lessons.iter().zip(&grades.lessons) {
        for given in &grade.by_hand {
            let gate = given.gate.as_ref().map(|gate| format!(" {gate}")).unwrap_or_default();
            let (points, why, who) = (given.points, &given.why, &given.who);
            parts.push(cell(&format!("{}{gate}: {points} ({why}; {who})", lesson.name)));
        }
    }
    parts.join("; ")
}

/// How a formula begins, also on a keyboard of East Asia.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
/// Between what two cells some spreadsheet puts such a character: which one, depends on the country.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// A cell that no spreadsheet takes for a formula, nor any part of it: a `'` makes it text.
pub fn cell(text: &str) -> String {
    let mut cell = String::new();
    let mut at_start = true;
    for character in line(text).chars() {
        if at_start && FORMULA.contains(&character) {
            cell.push('\'');
        }
        cell.push(character);
        let is_nothing = character.is_whitespace() || matches!(character, '"' | '\'');
        at_start = SEPARATORS.contains(&character) || (at_start && is_nothing);
    }
    cell
}
