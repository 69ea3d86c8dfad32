//! The lessons of a gradebook: where the class is stuck, and what it gets wrong in the same way.

use std::collections::BTreeMap;

use anyhow::Result;

use super::names::{Names, Texts, name, names};
use super::people::why;
use crate::class::attempt::State;
use crate::class::counted::CountedGate;
use crate::class::grades::{Grades, Student};
use crate::class::points::Points;
use crate::class::record::{RecordedGate, RecordedLesson};
use crate::text::clean;
use crate::verdict::Verdict;

/// How many groups of equal answers, of equal mistakes and of equal files are shown.
const MOST_GROUPS: usize = 5;
/// Of one answer, in characters.
const LONGEST_ANSWER: usize = 2_000;

pub struct LessonView {
    pub name: String,
    pub title: String,
    pub max: String,
    /// Everything, something, nothing that counts, no file.
    pub whole: Names,
    pub part: usize,
    pub nothing: usize,
    pub not_handed_in: Names,
    pub mean: String,
    pub gates: Vec<GateView>,
    /// Why it does not compile, and for whom.
    pub not_compiling: Vec<(String, Names)>,
    /// Students with the very same files.
    pub same_files: Vec<(String, Names)>,
    /// Each student's gates, one mark for each.
    pub rows: Vec<(String, Vec<Mark>)>,
}

pub struct GateView {
    pub number: usize,
    pub title: String,
    pub points: String,
    pub passed: usize,
    pub percent: usize,
    /// For whom it is the first that does not pass.
    pub stuck: Names,
    /// Why it does not pass, most frequent first.
    pub reasons: Vec<(String, Names)>,
    pub shared: Vec<Shared>,
}

/// An answer that several have given.
pub struct Shared {
    pub who: Names,
    pub is_fresh: bool,
    pub expected: Option<String>,
    pub got: String,
}

/// A gate of a student, as one character.
#[derive(Clone, Copy)]
pub struct Mark {
    pub class: &'static str,
    pub sign: &'static str,
    pub is_by_hand: bool,
}

/// A student who has handed in the lesson, with what counts of it.
type Work<'a> = (&'a Student, usize, &'a RecordedLesson);

impl LessonView {
    pub fn of(grades: &Grades, place: usize, texts: &Texts<'_>) -> Result<Self> {
        let lesson = &grades.lessons[place];
        let mut work: Vec<Work<'_>> = Vec::new();
        let (mut without, mut whole, mut part, mut nothing) = (Vec::new(), Vec::new(), 0, 0);
        let mut sum = Vec::new();
        for student in &grades.students {
            let grade = &student.lessons[place];
            let recorded =
                grade.record.and_then(|index| Some((index, grades.records[index].lesson(&lesson.name)?)));
            match recorded.filter(|(_, recorded)| recorded.digest.is_some()) {
                Some((index, recorded)) => work.push((student, index, recorded)),
                None if student.stray.is_none() => without.push(student),
                None => {}
            }
            if grade.state == State::Graded {
                sum.push(grade.points());
                match grade.raw {
                    raw if raw == lesson.max => whole.push(student),
                    raw if raw == Points::ZERO => nothing += 1,
                    _ => part += 1,
                }
            }
        }
        let count = u32::try_from(sum.len()).unwrap_or(u32::MAX);
        let mean = sum.iter().copied().sum::<Points>().share(Points::from(1), Points::from(count));
        let gates = lesson.gates.iter().map(|gate| GateView::of(&lesson.name, gate, &work, texts));
        Ok(Self {
            name: lesson.name.clone(),
            title: lesson.title.clone(),
            max: lesson.max.to_string(),
            whole: names(whole.into_iter()),
            part,
            nothing,
            not_handed_in: names(without.into_iter()),
            mean: if count == 0 { "–".to_owned() } else { mean.to_string() },
            gates: gates.collect::<Result<_>>()?,
            not_compiling: not_compiling(&work),
            same_files: same_files(&work),
            rows: grades.students.iter().map(|student| row(grades, student, place)).collect(),
        })
    }
}

