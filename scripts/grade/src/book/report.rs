//! What the terminal tells whoever grades.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::class::grades::{Grades, Student};
use crate::formats::changes::Change;
use crate::text::{line, say};

/// How many people or submissions a message names.
const MOST_NAMED: usize = 20;
/// How many columns a table takes at most.
const WIDTH: u16 = 100;

/// Tells whoever grades what the files alone would leave to be found.
pub fn report(grades: &Grades) {
    if grades.has_roster {
        let missing: Vec<_> = grades.missing().map(named).collect();
        if !missing.is_empty() {
            let (count, all) = (missing.len(), grades.listed().count());
            say(format_args!("Handed in nothing ({count} of {all}): {}", list(&missing)));
        }
        let strays: Vec<_> = grades.strays().map(|stray| named_stray(grades, stray)).collect();
        if !strays.is_empty() {
            say(format_args!(
                "Nobody's ({}): {}. Write whose each is into the column `folder` of the roster.",
                strays.len(),
                list(&strays)
            ));
        }
    }
    let again: Vec<_> = grades
        .students
        .iter()
        .filter_map(|student| Some(format!("{}: {}", named(student), student.grade_again()?)))
        .collect();
    if !again.is_empty() {
        say(format_args!("No number yet ({}): {}. Grade these again.", again.len(), list(&again)));
    }
    let held =
        grades.students.iter().filter_map(|student| Some(format!("{}: {}", named(student), student.held()?)));
    let held: Vec<_> = held.collect();
    if !held.is_empty() {
        say(format_args!("No number until you decide ({}): {}.", held.len(), list(&held)));
    }
    for note in &grades.notes {
        say(format_args!("Note: {note}."));
    }
}

/// Names those whose points an LMS would take for checked, since a number cannot say that it is advisory.
pub fn warn_before_import(grades: &Grades, files: &[&str]) {
    let is_advisory = |student: &&Student| student.lessons.iter().any(|grade| grades.is_advisory(grade));
    let advisory: Vec<_> = grades.listed().filter(is_advisory).map(named).collect();
    if !files.is_empty() && !advisory.is_empty() {
        say(format_args!(
            "Advisory points in {} ({} of {}): {}. Nothing kept the code of these students from faking its results, so \
             look at their work before you import.",
            files.join(" and "),
            advisory.len(),
            grades.listed().count(),
            list(&advisory)
        ));
    }
}

/// Whose points have changed, as a table; of many, the first.
pub fn changed(changes: &[Change]) {
    let shown = |points: &str| if points.is_empty() { "–".to_owned() } else { points.to_owned() };
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(["Student", "Lesson", "Before", "After", "Why"]);
    for Change { student, lesson, before, after, why, .. } in changes.iter().take(MOST_NAMED) {
        table.add_row([line(student), line(lesson), shown(before), shown(after), line(why)]);
    }
    for column in table.column_iter_mut().skip(2).take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    say(format_args!("{}", table.trim_fmt()));
    if let Some(more) = changes.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        say(format_args!("… and {more} more, in changes.csv"));
    }
}

fn named_stray(grades: &Grades, stray: &Student) -> String {
    let name = stray.records.iter().map(|index| grades.records[*index].submission.as_str());
    let name = format!("`{}`", name.collect::<Vec<_>>().join("`, `"));
    match stray.stray.as_deref().unwrap_or_default() {
        [] => name,
        people => format!("{name} (may be {})", people.join(" or ")),
    }
}

/// A student, for a message.
fn named(student: &Student) -> String {
    let person = &student.person;
    if person.shown() == person.id {
        person.id.clone()
    } else {
        format!("{} ({})", person.shown(), person.id)
    }
}

/// Names in a row; of many, the first.
pub fn list(all: &[String]) -> String {
    let more = all.len().saturating_sub(MOST_NAMED);
    let shown = all.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown}, and {more} more") }
}
