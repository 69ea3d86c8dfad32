//! `policy.toml`: what lessons and gates count, and what being late costs.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};
use kata::course::{Course, Lesson};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::fault::{Fault, Source};
use super::names::{gate_of, lesson_of};
use super::points::Points;
use super::times;
use crate::text::line;

/// Which of several submissions counts, for each lesson by itself.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Several {
    /// The one that is worth most, after what being late costs.
    #[default]
    Best,
    /// The one that was handed in last.
    Last,
}

/// What somebody gets who has handed in nothing.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// No number, which an LMS leaves as it is.
    #[default]
    Empty,
    Zero,
}

/// What being late costs, in percent of the points that the work has.
#[derive(Clone, Debug)]
pub struct Late {
    /// For each day that has begun.
    pub per_day: Points,
    /// However late it is.
    pub most: Points,
    /// What is later than this counts for nothing.
    pub closed_after: Option<Span>,
}

/// What a lesson counts.
#[derive(Clone, Debug, Default)]
pub struct LessonRule {
    pub weight: Option<Points>,
    pub due: Option<Timestamp>,
    /// What an LMS calls it: `Lesson 5 (12345)`.
    pub column: Option<String>,
    pub gates: BTreeMap<String, Points>,
}

/// More time for somebody.
#[derive(Clone, Debug)]
pub struct Extension {
    pub student: Spanned<String>,
    pub lesson: Option<String>,
    pub due: Timestamp,
    pub why: String,
}

