//! What the terminal tells whoever grades.

use crate::class::grades::{Grades, Student};
use crate::text::say;

/// How many people or submissions a message names.
pub const MOST_NAMED: usize = 20;

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
