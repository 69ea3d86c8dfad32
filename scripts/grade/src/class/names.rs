//! What an instructor's file calls a lesson, a gate, or a student.

use kata::course::{Course, Gate, Lesson, names};
use toml::Spanned;

use super::fault::{Fault, Source};
use super::roster::Person;
use crate::text::line;

/// The lesson of this name, whether or not it was graded: one file may serve for a whole term.
///
/// # Errors
///
/// When the course has none.
pub fn lesson_of<'a>(
    course: &'a Course,
    source: &Source,
    name: &Spanned<String>,
) -> Result<&'a Lesson, Fault> {
    course.lesson(name.get_ref()).map_err(|error| source.at(name.span().start, line(&error.to_string())))
}

/// The gate of this name, or with this number.
///
/// # Errors
///
/// When the lesson has none.
pub fn gate_of<'a>(lesson: &'a Lesson, source: &Source, name: &Spanned<String>) -> Result<&'a Gate, Fault> {
    let gates = &lesson.manifest.gates;
    let wanted = name.get_ref();
    let by_number = wanted.parse::<usize>().ok().and_then(|number| gates.get(number.checked_sub(1)?));
    let found = by_number.or_else(|| gates.iter().find(|gate| gate.name == *wanted));
    found.ok_or_else(|| {
        let all: Vec<_> = gates.iter().map(|gate| gate.name.as_str()).collect();
        let meant = names::alike(wanted, &all);
        let meant = meant.map_or_else(
            || format!("name one of its {}, or its number", gates.len()),
            |name| format!("did you mean `{name}`?"),
        );
        let what = format!("lesson {} has no gate `{}`; {meant}", lesson.name, line(wanted));
        source.at(name.span().start, what)
    })
}

/// The place of a student: by id, user name, or e-mail address.
///
/// # Errors
///
/// When nobody is called so.
pub fn student_of(people: &[Person], source: &Source, name: &Spanned<String>) -> Result<usize, Fault> {
    let wanted = line(name.get_ref()).to_lowercase();
    let keys = |person: &Person| [&person.id, &person.username, &person.email].map(|key| key.to_lowercase());
    let found = people.iter().position(|person| !wanted.is_empty() && keys(person).contains(&wanted));
    found.ok_or_else(|| {
        let all: Vec<_> = people.iter().flat_map(|person| [person.id.as_str(), &person.username]).collect();
        let meant = names::alike(&wanted, &all).filter(|meant| !meant.is_empty());
        let meant = meant.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
        let what = format!(
            "no student has the id `{}`; {meant}Write an id, user name or e-mail address of the roster, or without a \
             roster the name of a submission",
            line(name.get_ref())
        );
        source.at(name.span().start, what)
    })
}
