//! `moodle-worksheet.csv`: the grading worksheet of a Moodle assignment, filled in. What the grader does not fill in
//! stays as Moodle has written it.

use std::collections::BTreeMap;

use anyhow::Result;

use super::csv::cell;
use super::gradebook::{Reader, note};
use super::moodle::html;
use crate::class::export::Export;
use crate::class::fault::{Fault, Source};
use crate::class::grades::{Grades, Student};
use crate::text::line;

/// A worksheet that is filled in.
pub struct Filled {
    pub text: Vec<u8>,
    /// How many rows have a grade from here.
    pub rows: usize,
    /// Students with points for whom it has no row.
    pub without_row: Vec<String>,
}

/// # Errors
///
/// When it is not a worksheet of Moodle's in English, or counts something else than the lessons do.
pub fn fill(source: &Source, grades: &Grades) -> Result<Filled, Fault> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(source.text.as_bytes());
    let fault = |error: &csv::Error| source.fault(format_args!("is not CSV: {error}"));
    let mut rows =
        reader.records().collect::<Result<Vec<_>, _>>().map_err(|error| fault(&error))?.into_iter();
    let header = rows.next().ok_or_else(|| source.fault("is empty"))?;
    let place = |name: &str| header.iter().position(|title| title.trim() == name);
    let needed = |name: &str| {
        let titles: Vec<_> = header.iter().map(|title| format!("`{}`", line(title))).collect();
        place(name).ok_or_else(|| {
            source.at_line(
                1,
                format_args!(
                    "has no column `{name}`, but {}: download it from Moodle as “grading worksheet” while Moodle \
                     speaks English, and turn offline grading on in the assignment",
                    titles.join(", ")
                ),
            )
        })
    };
    let (id, grade) = (needed("Identifier")?, needed("Grade")?);
    // Moodle takes a worksheet for one only with this column.
    needed("Last modified (grade)")?;
    let (maximum, feedback) = (place("Maximum Grade"), place("Feedback comments"));
    let keys = [place("Email address"), place("ID number"), place("Username")];
    let mut filled = Filled { text: Vec::new(), rows: 0, without_row: Vec::new() };
    let mut table = csv::Writer::from_writer(Vec::new());
    let cannot = |error: &csv::Error| source.fault(format_args!("cannot be written: {error}"));
    table.write_record(&header).map_err(|error| cannot(&error))?;
    let students = Students::of(grades);
    let mut found = vec![false; grades.students.len()];
    for row in rows {
        let mut cells: Vec<_> = row.iter().map(str::to_owned).collect();
        let texts = keys.map(|place| place.and_then(|place| row.get(place)).unwrap_or_default());
        let (participant, key) =
            (students.by_participant(row.get(id).unwrap_or_default()), students.by_key(texts));
        let line_of = || row.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
        if let (Some(one), Some(other)) = (participant, key)
            && one != other
        {
            let [one, other] = [one, other].map(|index| grades.students[index].person.shown());
            let what = format!(
                "is {one}'s by its number, and {other}'s by its e-mail address, ID number or username: correct the roster"
            );
            return Err(source.at_line(line_of(), what));
        }
        if let Some(index) = participant.or(key) {
            if found[index] {
                let what =
                    format!("is a second row of {}: delete one", grades.students[index].person.shown());
                return Err(source.at_line(line_of(), what));
            }
            found[index] = true;
            let student = &grades.students[index];
            if let (Some(total), Some(cell_of_grade)) = (student.total, cells.get_mut(grade)) {
                let most = maximum.and_then(|place| row.get(place)).unwrap_or_default();
                check_maximum(source, &row, most, &grades.max().to_string())?;
                *cell_of_grade = total.points().to_string();
                filled.rows += 1;
                if let Some(comment) = feedback.and_then(|place| cells.get_mut(place)) {
                    *comment = comments(grades, student);
                }
            }
        }
        table.write_record(&cells).map_err(|error| cannot(&error))?;
    }
    let without = grades
        .students
        .iter()
        .zip(&found)
        .filter(|(student, found)| !**found && student.stray.is_none() && student.total.is_some());
    filled.without_row = without.map(|(student, _)| student.person.shown().to_owned()).collect();
    filled.text = table.into_inner().unwrap_or_default();
    Ok(filled)
}

/// Moodle would take 23 points of 23 for 23 of 100.
fn check_maximum(source: &Source, row: &csv::StringRecord, most: &str, max: &str) -> Result<(), Fault> {
    let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
    match (number(most), number(max)) {
        (Some(moodles), Some(ours)) if (moodles - ours).abs() > 1e-9 => {
            let at = row.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
            Err(source.at_line(
                at,
                format_args!(
                    "counts {moodles}, and the lessons here count {ours}: set the assignment's maximum grade, or a \
                     `weight` for each lesson in the policy"
                ),
            ))
        }
        _ => Ok(()),
    }
}

fn comments(grades: &Grades, student: &Student) -> String {
    let lessons = grades.lessons.iter().enumerate().filter_map(|(place, lesson)| {
        let note = note(grades, student, place, Reader::Student);
        let points = super::csv::points(&student.lessons[place]);
        (!points.is_empty() || !note.is_empty()).then(|| {
            let note = if note.is_empty() { String::new() } else { format!(": {note}") };
            cell(&html(&format!("{}: {points} of {}{note}", lesson.name, lesson.max)))
        })
    });
    lessons.collect::<Vec<_>>().join("; ")
}

/// Finds a student for a row.
struct Students {
    participants: BTreeMap<String, usize>,
    keys: [BTreeMap<String, usize>; 3],
}

impl Students {
    fn of(grades: &Grades) -> Self {
        let mut students = Self { participants: BTreeMap::new(), keys: Default::default() };
        for (index, student) in
            grades.students.iter().enumerate().filter(|(_, student)| student.stray.is_none())
        {
            for record in &student.records {
                let folder = &grades.records[*record].folder;
                students.participants.extend(participant(folder).map(|number| (number.to_owned(), index)));
            }
            let person = &student.person;
            for (keys, text) in students.keys.iter_mut().zip([&person.email, &person.id, &person.username]) {
                if !text.is_empty() {
                    keys.insert(text.to_lowercase(), index);
                }
            }
        }
        students
    }

    /// `Participant 12345`, as Moodle numbers them in the names of folders.
    fn by_participant(&self, text: &str) -> Option<usize> {
        let number = text.trim().trim_start_matches(|character: char| !character.is_ascii_digit());
        self.participants.get(number).copied()
    }

    /// E-mail address, id number, user name.
    fn by_key(&self, texts: [&str; 3]) -> Option<usize> {
        self.keys.iter().zip(texts).find_map(|(keys, text)| keys.get(&line(text).to_lowercase()).copied())
    }
}

/// The number in `Jane Doe_12345_assignsubmission_file_`.
fn participant(folder: &str) -> Option<&str> {
    match Export::of(folder) {
        Some(Export::Moodle { participant, .. }) => Some(participant),
        _ => None,
    }
}
