//! `moodle.csv`: what Moodle's gradebook imports from a CSV file. Where it is imported, the columns are mapped by hand.

use anyhow::{Context, Result};

use super::csv::{cell, points};
use super::gradebook::{Reader, note};
use crate::class::grades::Grades;

/// # Errors
///
/// None that a grade can cause.
pub fn text(grades: &Grades) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut header = ["username", "email", "idnumber"].map(str::to_owned).to_vec();
    for lesson in &grades.lessons {
        header.extend([cell(&lesson.column), cell(&format!("{} feedback", lesson.column))]);
    }
    table.write_record(header)?;
    for student in grades.listed() {
        let person = &student.person;
        let mut row = [&person.username, &person.email, &person.id].map(|text| cell(text)).to_vec();
        for (place, grade) in student.lessons.iter().enumerate() {
            let points = points(grade);
            // Feedback without a grade would delete the grade that Moodle has.
            let feedback = if points.is_empty() {
                String::new()
            } else {
                cell(&html(&note(grades, student, place, Reader::Student)))
            };
            row.extend([points, feedback]);
        }
        table.write_record(row)?;
    }
    table.into_inner().context("cannot write the table for Moodle")
}

/// A text as Moodle shows it: it takes feedback for HTML.
pub fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
