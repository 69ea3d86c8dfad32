//! What whoever grades should know of the whole class, each in a sentence.

use std::collections::BTreeSet;

use super::super::attempt::{LessonGrade, State};
use super::super::counted::CountedLesson;
use super::super::overrides::Override;
use super::super::record::Record;
use super::super::roster::Person;
use super::super::rules::Rules;
use crate::text::line;

/// Of several submissions, those that may be worth more once they have a number.
pub fn still_open(
    (person, grades): (&Person, &[LessonGrade]),
    own: &[usize],
    records: &[Record],
    lessons: &[CountedLesson],
) -> Vec<String> {
    let mut notes = Vec::new();
    for (grade, lesson) in grades.iter().zip(lessons).filter(|(grade, _)| grade.state == State::Graded) {
        let others = own.iter().filter(|index| Some(**index) != grade.record);
        let open = others.map(|index| &records[*index]).filter(|record| record.is_open(&lesson.name));
        notes.extend(open.map(|record| {
            format!(
                "the points of {} in lesson {} do not count `{}`, which has no number yet",
                person.shown(),
                lesson.name,
                record.submission
            )
        }));
    }
    notes
}

/// What is to be said when verdicts cannot be compared.
pub fn of_course(records: &[Record]) -> Vec<String> {
    let versions: BTreeSet<_> =
        records.iter().map(|record| record.canonical.as_str()).filter(|name| !name.is_empty()).collect();
    let mut notes = Vec::new();
    if versions.len() > 1 {
        notes.push(format!(
            "the verdicts come from {} different states of the course or the compiler: grade again what you compare",
            versions.len()
        ));
    }
    notes.extend(of_options(records));
    let advisory = records.iter().filter(|record| record.advisory).count();
    if advisory > 0 {
        notes.push(format!(
            "{advisory} of {} verdicts are advisory: the sandbox does not keep a submission from deceiving",
            records.len()
        ));
    }
    notes
}

/// Points by hand that wait for their lesson.
pub fn not_graded(rules: &Rules, lessons: &[CountedLesson]) -> Vec<String> {
    let Some(source) = &rules.overrides.source else { return Vec::new() };
    let is_graded = |lesson: &str| lessons.iter().any(|other| other.name == lesson);
    let waiting = rules.overrides.all.iter().filter(|given| !is_graded(&given.lesson));
    let note = |given: &Override| {
        let what = format_args!("lesson {} is not graded here; these points wait for it", given.lesson);
        source.at(given.start, what).to_string()
    };
    waiting.map(note).collect()
}

/// Verdicts of one book that were made in two ways.
fn of_options(records: &[Record]) -> Option<String> {
    let mut with = records.iter().filter_map(|record| Some((record, record.options.as_ref()?)));
    let (first, options) = with.next()?;
    let (other, (option, before, now)) =
        with.find_map(|(record, others)| Some((record, options.difference(others)?)))?;
    Some(format!(
        "the verdicts on `{}` and `{}` were graded with different options, {option} {before} and {now}: grade again what \
         you compare",
        first.submission,
        other.submission,
        before = line(&before),
        now = line(&now)
    ))
}
