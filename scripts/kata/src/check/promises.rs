//! What a lesson's texts promise of the code that a student writes, and what notices when the code does not keep it.
//!
//! `tests/promises/NN_topic.toml` lists every sentence, so that a text cannot promise more without a gate for it.
//! `cargo kata promises` writes it, and an author says what sees each promise.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anstream::println;
use anyhow::{Context, Result};
use serde::Deserialize;

use super::edits;
use super::problems::Problems;
use super::style::{doc_comments, whole_sentences};
use super::what::What;
use crate::course::{Course, Lesson};
use crate::derive::tasks;
use crate::files;

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Promises {
    /// Sentences that promise nothing of a student's code: they explain, or say what is given.
    #[serde(default)]
    explains: Vec<String>,
    #[serde(default)]
    promise: Vec<Promise>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Promise {
    sentence: String,
    /// The gates that fail if the code does not keep the promise.
    seen_by: Vec<String>,
    /// Typical mistakes that break the promise, by the names of their files.
    #[serde(default)]
    mistakes: Vec<String>,
}

/// # Errors
///
/// When a text or a list of promises cannot be read.
pub fn check(course: &Course, lesson: &Lesson, problems: &Problems) -> Result<()> {
    // What a project promises is in the cards of its stages, which list the gates.
    if lesson.is_project() {
        return Ok(());
    }
    let path = file(lesson);
    let promises = Promises::read(course, lesson)?;
    let listed = promises.explains.iter().chain(promises.promise.iter().map(|promise| &promise.sentence));
    let said = sentences(course, lesson)?;
    let mut unlisted: BTreeSet<_> = said.iter().collect();
    let mut met = BTreeSet::new();
    for sentence in listed {
        if !met.insert(sentence) {
            problems.add(&path, format!("lists “{sentence}” twice; delete one"));
        }
        unlisted.remove(sentence);
    }
    let gone = met.iter().filter(|sentence| !said.contains(sentence)).count();
    if gone + unlisted.len() > 0 {
        let number = lesson.number;
        problems.add(
            &path,
            format!(
                "does not list what the lesson's texts say (sentences to add: {}, to drop: {gone}); run \
                 `cargo kata promises {number}`, and name the gates that see the new ones",
                unlisted.len()
            ),
        );
    }
    check_promised_gates(course, lesson, &promises, problems)
}

/// Writes the list again: sentences that are still in a text keep their entries, and new ones get empty entries.
///
/// # Errors
///
/// When a text or the list cannot be read, or the list cannot be written.
pub fn write(course: &Course, lesson: &Lesson) -> Result<()> {
    if lesson.is_project() {
        return Ok(());
    }
    let promises = Promises::read(course, lesson)?.renewed(&sentences(course, lesson)?);
    files::write_changed(&course.root.join(file(lesson)), promises.text(lesson.number))?;
    let new = promises.promise.iter().filter(|promise| promise.seen_by.is_empty()).count();
    println!(
        "  Lesson {}: {} promises, {} other sentences; nobody has said yet what sees {new}",
        lesson.number,
        promises.promise.len(),
        promises.explains.len()
    );
    Ok(())
}

impl Promises {
    /// What the file says; nothing where there is none.
    fn read(course: &Course, lesson: &Lesson) -> Result<Self> {
        let path = file(lesson);
        let text = files::text_if_there(&course.root.join(&path))?.unwrap_or_default();
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// The same for these sentences, in their order.
    fn renewed(&self, said: &[String]) -> Self {
        let explained = |sentence: &&String| self.explains.contains(sentence);
        let (explains, promised): (Vec<_>, Vec<_>) = said.iter().partition(explained);
        let promise = |sentence: &String| {
            let known = self.promise.iter().find(|promise| promise.sentence == *sentence);
            known.cloned().unwrap_or_else(|| Promise {
                sentence: sentence.clone(),
                seen_by: Vec::new(),
                mistakes: Vec::new(),
            })
        };
        Self {
            explains: explains.into_iter().cloned().collect(),
            promise: promised.into_iter().map(promise).collect(),
        }
    }

    fn text(&self, number: u32) -> String {
        // A string of JSON is one of TOML, too.
        let quoted = |text: &String| serde_json::Value::from(text.as_str()).to_string();
        let list = |texts: &[String]| texts.iter().map(quoted).collect::<Vec<_>>().join(", ");
        let mut text = format!(
            "# What lesson {number} promises of the code that a student writes, and the gates and typical mistakes that \
             hold it to that.\n# `cargo kata promises {number}` adds new sentences.\n\nexplains = [\n"
        );
        for sentence in &self.explains {
            text += &format!("    {},\n", quoted(sentence));
        }
        text += "]\n";
        for Promise { sentence, seen_by, mistakes } in &self.promise {
            text +=
                &format!("\n[[promise]]\nsentence = {}\nseen_by = [{}]\n", quoted(sentence), list(seen_by));
            if !mistakes.is_empty() {
                text += &format!("mistakes = [{}]\n", list(mistakes));
            }
        }
        text
    }
}

fn file(lesson: &Lesson) -> PathBuf {
    let manifest = lesson.gate_file("toml");
    Path::new("tests/promises").join(manifest.file_name().expect("a manifest has a name"))
}

/// The gates and the mistakes that promises name are there, and each mistake fails at one of the gates.
fn check_promised_gates(
    course: &Course,
    lesson: &Lesson,
    promises: &Promises,
    problems: &Problems,
) -> Result<()> {
    let path = file(lesson);
    let gates: BTreeSet<_> = lesson.manifest.gates.iter().map(|gate| &gate.name).collect();
    let mistakes: BTreeMap<_, _> = edits::mistakes(course, lesson, What::everything())?
        .into_iter()
        .filter_map(|(path, mistake)| Some((path.file_stem()?.to_str()?.to_owned(), mistake.fails)))
        .collect();
    for Promise { sentence, seen_by, mistakes: breaking } in &promises.promise {
        if seen_by.is_empty() {
            problems.add(&path, format!("no gate sees “{sentence}”; extend one, or delete the sentence"));
        }
        for gate in seen_by.iter().filter(|gate| !gates.contains(gate)) {
            problems
                .add(&path, format!("`{gate}`, which is to see “{sentence}”, is not a gate of the lesson"));
        }
        for name in breaking {
            match mistakes.get(name) {
                None => problems
                    .add(&path, format!("“{sentence}” names the mistake `{name}`, which is not there")),
                Some(fails) if !seen_by.contains(fails) => problems.add(
                    &path,
                    format!(
                        "`{name}` fails at `{fails}`, which is not among what sees “{sentence}”; add it there"
                    ),
                ),
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// What the lesson says of a student's code, sentence by sentence, each once.
fn sentences(course: &Course, lesson: &Lesson) -> Result<Vec<String>> {
    let readme = files::read_text(&course.root.join(lesson.folder().join("README.md")))?;
    let mut texts = vec![tasks_section(&readme)];
    for gate in &lesson.manifest.gates {
        texts.push(gate.learnt.clone());
        texts.extend(gate.tasks.iter().cloned());
    }
    for file in files::below(&course.root.join(lesson.folder()))? {
        if file.extension().is_some_and(|extension| extension == "rs") {
            let text = files::read_text(&course.root.join(lesson.folder()).join(file))?;
            if text.lines().any(|line| tasks::task(line).is_some()) {
                texts.push(doc_comments(&text));
            }
        }
    }
    let mut met = BTreeSet::new();
    let sentences = texts.iter().flat_map(|text| whole_sentences(text));
    Ok(sentences.filter(|sentence| met.insert(sentence.clone())).collect())
}

/// The part of a lesson's README that says what to write, without its headings, which are the titles of gates.
fn tasks_section(readme: &str) -> String {
    let section = readme.split_once("\n## The tasks\n").map_or("", |(_, rest)| rest);
    let section = section.split("\n## ").next().unwrap_or_default();
    section.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Promise, Promises, tasks_section};
    use crate::check::style::{doc_comments, whole_sentences};

    #[test]
    fn sentences_keep_their_code() {
        let text = "Return `Ok(None)`. Still in\n`a. b`: do\nthat.\n\n```rust\nno.text()\n```\n\n- One `.first(…)`. Two.\n";
        let whole = ["Return `Ok(None)`.", "Still in `a. b`: do that.", "One `.first(…)`.", "Two."];
        assert_eq!(whole_sentences(text), whole);
    }

    #[test]
    fn the_tasks_and_the_doc_comments_are_read() {
        let readme = "# 5\n\nNot this.\n\n## The tasks\n\n### 1. A\n\nThis.\n\n## Then\n\nNot this.\n";
        assert_eq!(whole_sentences(&tasks_section(readme)), ["This."]);
        let code =
            "//! A module.\n\n/// A function\n/// of two lines.\nfn a() {\n    // Not this.\n    1\n}\n";
        assert_eq!(whole_sentences(&doc_comments(code)), ["A module.", "A function of two lines."]);
    }

    #[test]
    fn a_sentence_that_is_still_there_keeps_its_gates() {
        let promise = |sentence: &str, gates: &[&str]| Promise {
            sentence: sentence.to_owned(),
            seen_by: gates.iter().map(|&gate| gate.to_owned()).collect(),
            mistakes: Vec::new(),
        };
        let mut kept = promise("Say \"a\\b\".", &["a_gate", "another"]);
        kept.mistakes.push("wrong".to_owned());
        let old = Promises {
            explains: vec!["It explains.".to_owned(), "It is gone.".to_owned()],
            promise: vec![promise("Gone, too.", &["a_gate"]), kept.clone()],
        };
        let said = ["New.", "Say \"a\\b\".", "It explains."].map(str::to_owned);
        let new =
            Promises { explains: vec!["It explains.".to_owned()], promise: vec![promise("New.", &[]), kept] };
        assert_eq!(old.renewed(&said), new);
        assert_eq!(toml::from_str::<Promises>(&new.text(5)).unwrap(), new);
    }
}