/// What a policy says. Without one, each gate counts what its manifest says, and nothing is late.
#[derive(Default)]
pub struct Policy {
    pub source: Option<Source>,
    pub zone: Option<TimeZone>,
    pub due: Option<Timestamp>,
    pub grace: Span,
    pub several: Several,
    pub missing: Missing,
    pub late: Option<Late>,
    /// By the lesson's name.
    pub lessons: BTreeMap<String, LessonRule>,
    pub extensions: Vec<Extension>,
    /// When submissions were handed in, by their names.
    pub handed_in: Vec<(Spanned<String>, Timestamp)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    zone: Option<Spanned<String>>,
    due: Option<Spanned<Datetime>>,
    grace: Option<Spanned<String>>,
    #[serde(default)]
    several: Several,
    #[serde(default)]
    missing: Missing,
    late: Option<FileLate>,
    #[serde(default)]
    lesson: BTreeMap<Spanned<String>, FileLesson>,
    #[serde(default)]
    extension: Vec<FileExtension>,
    #[serde(default)]
    handed_in: BTreeMap<Spanned<String>, Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLate {
    per_day: Spanned<Points>,
    most: Option<Spanned<Points>>,
    closed_after: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLesson {
    weight: Option<Points>,
    due: Option<Spanned<Datetime>>,
    column: Option<String>,
    /// So many of a project's stages count; by default all.
    stages: Option<Spanned<usize>>,
    #[serde(default)]
    gates: BTreeMap<Spanned<String>, Points>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileExtension {
    student: Spanned<String>,
    lesson: Option<Spanned<String>>,
    due: Spanned<Datetime>,
    why: String,
}

impl Policy {
    /// # Errors
    ///
    /// When it cannot be read, or what it says makes no sense.
    pub fn read(file: &Path, course: &Course) -> Result<Self, Fault> {
        let source = Source::read(file)?;
        let read: File = source.toml()?;
        let zone = read.zone.as_ref().map(|name| zone(&source, name)).transpose()?;
        let moment = |time: &Spanned<Datetime>| {
            let text = time.get_ref().to_string();
            let fault = |error| source.at(time.span().start, format_args!("`{text}` {error}"));
            times::deadline(&text, zone.as_ref()).map_err(fault)
        };
        let begin = |time: &Spanned<Datetime>| {
            let text = time.get_ref().to_string();
            let fault = |error| source.at(time.span().start, format_args!("`{text}` {error}"));
            times::moment(&text, zone.as_ref()).map_err(fault)
        };
        let mut lessons = BTreeMap::new();
        for (name, rule) in &read.lesson {
            let lesson = lesson_of(course, &source, name)?;
            let stages = rule.stages.as_ref();
            let later = stages.map(|count| gates_of_later_stages(lesson, &source, count)).transpose()?;
            let mut gates = later.unwrap_or_default();
            for (gate, points) in &rule.gates {
                gates.insert(gate_of(lesson, &source, gate)?.name.clone(), *points);
            }
            let due = rule.due.as_ref().map(moment).transpose()?;
            let column = rule.column.as_deref().map(line).filter(|column| !column.is_empty());
            let rule = LessonRule { weight: rule.weight, due, column, gates };
            if lessons.insert(lesson.name.clone(), rule).is_some() {
                let what = format!("lesson {} is there twice: write one table for it", lesson.name);
                return Err(source.at(name.span().start, what));
            }
        }
        let extension = |extension: FileExtension| {
            let lesson: Option<&Lesson> =
                extension.lesson.as_ref().map(|name| lesson_of(course, &source, name)).transpose()?;
            Ok(Extension {
                lesson: lesson.map(|lesson| lesson.name.clone()),
                due: moment(&extension.due)?,
                why: line(&extension.why),
                student: extension.student,
            })
        };
        let extensions = read.extension.into_iter().map(extension).collect::<Result<_, _>>()?;
        let handed_in = read.handed_in.into_iter();
        let handed_in =
            handed_in.map(|(name, time)| Ok((name, begin(&time)?))).collect::<Result<_, Fault>>()?;
        Ok(Self {
            due: read.due.as_ref().map(moment).transpose()?,
            grace: read.grace.as_ref().map(|text| span(&source, text)).transpose()?.unwrap_or_default(),
            several: read.several,
            missing: read.missing,
            late: read.late.as_ref().map(|late| late_rule(&source, late)).transpose()?,
            lessons,
            extensions,
            handed_in,
            zone,
            source: Some(source),
        })
    }

    /// Whether anything can be late.
    pub fn has_due(&self) -> bool {
        self.due.is_some() || self.lessons.values().any(|rule| rule.due.is_some())
    }

    /// How late something is, if it is.
    pub fn lateness(&self, due: Timestamp, handed_in: Timestamp) -> Option<SignedDuration> {
        let end = times::after(due, self.grace, self.zone.as_ref());
        (handed_in > end).then(|| handed_in.duration_since(due))
    }

    /// What it costs to hand in so late, in percent.
    pub fn penalty(&self, due: Timestamp, handed_in: Timestamp) -> Points {
        let after = |span: Span| times::after(due, span, self.zone.as_ref());
        let Some(late) = &self.late else { return Points::ZERO };
        if late.closed_after.is_some_and(|end| handed_in > after(end)) {
            return Points::HUNDRED;
        }
        // A day is over when the clocks show the same time again.
        let whole = handed_in.duration_since(due).as_hours() / 24;
        let days = (whole.saturating_sub(1)..).find(|days| handed_in <= after(days.days())).unwrap_or(whole);
        late.per_day.times(days).min(late.most)
    }

    /// When a lesson is due, for those who have no extension.
    pub fn due(&self, lesson: &str) -> Option<Timestamp> {
        self.lessons.get(lesson).and_then(|rule| rule.due).or(self.due)
    }
}

/// The gates of the stages after the first `count`, which are worth nothing.
fn gates_of_later_stages(
    lesson: &Lesson,
    source: &Source,
    count: &Spanned<usize>,
) -> Result<BTreeMap<String, Points>, Fault> {
    let (all, wanted) = (lesson.manifest.stages.len(), *count.get_ref());
    let fault = |what: String| Err(source.at(count.span().start, what));
    if !lesson.is_project() {
        return fault(format!("lesson {} has no stages; leave this line out", lesson.name));
    }
    if !(1..=all).contains(&wanted) {
        return fault(format!("lesson {} has {all} stages; write a number from 1 to {all}", lesson.name));
    }
    let is_later = |number: usize| lesson.stage_of(number).is_some_and(|stage| stage >= wanted);
    let gates = lesson.manifest.gates.iter().enumerate().filter(|(place, _)| is_later(place + 1));
    Ok(gates.map(|(_, gate)| (gate.name.clone(), Points::ZERO)).collect())
}

fn zone(source: &Source, name: &Spanned<String>) -> Result<TimeZone, Fault> {
    let what = || {
        let name = line(name.get_ref());
        format!("`{name}` is not a time zone; write one such as `Europe/Berlin`, `America/New_York` or `UTC`")
    };
    TimeZone::get(name.get_ref()).map_err(|_| source.at(name.span().start, what()))
}

fn span(source: &Source, text: &Spanned<String>) -> Result<Span, Fault> {
    let what = || {
        format!(
            "`{}` is not a length of time; write one such as `15 min`, `2 h` or `7 days`",
            line(text.get_ref())
        )
    };
    times::span(text.get_ref()).ok_or_else(|| source.at(text.span().start, what()))
}

fn late_rule(source: &Source, late: &FileLate) -> Result<Late, Fault> {
    let percent = |percent: &Spanned<Points>| {
        if *percent.get_ref() > Points::HUNDRED {
            let what = format!("{} percent is more than all; write 100 at most", percent.get_ref());
            return Err(source.at(percent.span().start, what));
        }
        Ok(*percent.get_ref())
    };
    Ok(Late {
        per_day: percent(&late.per_day)?,
        most: late.most.as_ref().map_or(Ok(Points::HUNDRED), percent)?,
        closed_after: late.closed_after.as_ref().map(|text| span(source, text)).transpose()?,
    })
}
