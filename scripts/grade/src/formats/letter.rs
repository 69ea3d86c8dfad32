//! `feedback.html` and `feedback.md`: what a student is told, ready to be sent.
//!
//! Of each lesson the first gate that does not pass, since one thing at a time is what somebody can fix.

pub mod page;
pub mod plain;

use kata::course::{Course, Gate, Lesson, version};

use super::feedback::for_student;
use crate::class::attempt::{LessonGrade, State};
use crate::class::counted::{CountedGate, CountedLesson};
use crate::class::grades::{Grades, Student};
use crate::class::points::Points;
use crate::class::times;
use crate::text::line;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// Of the compiler's words, where nothing explains them, and of one answer, in characters.
const LONGEST: usize = 3_000;

const AGAIN: &str = "The grader itself failed, or its verdict does not count. It will be graded again.";
const HELD: &str = "A person looks at this before it has points. Ask whoever teaches the course.";

/// What one student is told.
pub struct Letter {
    name: String,
    /// Raw, penalty and final, if there is a number.
    total: Option<(String, String, String)>,
    max: String,
    has_penalty: bool,
    handed_in: Option<String>,
    submission: String,
    is_advisory: bool,
    is_repetition: bool,
    version: String,
    parts: Vec<Part>,
}

/// A lesson.
struct Part {
    number: String,
    title: String,
    points: Option<String>,
    max: String,
    /// Why there are no points yet.
    open: Option<&'static str>,
    /// What being late has cost, and more time.
    delay: Option<String>,
    extended: Option<String>,
    /// Points by hand, each in a sentence.
    by_hand: Vec<String>,
    passed: Vec<String>,
    gates: usize,
    failure: Option<Failure>,
    /// How many gates after that one do not pass.
    more: usize,
}

/// The first gate that does not pass.
struct Failure {
    number: usize,
    title: String,
    what: String,
    task: Vec<String>,
    explanation: Option<String>,
    diagnostics: Option<String>,
    label: Option<String>,
    expected: Option<String>,
    got: Option<String>,
    sql: Option<String>,
    next: String,
    hint: Option<String>,
    readme: String,
}

impl Letter {
    /// For `student`, whose submissions have these verdicts, by their places in the gradebook.
    pub fn of(
        grades: &Grades,
        student: &Student,
        verdicts: &[(usize, SubmissionVerdict)],
        course: &Course,
    ) -> Self {
        let verdicts: Vec<_> =
            verdicts.iter().map(|(index, verdict)| (*index, for_student(verdict))).collect();
        let parts = grades
            .lessons
            .iter()
            .zip(&student.lessons)
            .filter(|(_, grade)| grade.state != State::Missing || !student.records.is_empty());
        let part = |(lesson, grade): (&CountedLesson, &LessonGrade)| {
            let verdict = verdicts.iter().find(|(index, _)| grade.record == Some(*index));
            let own =
                verdict.and_then(|(_, verdict)| verdict.lessons.iter().find(|own| own.lesson == lesson.name));
            let known = course.lessons.iter().find(|known| known.name == lesson.name);
            Part::of(lesson, grade, own, known)
        };
        let main = student.main_record().map(|index| &grades.records[index]);
        Self {
            name: student.person.shown().to_owned(),
            total: student
                .total
                .map(|total| (total.raw.to_string(), total.penalty.to_string(), total.points().to_string())),
            max: grades.max().to_string(),
            has_penalty: student.total.is_some_and(|total| total.raw != total.points()),
            handed_in: student.handed_in().map(|moment| grades.time(moment)),
            submission: main.map(|record| record.submission.clone()).unwrap_or_default(),
            is_advisory: main.is_some_and(|record| record.advisory),
            is_repetition: main.is_some_and(|record| record.repetition),
            version: version::named(main.and_then(|record| record.course_version.as_deref())),
            parts: parts.map(part).collect(),
        }
    }
}

