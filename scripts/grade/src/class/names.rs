//! What an instructor's file calls a lesson, a gate, or a student.

use kata::course::{Course, Gate, Lesson, names};
use toml::Spanned;

use super::alike::alike;
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
/// When nobody is called so, or two are.
pub fn student_of(people: &[Person], source: &Source, name: &Spanned<String>) -> Result<usize, Fault> {
    let shown = line(name.get_ref());
    let wanted = alike(&shown);
    let with = |is_wanted: &dyn Fn(&String) -> bool| -> Vec<usize> {
        let is_called =
            |person: &Person| [&person.id, &person.username, &person.email].into_iter().any(is_wanted);
        let people = people.iter().enumerate().filter(|(_, person)| !wanted.is_empty() && is_called(person));
        people.map(|(place, _)| place).collect()
    };
    // Without a roster, `ann` and `Ann` may both be names of submissions.
    let exact = with(&|key| *key == shown);
    let found = if exact.is_empty() { with(&|key| alike(key) == wanted) } else { exact };
    if let [one, other, ..] = found[..] {
        let what = format!(
            "`{shown}` may be `{}` or `{}`: write an id that only one of them has",
            people[one].id, people[other].id
        );
        return Err(source.at(name.span().start, what));
    }
    found.first().copied().ok_or_else(|| {
        let all: Vec<_> = people.iter().flat_map(|person| [person.id.as_str(), &person.username]).collect();
        let meant = names::alike(&wanted, &all).filter(|meant| !meant.is_empty());
        let meant = meant.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
        let what = format!(
            "no student has the id `{shown}`; {meant}Write an id, user name or e-mail address of the roster, or \
             without a roster the name of a submission"
        );
        source.at(name.span().start, what)
    })
}
