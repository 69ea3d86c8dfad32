//! What a gate that fails saw tells typical mistakes apart: the label says which of them leaves exactly this.
//!
//! `tests/gates/labels/NN_topic.toml` lists what the typical mistakes leave, and `cargo kata labels` writes it. A label
//! that is wrong is worse than none, so there is one only where the fingerprint is that of one kind of mistake.

mod sentence;
mod shape;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::course::{Course, Lesson};
use crate::digest::hex;
use crate::report::{GateReport, Report, Status};
use crate::{Database, files};
pub use sentence::{is_sentence, label};
use shape::shape;

/// As many bytes of a digest tell fingerprints apart.
const BYTES: usize = 8;

/// What a gate that failed saw, as far as it tells one mistake from another.
#[derive(Clone)]
pub struct Seen<'a> {
    pub database: Database,
    pub got: Option<&'a str>,
    /// The message of the first panic.
    pub panic: Option<&'a str>,
    /// The statements that the student's code ran.
    pub sql: Vec<&'a str>,
}

impl Seen<'_> {
    fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        // A length before each part keeps one part's end from counting as the next one's beginning.
        let mut add = |part: &str| digest.update(format!("{} {part}\n", part.len()));
        add(self.database.name());
        add(self.got.unwrap_or_default());
        add(self.panic.unwrap_or_default());
        for statement in &self.sql {
            add(&shape(statement));
        }
        hex(&digest.finalize()[..BYTES])
    }
}

/// The fingerprint of a gate that has run and failed; one that died or took too long has none.
pub fn fingerprint(gate: &GateReport, database: Database) -> Option<String> {
    Some(seen(gate, database)?.fingerprint())
}

fn seen(gate: &GateReport, database: Database) -> Option<Seen<'_>> {
    if gate.status != Status::Fail {
        return None;
    }
    let panic = gate.panic.as_ref().map(|panic| panic.message.as_str());
    let sql = gate.sql.iter().map(String::as_str).collect();
    Some(Seen { database, got: gate.got.as_deref(), panic, sql })
}

/// The mistakes that leave the same, by their sentences.
type Sentences = BTreeSet<String>;

/// By gate and fingerprint, which mistakes leave it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Labels(pub BTreeMap<String, BTreeMap<String, Sentences>>);

impl Labels {
    pub fn file(lesson: &Lesson) -> PathBuf {
        Path::new("tests/gates/labels").join(format!("{}.toml", lesson.name.replace('-', "_")))
    }

    /// # Errors
    ///
    /// When there is a file that cannot be read.
    pub fn read(course: &Course, lesson: &Lesson) -> Result<Self> {
        let file = Self::file(lesson);
        let text = files::text_if_there(&course.root.join(&file))?.unwrap_or_default();
        Ok(Self(toml::from_str(&text).with_context(|| file.display().to_string())?))
    }

    /// The label of what the gate saw, if one kind of mistake alone leaves it.
    pub fn label(&self, gate: &str, seen: &Seen<'_>) -> Option<String> {
        self.only(gate, &seen.fingerprint()).map(label)
    }

    pub fn add(&mut self, gate: &str, fingerprint: &str, says: &str) {
        let gate = self.0.entry(gate.to_owned()).or_default();
        gate.entry(fingerprint.to_owned()).or_default().insert(says.to_owned());
    }

    /// Gate, fingerprint and sentence of each mistake.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let all = self.0.iter().flat_map(|(gate, fingerprints)| {
            fingerprints.iter().map(move |(fingerprint, sentences)| (gate, fingerprint, sentences))
        });
        all.flat_map(|(gate, fingerprint, sentences)| {
            sentences.iter().map(move |says| (gate.as_str(), fingerprint.as_str(), says.as_str()))
        })
    }

    /// The sentence of the one kind of mistake that leaves this.
    pub fn only(&self, gate: &str, fingerprint: &str) -> Option<&str> {
        let mut sentences = self.0.get(gate)?.get(fingerprint)?.iter();
        let only = sentences.next()?;
        sentences.next().is_none().then_some(only)
    }

    /// The text of the file: a line for each fingerprint, so that two versions of it merge.
    pub fn text(&self) -> String {
        let mut text = HEADER.to_owned();
        for (gate, fingerprints) in &self.0 {
            text += &format!("\n[{}]\n", serde_json::Value::from(gate.as_str()));
            for (fingerprint, sentences) in fingerprints {
                // A string of JSON is one of TOML, too.
                let sentences: Vec<_> =
                    sentences.iter().map(|says| serde_json::Value::from(says.as_str()).to_string()).collect();
                text += &format!("{fingerprint} = [{}]\n", sentences.join(", "));
            }
        }
        text
    }
}

/// How the file begins.
const HEADER: &str = "# What typical mistakes leave at the gate that they fail, on the published seed. `cargo kata labels` \
                      writes it.\n";

/// Gives the first gate that failed the label of what it saw, if there is one. What the gates behind it see may come of
/// the same mistake.
pub fn add_label(course: &Course, lesson: &Lesson, report: &mut Report) {
    let is_failure = |gate: &&mut GateReport| !matches!(gate.status, Status::Pass | Status::Waiting);
    let Some(gate) = report.gates.iter_mut().find(is_failure) else { return };
    // Where nothing is written yet, nobody has made a mistake.
    if gate.is_to_do() {
        return;
    }
    // Labels are a help: a file that cannot be read keeps nobody from a verdict, and `cargo kata check` reports it.
    let Ok(labels) = Labels::read(course, lesson) else { return };
    let seen = seen(gate, report.database);
    gate.label = seen.and_then(|seen| labels.label(&gate.name, &seen));
}

#[cfg(test)]
mod tests;
