//! Checks of the page for instructors: its plans, and the typical mistakes that it names.

use std::path::Path;

use anyhow::Result;

use super::problems::Problems;
use crate::course::Course;
use crate::{files, plan};

/// # Errors
///
/// When the page cannot be read.
pub fn check(course: &Course, problems: &Problems) -> Result<()> {
    let path = Path::new("INSTRUCTOR.md");
    let Some(text) = files::text_if_there(&course.root.join(path))? else { return Ok(()) };
    if !text.contains(plan::usual(course).trim_end()) {
        problems
            .add(path, "its plans do not match the lessons' minutes; paste the output of `cargo kata plan`");
    }
    for (lesson, mistake) in mistakes(&text) {
        let lesson = course.lessons.iter().find(|candidate| candidate.number == lesson);
        let is_there = lesson.is_some_and(|lesson| {
            course.root.join("tests/mistakes").join(&lesson.name).join(format!("{mistake}.toml")).is_file()
        });
        if !is_there {
            problems.add(
                path,
                format!("it names the mistake `{mistake}`, which does not exist in tests/mistakes"),
            );
        }
    }
    Ok(())
}

/// The mistakes in the rows of a table: the number of the lesson in the first cell, and the name at the end of the
/// second, in brackets.
fn mistakes(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let lesson = cells.next()?.parse().ok()?;
        let (_, name) = cells.next()?.strip_suffix("`)")?.rsplit_once("(`")?;
        Some((lesson, name))
    })
}

#[cfg(test)]
mod tests {
    use super::mistakes;

    #[test]
    fn mistakes_are_found_only_in_rows() {
        let text = "| 1 | give all rights (`superuser`) | Why? |\n| 12 | a (`b`) c (`d`) | e |\n| 1 | 1 to 6 | 285 |\n(`no`)";
        assert_eq!(mistakes(text).collect::<Vec<_>>(), [(1, "superuser"), (12, "d")]);
    }
}