impl Part {
    fn of(
        lesson: &CountedLesson,
        grade: &LessonGrade,
        verdict: Option<&LessonVerdict>,
        known: Option<&Lesson>,
    ) -> Self {
        let gates = verdict.map(|verdict| &verdict.gates[..]).unwrap_or_default();
        let title = |gate: &GateVerdict| title(lesson, gate);
        let passed = gates.iter().filter(|gate| gate.verdict == Verdict::Pass);
        let failing = gates.iter().filter(|gate| gate.verdict != Verdict::Pass).count();
        let first = verdict.and_then(|verdict| Some((verdict, verdict.first_not_passed()?)));
        Self {
            number: lesson.name.split('-').next().unwrap_or_default().trim_start_matches('0').to_owned(),
            title: lesson.title.clone(),
            points: (grade.state == State::Graded).then(|| grade.points().to_string()),
            max: lesson.max.to_string(),
            open: match grade.state {
                State::GradeAgain(_) => Some(AGAIN),
                State::Held(_) => Some(HELD),
                State::Graded | State::Missing => None,
            },
            delay: grade.delay.as_ref().map(|delay| {
                let by = times::shown_span(delay.by);
                format!("Handed in {by} late: minus {} percent, {} points.", delay.percent, grade.penalty)
            }),
            extended: grade.extended.clone(),
            by_hand: grade.by_hand.iter().map(|given| by_hand(lesson, given)).collect(),
            passed: passed.map(title).collect(),
            gates: lesson.gates.len(),
            failure: first.map(|(verdict, gate)| Failure::of(lesson, verdict, gate, known)),
            more: failing.saturating_sub(1),
        }
    }
}

/// Points by hand, as a sentence.
fn by_hand(lesson: &CountedLesson, given: &crate::class::attempt::ByHand) -> String {
    let is_meant = |gate: &&CountedGate| given.gate.as_ref() == Some(&gate.name);
    let gate = lesson.gates.iter().find(is_meant);
    let place = gate.map_or_else(|| "the whole lesson".to_owned(), |gate| format!("gate {}", gate.number));
    let before = given.before.map_or_else(String::new, |before| format!(", in place of {before}"));
    let points = if given.points == Points::from(1) { "point" } else { "points" };
    format!("{} {points} by hand for {place}{before}: {} ({})", given.points, given.why, given.who)
}

/// As the course calls it.
fn title(lesson: &CountedLesson, gate: &GateVerdict) -> String {
    let known = lesson.gates.iter().find(|known| known.name == gate.name);
    known.map_or_else(|| line(&gate.title), |known| known.title.clone())
}

impl Failure {
    fn of(
        lesson: &CountedLesson,
        verdict: &LessonVerdict,
        gate: &GateVerdict,
        known: Option<&Lesson>,
    ) -> Self {
        let gates = known.map(|known| &known.manifest.gates[..]).unwrap_or_default();
        let own: Option<&Gate> = gates.iter().find(|own| own.name == gate.name);
        let is_built = gate.verdict != Verdict::BuildError;
        let short = |text: &String| text.chars().take(LONGEST).collect::<String>();
        let explanation = verdict.explanation.as_ref().filter(|_| !is_built).map(|explanation| {
            let place = format!("{}:{}", explanation.file.display(), explanation.line);
            format!("{place}\n\n{}", explanation.lines.join("\n"))
        });
        let number = known.map_or(0, |known| known.number);
        let folder = format!("lessons/{}", lesson.name);
        let next = match gate.verdict {
            Verdict::BuildError => {
                format!(
                    "Open {folder}, run `cargo kata test {number}`, and fix the first error. No gate is judged before it \
                     compiles."
                )
            }
            Verdict::Unreadable => {
                format!(
                    "Hand in the folder `lessons` of the course, or {folder}, as a folder or a .zip file."
                )
            }
            Verdict::GraderError => "You have nothing to do: it will be graded again.".to_owned(),
            Verdict::Policy | Verdict::Tamper => "Ask whoever teaches the course.".to_owned(),
            _ => format!(
                "Open {folder} and run `cargo kata test {number}.{}`. It shows this gate on your own computer.",
                gate.number
            ),
        };
        Self {
            number: gate.number,
            title: title(lesson, gate),
            what: what(gate),
            task: own.map(|own| own.tasks.clone()).unwrap_or_default(),
            diagnostics: verdict
                .diagnostics
                .as_ref()
                .filter(|_| explanation.is_none() && !is_built)
                .map(short),
            explanation,
            label: gate.label.clone(),
            expected: gate.expected.as_ref().filter(|_| gate.verdict == Verdict::Fail).map(short),
            got: gate.got.as_ref().map(short),
            sql: (!gate.sql.is_empty()).then(|| short(&gate.sql.join("\n"))),
            next,
            hint: own.filter(|_| is_built).map(|own| own.hints[0].clone()),
            readme: format!("{folder}/README.md"),
        }
    }
}

/// What happened, in a sentence.
fn what(gate: &GateVerdict) -> String {
    if crate::class::record::is_not_begun(gate) {
        return "You have not begun this one: its `todo!` is still there.".to_owned();
    }
    let reason = line(&gate.reason);
    let mut letters = reason.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
