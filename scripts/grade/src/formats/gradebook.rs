//! `gradebook.html`: a class on one page, which asks for nothing else and runs no script.
//!
//! First what the whole class has reached; names are behind what a reader opens.

mod lessons;
mod names;
mod people;

use anyhow::Result;
use askama::Template;

use crate::class::grades::Grades;
use crate::class::points::Points;
use lessons::LessonView;
pub use names::Texts;
use names::{Names, names};
use people::{ByHandView, StudentView};
pub use people::{Reader, note};

#[derive(Template)]
#[template(path = "gradebook.html")]
struct Page<'a> {
    listed: usize,
    with_work: usize,
    has_roster: bool,
    max: String,
    mean: Option<String>,
    median: Option<String>,
    is_repetition: bool,
    version: String,
    notes: &'a [String],
    missing: Names,
    again: Vec<(String, String)>,
    strays: Vec<(String, String)>,
    foul: Vec<(String, String)>,
    by_hand: Vec<ByHandView>,
    lessons: Vec<LessonView>,
    students: Vec<StudentView>,
    has_late: bool,
}

/// # Errors
///
/// When an answer cannot be read again.
pub fn text(grades: &Grades, texts: &Texts<'_>) -> Result<String> {
    let mut totals: Vec<_> =
        grades.listed().filter_map(|student| student.total).map(|total| total.points()).collect();
    totals.sort();
    let count = u32::try_from(totals.len()).unwrap_or(u32::MAX);
    let mean = (count > 0).then(|| {
        totals.iter().copied().sum::<Points>().share(Points::from(1), Points::from(count)).to_string()
    });
    let version = grades.records.iter().find_map(|record| record.course_version.as_deref());
    let lessons = grades.lessons.iter().enumerate();
    let page = Page {
        listed: grades.listed().count(),
        with_work: grades.listed().filter(|student| !student.records.is_empty()).count(),
        has_roster: grades.has_roster,
        max: grades.max().to_string(),
        mean,
        median: totals.get(totals.len() / 2).map(ToString::to_string),
        is_repetition: grades.records.iter().any(|record| record.repetition),
        version: kata::course::version::named(version),
        notes: &grades.notes,
        missing: names(grades.missing()),
        again: people::again(grades),
        strays: people::strays(grades),
        foul: people::foul(grades),
        by_hand: people::by_hand(grades),
        lessons: lessons.map(|(place, _)| LessonView::of(grades, place, texts)).collect::<Result<_>>()?,
        students: grades.students.iter().map(|student| StudentView::of(grades, student)).collect(),
        has_late: grades.students.iter().any(|student| student.is_late()),
    };
    Ok(page.render()?)
}
