//! `submission_metadata.json`, which Gradescope writes for its autograder: who handed in, when, and for how many
//! points.
//!
//! sources: gradescope/autograder_samples, 61c849d (docs/submission_metadata.md). It may change, so all of it is
//! optional. A student with an extension has an `assignment` of their own.

use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde_json::Value;

use super::fault::{Fault, Source};
use super::names::student_of;
use super::points::Points;
use super::roster::{Person, Roster};
use super::rules::Rules;
use super::times;
use crate::text::line;

/// What is known about the submission that Gradescope hands to its autograder.
pub struct Metadata {
    /// What the assignment counts there.
    pub points: Option<Points>,
    /// Until when those who handed it in have time; of a group, whoever has most.
    due: Option<Timestamp>,
    people: Vec<Person>,
    source: Source,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    created_at: Option<String>,
    assignment: Assignment,
    users: Vec<User>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Assignment {
    due_date: Option<String>,
    /// A number, as a text.
    total_points: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct User {
    id: Value,
    email: Option<String>,
    name: Option<String>,
    assignment: Option<Assignment>,
}

impl Metadata {
    /// # Errors
    ///
    /// When it cannot be read, or has a time or a number that cannot be understood.
    pub fn read(file: &Path) -> Result<Self, Fault> {
        let source = Source::read(file)?;
        let File { created_at, assignment, users } = serde_json::from_str(&source.text)
            .map_err(|error| source.at_line(error.line(), format_args!("is not Gradescope's: {error}")))?;
        let moment = |text: &String| {
            times::moment(text, None).map_err(|error| source.fault(format_args!("`{}` {error}", line(text))))
        };
        if let Some(time) = &created_at {
            moment(time)?;
        }
        let own = users.iter().filter_map(|user| user.assignment.as_ref()?.due_date.as_ref());
        let due = own.chain(&assignment.due_date).map(moment).collect::<Result<Vec<_>, _>>()?;
        let people = users.iter().map(|user| user.person(created_at.as_ref())).collect();
        let points = points(&assignment.total_points).map_err(|error| source.fault(error))?;
        Ok(Self { points, due: due.into_iter().max(), people, source })
    }

    /// The class is whoever handed in, with this submission as theirs. What the policy says about others is left out.
    pub fn complete(&self, rules: &mut Rules, submission: &str) {
        let mut people = self.people.clone();
        for person in &mut people {
            person.folders = vec![submission.to_owned()];
        }
        let policy = &mut rules.policy;
        policy.due = policy.due.or(self.due);
        if let Some(source) = &policy.source {
            policy.extensions.retain(|extension| student_of(&people, source, &extension.student).is_ok());
        }
        if !people.is_empty() {
            let source = Source { file: self.source.file.clone(), text: self.source.text.clone() };
            rules.roster = Some(Roster { source, people, is_canvas: false });
        }
    }
}

impl User {
    fn person(&self, created_at: Option<&String>) -> Person {
        let text = |text: &Option<String>| text.as_deref().map(line).unwrap_or_default();
        let (email, name) = (text(&self.email), text(&self.name));
        let number = line(&self.id.to_string());
        let id = if email.is_empty() { number } else { email.clone() };
        Person { id, name, email, handed_in: created_at.cloned(), line: 1, ..Person::default() }
    }
}

/// `"20.0"`, or nothing. No assignment counts a fraction of a hundredth.
fn points(value: &Value) -> Result<Option<Points>, String> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let points = text.trim().parse::<f64>().ok().and_then(|number| {
        let hundredths = (number * 100.0).round() / 100.0;
        let deserializer: serde::de::value::F64Deserializer<Error> = hundredths.into_deserializer();
        Points::deserialize(deserializer).ok()
    });
    points
        .map(Some)
        .ok_or_else(|| format!("`total_points` is `{}`, which is not a number of points", line(&text)))
}
