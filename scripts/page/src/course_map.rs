//! The first page: the lessons, and how far each is.

use anyhow::Result;
use askama::Template;
use kata::Database;
use kata::content::Content;
use kata::progress::{self, State};

use crate::links::Links;

#[derive(Template)]
#[template(path = "map.html")]
struct Map<'a> {
    links: &'a Links<'a>,
    lessons: Vec<Row>,
    passed: usize,
    total: usize,
    is_live: bool,
}

/// A lesson on the map.
struct Row {
    number: u32,
    title: String,
    address: String,
    /// As in `40 minutes`.
    time: String,
    passed: usize,
    total: usize,
    state: &'static str,
    is_current: bool,
}

/// The page; with what has passed, if it is for a student.
///
/// # Errors
///
/// When the progress or a lesson cannot be read.
pub fn page(links: &Links<'_>, database: Database, is_live: bool) -> Result<Option<String>> {
    let course = links.course;
    let progress =
        if is_live { progress::read_quietly(&course.root)?.0 } else { progress::Progress::default() };
    let content = Content::new(course);
    let current =
        if is_live { progress.to_do(course, database)?.map(|lesson| lesson.name.clone()) } else { None };
    let mut lessons = Vec::new();
    for lesson in &course.lessons {
        let entry = progress.entry(lesson, database);
        let gates = lesson.gates_on(database);
        let has_passed = |name: &String| entry.is_some_and(|entry| entry.passed.contains(name));
        lessons.push(Row {
            number: lesson.number,
            title: lesson.manifest.title.clone(),
            address: links.lesson(&lesson.name),
            time: time(lesson.manifest.minutes),
            passed: gates.iter().filter(|(_, gate)| has_passed(&gate.name)).count(),
            total: gates.len(),
            state: match progress.state(&content, lesson, database)? {
                State::New => "not begun",
                State::Begun => "begun",
                State::Passed => "passed",
                State::Edited => "passed, edited since",
            },
            is_current: current.as_ref() == Some(&lesson.name),
        });
    }
    let (passed, total) = progress.of_course(course, database);
    Ok(Some(Map { links, lessons, passed, total, is_live }.render()?))
}

fn time(minutes: u32) -> String {
    if minutes < 120 { format!("{minutes} minutes") } else { format!("{} hours", (minutes + 30) / 60) }
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_long_lesson_takes_hours() {
        assert_eq!(
            [40, 119, 120, 150, 600].map(time),
            ["40 minutes", "119 minutes", "2 hours", "3 hours", "10 hours"]
        );
    }
}
