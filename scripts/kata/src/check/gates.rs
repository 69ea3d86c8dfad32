//! What holds for the source of every gate.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::problems::Problems;
use crate::course::{Course, Lesson};
use crate::files;

/// What a gate may not hold: it hands what it saw to one snapshot, and judges nothing itself.
const FORBIDDEN: [(&str, &str); 6] = [
    ("assert!(", "a gate asserts one snapshot; note the value in the transcript"),
    ("assert_eq!(", "a gate asserts one snapshot; note the value in the transcript"),
    ("assert_ne!(", "a gate asserts one snapshot; note the value in the transcript"),
    ("unwrap_or", "a default hides what the gate saw; note the value itself"),
    ("@\"", "an inline snapshot cannot be judged from outside; use a file snapshot"),
    ("sleep", "wait for what happens, never for time to pass"),
];

const IMPORT: &str = "what is imported may be a trait, whose methods then answer instead of a fixture's; write \
                      `step::…` where it is used";

const LEND: &str = "the gate reads over this connection, and a student's code could leave a view or a setting on it; write \
                    `lend(|conn| …)`";

const DOT: &str = "a method of this name on the student's own type would answer instead of the trait's; write \
                   `SessionStore::save(&store, …)`";

/// What is not written in the source of a gate, or of what gates share.
const NOWHERE: [(&str, &str); 6] = [
    ("use step", IMPORT),
    (".conn()", LEND),
    ("store.create(", DOT),
    ("store.load(", DOT),
    ("store.save(", DOT),
    ("store.delete(", DOT),
];

/// The fixtures that take the key of the seal before they do anything else.
const FIRST: [&str; 13] = [
    "Bookshop::open(",
    "Database::",
    "Dotenv::with(",
    "Restaurant::of_seed(",
    "Server::of(",
    "Transcript::new(",
    "hexadecimal(",
    "letters(",
    "number(",
    "pick(",
    "secret(",
    "title(",
    "word(",
];

/// # Errors
///
/// When a gate's source cannot be read.
pub fn check(course: &Course, lesson: &Lesson, problems: &Problems) -> Result<()> {
    let mut in_source = Vec::new();
    let mut sources = Vec::new();
    for (phase, path) in lesson.gate_sources() {
        let text = files::read_text(&course.root.join(&path))?;
        sources.push((phase, path, text));
    }
    // Of a lesson in stages, what the stages share.
    let shared = lesson.gate_file("rs");
    let shared_text = files::read_text(&course.root.join(&shared))?;
    let texts = sources.iter().map(|(_, path, text)| (path, text));
    let texts: BTreeMap<_, _> = texts.chain([(&shared, &shared_text)]).collect();
    for (path, text) in &texts {
        for (number, line) in text.lines().enumerate() {
            for (words, why) in NOWHERE {
                if line.contains(words) {
                    problems.add(path, format!("line {}: `{words}`: {why}", number + 1));
                }
            }
        }
    }
    let beginners = beginners(&texts.into_values().map(String::as_str).collect::<Vec<_>>());
    for (phase, path, text) in &sources {
        for (number, line) in text.lines().enumerate() {
            for (word, why) in FORBIDDEN {
                if line.contains(word) {
                    problems.add(path, format!("line {}: `{word}`: {why}", number + 1));
                }
            }
        }
        for (name, body) in tests(text).zip(text.split("#[test]").skip(1)) {
            in_source.push(format!("{phase}{name}"));
            if !begins_with_a_fixture(body, &beginners) {
                problems.add(
                    path,
                    format!(
                        "`{name}` calls the student's code before a fixture has taken the key of the seal; begin with \
                         `Transcript::new()`"
                    ),
                );
            }
            let snapshots = body.matches("insta::assert").count();
            if snapshots != 1 {
                problems.add(path, format!("`{name}` must assert one snapshot, and asserts {snapshots}"));
            }
        }
    }
    let in_manifest: Vec<_> = lesson.manifest.gates.iter().map(|gate| gate.name.as_str()).collect();
    if in_source != in_manifest {
        let files: Vec<_> = sources.iter().map(|(_, path, _)| path.display().to_string()).collect();
        let (files, gates) = (files.join(", "), in_source.join(", "));
        let message = format!("its gates must be those of {files}, in the same order: {gates}");
        problems.add(&lesson.gate_file("toml"), message);
    }
    Ok(())
}

/// The names of the tests in a source file, in order.
fn tests(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[test]").skip(1).filter_map(|test| test.split_once("fn ")?.1.split('(').next())
}

/// The functions of the gates' files that begin with a fixture, as they are called.
fn beginners(sources: &[&str]) -> BTreeSet<String> {
    let mut beginners: BTreeSet<String> = FIRST.map(str::to_owned).into();
    loop {
        let functions = sources.iter().flat_map(|text| text.split("\nfn ").skip(1));
        let found: Vec<_> = functions
            .filter(|function| begins_with_a_fixture(function, &beginners))
            .filter_map(|function| Some(format!("{}(", function.split(['(', '<']).next()?)))
            .collect();
        let known = beginners.len();
        beginners.extend(found);
        if beginners.len() == known {
            return beginners;
        }
    }
}

/// Whether a function calls one of these before it names anything of the student's. `function` begins with its head.
fn begins_with_a_fixture(function: &str, beginners: &BTreeSet<String>) -> bool {
    let body = function.split_once(" {\n").map_or("", |(_, body)| body);
    let body = body.split("\n}").next().unwrap_or_default();
    let fixture = beginners.iter().filter_map(|call| body.find(call.as_str())).min();
    let step = body.find("step::");
    fixture.is_some_and(|fixture| step.is_none_or(|step| fixture < step))
}
