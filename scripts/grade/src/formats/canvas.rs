//! `canvas.csv`: what Canvas's gradebook imports.
//!
//! A column for each lesson, named as the assignment in Canvas. Canvas looks for a student by its own id, then by the
//! SIS user id, then by the login; so an id that is not Canvas's is never written into the first of these.

use anyhow::{Context, Result};

use super::csv::{cell, points};
use crate::class::grades::Grades;

/// # Errors
///
/// None that a grade can cause.
pub fn text(grades: &Grades) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let fixed = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"];
    let columns = grades.lessons.iter().map(|lesson| cell(&lesson.column));
    table.write_record(fixed.map(str::to_owned).into_iter().chain(columns))?;
    let possible = ["    Points Possible", "", "", "", ""].map(str::to_owned);
    table.write_record(
        possible.into_iter().chain(grades.lessons.iter().map(|lesson| lesson.max.to_string())),
    )?;
    for student in grades.listed() {
        let person = &student.person;
        let (id, sis) = if grades.is_canvas { (&*person.id, &*person.sis) } else { ("", &*person.id) };
        let fixed = [person.shown(), id, sis, &person.username, &person.section].map(cell);
        table.write_record(fixed.into_iter().chain(student.lessons.iter().map(points)))?;
    }
    table.into_inner().context("cannot write the table for Canvas")
}
