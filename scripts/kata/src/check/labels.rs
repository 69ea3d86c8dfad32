//! The labels of typical mistakes are as the mistakes' own runs leave them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anstream::println;
use anyhow::Result;

use super::problems::Problems;
use super::variant::Mistake;
use crate::course::{Course, Lesson};
use crate::files;
use crate::labels::{Labels, is_sentence};

/// What a typical mistake leaves at the gate that it fails.
pub struct Trace {
    pub path: PathBuf,
    pub mistake: Mistake,
    /// Without one, two runs of the gate have seen different things, or one has died.
    pub fingerprint: Option<String>,
}

/// Compares the file with what the mistakes have left, and lists those that it does not tell apart. `untried` are the
/// sentences of those that have left nothing. A project has no labels: students have designs of their own, which leave
/// what no typical mistake leaves.
///
/// # Errors
///
/// When the file cannot be read.
pub fn check(
    course: &Course,
    lesson: &Lesson,
    traces: &[Trace],
    untried: &BTreeSet<String>,
    problems: &Problems,
) -> Result<()> {
    if lesson.is_project() {
        return Ok(());
    }
    let file = Labels::file(lesson);
    let labels = Labels::read(course, lesson)?;
    for Trace { path, mistake, .. } in traces {
        if !is_sentence(&mistake.says) {
            problems.add(
                path,
                "`says` must be a sentence that can follow “You get this result when”, without a colon",
            );
        }
    }
    if made(&labels, traces, untried) == labels {
        list_alike(lesson, &labels, traces);
    } else {
        problems.add(
            &file,
            format!(
                "does not match the results of the typical mistakes; run `cargo kata labels {}`",
                lesson.number
            ),
        );
    }
    Ok(())
}

/// Writes the file.
///
/// # Errors
///
/// When the file cannot be written.
pub fn write(course: &Course, lesson: &Lesson, traces: &[Trace], untried: &BTreeSet<String>) -> Result<()> {
    let old = Labels::read(course, lesson).unwrap_or_default();
    let labels = made(&old, traces, untried);
    files::write_changed(&course.root.join(Labels::file(lesson)), labels.text())?;
    list_alike(lesson, &labels, traces);
    Ok(())
}

/// What the file should hold: what the mistakes have left, and what it says of those that were not tried.
fn made(old: &Labels, traces: &[Trace], untried: &BTreeSet<String>) -> Labels {
    let mut labels = Labels::default();
    for Trace { mistake, fingerprint, .. } in traces {
        if let Some(fingerprint) = fingerprint {
            labels.add(&mistake.fails, fingerprint, &mistake.says);
        }
    }
    for (gate, fingerprint, says) in old.all() {
        if untried.contains(says) {
            labels.add(gate, fingerprint, says);
        }
    }
    labels
}

/// Prints which mistakes have no label. That is not their fault: a label for what several leave could be wrong.
fn list_alike(lesson: &Lesson, labels: &Labels, traces: &[Trace]) {
    let mut alike: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    let mut changing = Vec::new();
    for Trace { path, mistake, fingerprint } in traces {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match fingerprint {
            None => changing.push(name),
            Some(fingerprint) if labels.only(&mistake.fails, fingerprint).is_none() => {
                alike.entry((&mistake.fails, fingerprint)).or_default().push(name);
            }
            Some(_) => {}
        }
    }
    let without = changing.len() + alike.values().map(Vec::len).sum::<usize>();
    let mut text = format!(
        "  Lesson {}: {} of {} typical mistakes have a label",
        lesson.number,
        traces.len() - without,
        traces.len()
    );
    for ((gate, _), names) in alike {
        text += &format!("\n    no label tells these apart at `{gate}`: {}", names.join(", "));
    }
    if !changing.is_empty() {
        text += &format!("\n    the output of these differs from run to run: {}", changing.join(", "));
    }
    println!("{text}");
}