impl GateView {
    fn of(lesson: &str, gate: &CountedGate, work: &[Work<'_>], texts: &Texts<'_>) -> Result<Self> {
        let own = |recorded: &RecordedLesson| recorded.gate(&gate.name).cloned();
        let (mut passed, mut stuck) = (0, Vec::new());
        let mut reasons: BTreeMap<String, Vec<&Student>> = BTreeMap::new();
        let mut answers: BTreeMap<[u8; 16], Vec<(&Student, usize, RecordedGate)>> = BTreeMap::new();
        for (student, index, recorded) in work {
            let Some(own) = own(recorded) else { continue };
            if own.verdict == Verdict::Pass {
                passed += 1;
                continue;
            }
            if recorded.first_not_passed().is_some_and(|first| first.name == gate.name) {
                stuck.push(*student);
            }
            if let Some(got) = own.got {
                answers.entry(got).or_default().push((student, *index, own.clone()));
            }
            // Why the lesson does not compile is said once, below its gates.
            let why =
                if own.verdict == Verdict::BuildError { "BUILD_ERROR".to_owned() } else { why(&own, None) };
            reasons.entry(why).or_default().push(student);
        }
        let mut shared = Vec::new();
        let mut answers: Vec<_> = answers.into_values().filter(|same| same.len() > 1).collect();
        answers.sort_by_key(|same| std::cmp::Reverse(same.len()));
        for same in answers.into_iter().take(MOST_GROUPS) {
            let Some((got, expected)) = texts(same[0].1, lesson, &gate.name)? else { continue };
            shared.push(Shared {
                who: names(same.iter().map(|(student, ..)| *student)),
                is_fresh: same[0].2.is_fresh,
                expected: expected.as_deref().map(short),
                got: short(&got),
            });
        }
        Ok(Self {
            number: gate.number,
            title: gate.title.clone(),
            points: gate.points.to_string(),
            passed,
            percent: if work.is_empty() { 0 } else { passed * 100 / work.len() },
            stuck: names(stuck.into_iter()),
            reasons: most_frequent(reasons),
            shared,
        })
    }
}

fn short(text: &str) -> String {
    let kept: String = text.chars().take(LONGEST_ANSWER).collect();
    if kept.len() < text.len() { clean(&format!("{kept}\n… (cut)")) } else { clean(&kept) }
}

fn most_frequent(groups: BTreeMap<String, Vec<&Student>>) -> Vec<(String, Names)> {
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, students)| std::cmp::Reverse(students.len()));
    let rest: usize = groups.iter().skip(MOST_GROUPS).map(|(_, students)| students.len()).sum();
    let mut all: Vec<_> =
        groups.into_iter().take(MOST_GROUPS).map(|(why, who)| (why, names(who.into_iter()))).collect();
    if rest > 0 {
        all.push(("something else".to_owned(), Names { count: rest, names: Vec::new() }));
    }
    all
}

fn not_compiling(work: &[Work<'_>]) -> Vec<(String, Names)> {
    let mut groups: BTreeMap<String, Vec<&Student>> = BTreeMap::new();
    for (student, _, recorded) in work {
        if recorded.gates.iter().all(|gate| gate.verdict == Verdict::BuildError) {
            let why = recorded.explanation.as_ref().map_or("no explanation", |(_, first)| first.as_str());
            groups.entry(why.to_owned()).or_default().push(student);
        }
    }
    most_frequent(groups)
}

/// Equal files of several students: also where nobody has begun, so how many gates they pass is said.
fn same_files(work: &[Work<'_>]) -> Vec<(String, Names)> {
    let mut groups: BTreeMap<&str, Vec<(&Student, &RecordedLesson, usize)>> = BTreeMap::new();
    for (student, index, recorded) in work {
        let same = groups.entry(recorded.digest.as_deref().unwrap_or_default()).or_default();
        // A group that shares a submission has handed it in once.
        if same.iter().all(|(_, _, other)| other != index) {
            same.push((student, recorded, *index));
        }
    }
    let mut groups: Vec<_> = groups.into_values().filter(|same| same.len() > 1).collect();
    groups.sort_by_key(|same| std::cmp::Reverse(same.len()));
    let group = |same: Vec<(&Student, &RecordedLesson, usize)>| {
        let gates = &same[0].1.gates;
        let passed = gates.iter().filter(|gate| gate.verdict == Verdict::Pass).count();
        let what = format!("{passed} of {} gates pass", gates.len());
        (what, names(same.into_iter().map(|(student, ..)| student)))
    };
    groups.into_iter().take(MOST_GROUPS).map(group).collect()
}

fn row(grades: &Grades, student: &Student, place: usize) -> (String, Vec<Mark>) {
    let (lesson, grade) = (&grades.lessons[place], &student.lessons[place]);
    let recorded = grade.record.and_then(|index| grades.records[index].lesson(&lesson.name));
    let mark = |gate: &CountedGate| {
        let own = recorded.and_then(|recorded| recorded.gate(&gate.name));
        let (class, sign) = own.map_or(("n", "–"), sign);
        let is_by_hand =
            grade.by_hand.iter().any(|given| given.gate.as_ref().is_none_or(|name| *name == gate.name));
        Mark { class, sign, is_by_hand }
    };
    (name(student), lesson.gates.iter().map(mark).collect())
}

fn sign(gate: &RecordedGate) -> (&'static str, &'static str) {
    match gate.verdict {
        Verdict::Pass => ("p", "✓"),
        Verdict::Fail if gate.is_not_begun() => ("n", "·"),
        Verdict::Fail => ("f", "✗"),
        Verdict::Waiting => ("n", "w"),
        Verdict::BuildError => ("f", "B"),
        Verdict::Timeout => ("f", "T"),
        Verdict::Resource => ("f", "R"),
        Verdict::Crash => ("f", "C"),
        Verdict::Unreadable => ("f", "U"),
        Verdict::Policy | Verdict::Tamper => ("a", "!"),
        Verdict::GraderError => ("a", "?"),
    }
}
