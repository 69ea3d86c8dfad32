//! What differs between a verdict and the one that repeats it.

use std::fmt;

use crate::text::line;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict};

/// Something that the second verdict says otherwise.
#[derive(Debug, Eq, PartialEq)]
pub struct Difference {
    /// `05-crud, gate 9`, or what it is about.
    pub place: String,
    pub before: String,
    pub now: String,
    /// It alone makes no other grade: another compiler may do the same, and code may print the time.
    pub is_note: bool,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} → {}", self.place, line(&self.before), line(&self.now))
    }
}

/// What differs, in order: circumstances, then gates.
pub fn compare(before: &SubmissionVerdict, now: &SubmissionVerdict) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut note = |place: &str, before: &str, now: &str| {
        if before != now {
            let (place, before, now) = (place.to_owned(), before.to_owned(), now.to_owned());
            all.push(Difference { place, before, now, is_note: true });
        }
    };
    note("course, dependencies and compiler", &before.canonical, &now.canonical);
    note("tier of the sandbox", &before.tier.to_string(), &now.tier.to_string());
    for lesson in before.lessons.iter().filter(|lesson| lesson.digest.is_some()) {
        match now.lessons.iter().find(|other| other.lesson == lesson.lesson) {
            Some(other) => of_lesson(lesson, other, &mut all),
            None => all.push(grade(&line(&lesson.lesson), &"graded", &"not graded")),
        }
    }
    all
}

fn grade(place: &str, before: &impl fmt::Display, now: &impl fmt::Display) -> Difference {
    let (before, now) = (before.to_string(), now.to_string());
    Difference { place: place.to_owned(), before, now, is_note: false }
}

fn of_lesson(before: &LessonVerdict, now: &LessonVerdict, all: &mut Vec<Difference>) {
    let lesson = line(&before.lesson);
    if before.digest != now.digest {
        let digest = |lesson: &LessonVerdict| lesson.digest.clone().unwrap_or_default();
        all.push(grade(&format!("{lesson}, files"), &digest(before), &digest(now)));
    }
    for gate in &before.gates {
        let place = format!("{lesson}, gate {}", gate.number);
        match now.gates.iter().find(|other| other.name == gate.name) {
            Some(other) => of_gate(&place, gate, other, all),
            None => all.push(grade(&place, &gate.verdict, &"not there")),
        }
    }
    let is_new = |gate: &&GateVerdict| before.gates.iter().all(|other| other.name != gate.name);
    for gate in now.gates.iter().filter(is_new) {
        all.push(grade(&format!("{lesson}, gate {}", gate.number), &"not there", &gate.verdict));
    }
}

fn of_gate(place: &str, before: &GateVerdict, now: &GateVerdict, all: &mut Vec<Difference>) {
    if before.verdict != now.verdict {
        all.push(grade(place, &before.verdict, &now.verdict));
    } else if (before.points, before.max_points) != (now.points, now.max_points) {
        let points = |gate: &GateVerdict| format!("{} of {} points", gate.points, gate.max_points);
        all.push(grade(place, &points(before), &points(now)));
    }
    let mut note = |what: &str, before: String, now: String| {
        if before != now {
            all.push(Difference { place: format!("{place}, {what}"), before, now, is_note: true });
        }
    };
    note("reason", before.reason.clone(), now.reason.clone());
    for left in &before.left {
        let shown = |digest: &Option<String>| digest.clone().unwrap_or_else(|| "no snapshot".to_owned());
        let other = now.left.iter().find(|other| other.seed == left.seed);
        let other = other.map_or_else(|| "not run".to_owned(), |other| shown(&other.snapshot));
        note(&format!("what it left on seed {}", left.seed), shown(&left.snapshot), other);
    }
}
