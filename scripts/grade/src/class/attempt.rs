//! What one submission is worth in one lesson.

use jiff::{SignedDuration, Timestamp};

use super::counted::CountedLesson;
use super::fault::Fault;
use super::overrides::Overrides;
use super::points::Points;
use super::policy::Policy;
use super::record::Record;
use super::rules::OwnRules;
use crate::verdict::Verdict;

/// Whether there is a number.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum State {
    Graded,
    /// Nothing was handed in, or this lesson was not graded.
    Missing,
    /// There is no number yet, which is nobody's zero; why.
    GradeAgain(String),
    /// A person has to decide what it is worth, by points by hand; why.
    Held(String),
}

impl State {
    /// Why there is no number, where something was handed in.
    pub fn open(&self) -> Option<&str> {
        match self {
            Self::GradeAgain(why) | Self::Held(why) => Some(why),
            Self::Graded | Self::Missing => None,
        }
    }
}

/// Points by hand, in place of others.
#[derive(Clone, Debug)]
pub struct ByHand {
    /// None: the whole lesson.
    pub gate: Option<String>,
    /// What the grader gave, where it gave anything.
    pub before: Option<Points>,
    pub points: Points,
    pub why: String,
    pub who: String,
}

#[derive(Clone, Debug)]
pub struct Delay {
    pub by: SignedDuration,
    /// What it costs, in percent.
    pub percent: Points,
}

/// What somebody has reached in a lesson. `points` is `raw` without `penalty`, always.
#[derive(Clone, Debug)]
pub struct LessonGrade {
    pub state: State,
    /// The submission that counts.
    pub record: Option<usize>,
    pub raw: Points,
    pub penalty: Points,
    pub by_hand: Vec<ByHand>,
    pub handed_in: Option<Timestamp>,
    pub due: Option<Timestamp>,
    /// Why this student has more time than others.
    pub extended: Option<String>,
    pub delay: Option<Delay>,
}

impl LessonGrade {
    pub fn points(&self) -> Points {
        self.raw - self.penalty
    }
}

/// A submission, and when it was handed in.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub index: usize,
    pub record: &'a Record,
    pub handed_in: Option<Timestamp>,
}

/// What a lesson of a submission is worth to a student; without a submission, what it is worth by hand.
///
/// # Errors
///
/// When somebody gives by hand more points than there are.
pub fn grade(
    lesson: &CountedLesson,
    attempt: Option<Attempt<'_>>,
    policy: &Policy,
    own: &OwnRules<'_>,
    overrides: &Overrides,
) -> Result<LessonGrade, Fault> {
    let recorded = attempt.and_then(|attempt| attempt.record.lesson(&lesson.name));
    let (mut by_hand, mut sum) = (Vec::new(), Points::ZERO);
    let (mut open, mut foul) = (false, None);
    for gate in &lesson.gates {
        let own_verdict = recorded.and_then(|recorded| recorded.gate(&gate.name)).map(|gate| gate.verdict);
        let before = own_verdict
            .filter(|verdict| *verdict != Verdict::GraderError)
            .map(|verdict| if verdict == Verdict::Pass { gate.points } else { Points::ZERO });
        let given = own.overrides(&lesson.name).find(|given| given.gate.as_ref() == Some(&gate.name));
        if let Some(given) = given {
            check(
                overrides,
                given.start,
                given.points,
                gate.points,
                &format!("gate {} counts", gate.number),
            )?;
            let (why, who) = (given.why.clone(), given.who.clone());
            by_hand.push(ByHand { gate: Some(gate.name.clone()), before, points: given.points, why, who });
            sum = sum + given.points;
        } else {
            open |= own_verdict == Some(Verdict::GraderError);
            foul = foul
                .or(own_verdict.filter(|verdict| verdict.is_foul()).map(|verdict| (gate.number, verdict)));
            sum = sum + before.unwrap_or_default();
        }
    }
    let mut raw = lesson.max.share(sum, lesson.sum());
    if let Some(given) = own.overrides(&lesson.name).find(|given| given.gate.is_none()) {
        check(overrides, given.start, given.points, lesson.max, "the lesson counts")?;
        let (why, who) = (given.why.clone(), given.who.clone());
        let before = recorded.is_some().then_some(raw);
        by_hand.push(ByHand { gate: None, before, points: given.points, why, who });
        raw = given.points;
        open = false;
    }
    let is_whole = by_hand.iter().any(|given| given.gate.is_none());
    let state = match attempt.map(|attempt| attempt.record) {
        _ if is_whole => State::Graded,
        Some(record) if record.fault.is_some() => State::GradeAgain(record.fault.clone().unwrap_or_default()),
        Some(record) if record.repetition => State::GradeAgain(
            "its verdict repeats an earlier one, with seeds that somebody may know".to_owned(),
        ),
        _ if open => State::GradeAgain("the grader itself failed".to_owned()),
        _ if foul.is_some() => State::Held(foul.map(held).unwrap_or_default()),
        _ if recorded.is_none() && by_hand.is_empty() => State::Missing,
        _ => State::Graded,
    };
    if state != State::Graded {
        raw = Points::ZERO;
    }
    let extension = policy.due(&lesson.name).and_then(|due| own.extension(&lesson.name, due));
    let due = extension.map(|(due, _)| due).or_else(|| policy.due(&lesson.name));
    let handed_in = attempt.and_then(|attempt| attempt.handed_in);
    let delay = due.zip(handed_in).and_then(|(due, handed_in)| {
        let by = policy.lateness(due, handed_in)?;
        Some(Delay { by, percent: policy.penalty(due, handed_in) })
    });
    let percent = delay.as_ref().map_or(Points::ZERO, |delay| delay.percent);
    Ok(LessonGrade {
        state,
        record: attempt.filter(|_| recorded.is_some()).map(|attempt| attempt.index),
        raw,
        penalty: raw.share(percent, Points::HUNDRED),
        by_hand,
        handed_in,
        due,
        extended: extension.map(|(_, why)| why.to_owned()),
        delay,
    })
}

fn held((gate, verdict): (usize, Verdict)) -> String {
    format!(
        "gate {gate} is {}: look at the work, talk to the student, and write the points into the overrides",
        verdict.name()
    )
}

fn check(overrides: &Overrides, start: usize, given: Points, most: Points, what: &str) -> Result<(), Fault> {
    match &overrides.source {
        Some(source) if given > most => {
            Err(source.at(start, format_args!("{given} points are too many: {what} {most}")))
        }
        _ => Ok(()),
    }
}
