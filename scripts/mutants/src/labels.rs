//! Whether the labels of typical mistakes are true of mutants, too: a student may write either.
//!
//! Somebody has to read that. `labels.toml` holds what was read and found true.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use kata::check::noticed;
use kata::course::Course;
use kata::{NOT_PASSED, PASSED, files};

use crate::mutant::Mutant;
use crate::which::Which;

const FILE: &str = "scripts/mutants/labels.toml";

/// By step and label, the mutants of which it is true.
type True = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Runs each mutant as a student's work, and lists the labels that nobody has read yet.
///
/// # Errors
///
/// When one cannot be tried, or the list cannot be read.
pub fn check(course: &Course, which: &Which) -> Result<u8> {
    if which.submission.is_some() {
        bail!("labels are about the solutions: leave out --submission");
    }
    let read = files::read_text(&course.root.join(FILE))?;
    let read: True = toml::from_str(&read).context(FILE)?;
    let mut unread = True::new();
    for subject in which.subjects(course)? {
        // A project has no labels.
        if subject.lesson.is_project() {
            continue;
        }
        let (mut noticed_by_gate, mut labeled) = (0, 0);
        for mutant in which.mutants(course, &subject)? {
            let seen = noticed(course, subject.lesson, &mutant.file, &mutant.text);
            let Some(seen) = seen.with_context(|| mutant.title())? else { continue };
            noticed_by_gate += 1;
            let Some(says) = seen.says else { continue };
            labeled += 1;
            let name = name(&mutant);
            let is_read = read
                .get(&mutant.step)
                .and_then(|labels| labels.get(&says))
                .is_some_and(|mutants| mutants.contains(&name));
            if !is_read {
                unread.entry(mutant.step.clone()).or_default().entry(says).or_default().insert(name);
            }
        }
        println!(
            "{}: {noticed_by_gate} mutants that a gate notices, {labeled} with a label",
            subject.lesson.name
        );
    }
    if unread.is_empty() {
        return Ok(PASSED);
    }
    println!(
        "\nRead these. If the label is true of the mutant, add the line to {FILE}; otherwise write a typical\n\
         mistake that leaves the same, so that neither has a label.\n\n{}",
        text(&unread)
    );
    Ok(NOT_PASSED)
}

fn name(mutant: &Mutant) -> String {
    format!("{}: {}", mutant.file.display(), mutant.change())
}

/// The lines for the file. A string of JSON is one of TOML, too.
fn text(labels: &True) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = Vec::new();
    for (step, labels) in labels {
        lines.push(format!("[{}]", quoted(step)));
        for (says, mutants) in labels {
            lines.push(format!("{} = [", quoted(says)));
            lines.extend(mutants.iter().map(|mutant| format!("    {},", quoted(mutant))));
            lines.push("]".to_owned());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{True, text};

    #[test]
    fn labels_round_trip_through_their_text() {
        let mutants = ["src/a.rs: \"x\" → y".to_owned(), "b".to_owned()].into();
        let labels: True = [("05-crud".to_owned(), [("It is \\ lost.".to_owned(), mutants)].into())].into();
        assert_eq!(toml::from_str::<True>(&text(&labels)).unwrap(), labels);
    }
}
