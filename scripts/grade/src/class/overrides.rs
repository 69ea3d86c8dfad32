//! `overrides.toml`: points that a person gives, with a reason and a name. Grading again does not touch it.

use std::path::Path;

use kata::course::Course;
use serde::Deserialize;
use toml::Spanned;

use super::fault::{Fault, Source};
use super::names::{gate_of, lesson_of};
use super::points::Points;
use crate::text::line;

/// Points by hand.
#[derive(Clone, Debug)]
pub struct Override {
    pub student: Spanned<String>,
    pub lesson: String,
    /// None: the whole lesson.
    pub gate: Option<String>,
    pub points: Points,
    pub why: String,
    pub who: String,
    /// Where it begins in the file.
    pub start: usize,
}

#[derive(Default)]
pub struct Overrides {
    pub source: Option<Source>,
    pub all: Vec<Override>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "override")]
    all: Vec<Spanned<FileOverride>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOverride {
    student: Spanned<String>,
    lesson: Spanned<String>,
    gate: Option<Spanned<String>>,
    points: Points,
    why: Spanned<String>,
    who: Spanned<String>,
}

impl Overrides {
    /// # Errors
    ///
    /// When it cannot be read, or what it says makes no sense.
    pub fn read(file: &Path, course: &Course) -> Result<Self, Fault> {
        let source = Source::read(file)?;
        let read: File = source.toml()?;
        let mut all: Vec<Override> = Vec::new();
        for entry in read.all {
            let start = entry.span().start;
            let entry = entry.into_inner();
            let lesson = lesson_of(course, &source, &entry.lesson)?;
            let gate = entry.gate.as_ref().map(|gate| gate_of(lesson, &source, gate)).transpose()?;
            for (key, text) in [("why", &entry.why), ("who", &entry.who)] {
                if text.get_ref().trim().is_empty() {
                    let what = format!("`{key}` is empty: points by hand need a reason and a name");
                    return Err(source.at(text.span().start, what));
                }
            }
            all.push(Override {
                student: entry.student,
                lesson: lesson.name.clone(),
                gate: gate.map(|gate| gate.name.clone()),
                points: entry.points,
                why: line(entry.why.get_ref()),
                who: line(entry.who.get_ref()),
                start,
            });
        }
        Ok(Self { source: Some(source), all })
    }
}
