//! What GitHub reads from `annotations.txt`.

use std::collections::BTreeMap;

use grade::formats::json;
use grade::formats::platforms::annotations;
use grade::text::clean;
use grade::verdict::SubmissionVerdict;
use kata::course::Course;
use proptest::prelude::*;
use serde_json::json;

use crate::harmless::fault;
use crate::hostile_texts::text;
use crate::material::course;
use crate::verdicts::verdict;

/// A command as GitHub's runner takes it from a line: its name, its properties, and its text.
#[derive(Debug, Eq, PartialEq)]
struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    text: String,
}

fn decoded(text: &str) -> String {
    let text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
    text.replace("%25", "%")
}

fn commands(text: &str) -> Vec<Command> {
    let command = |line: &str| {
        let (head, text) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let pair = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap();
            (key.to_owned(), decoded(value))
        };
        let properties = properties.split(',').map(pair).collect();
        Command { name: name.to_owned(), properties, text: decoded(text) }
    };
    text.split(['\n', '\r']).filter(|line| !line.is_empty()).map(command).collect()
}

fn of(value: serde_json::Value) -> Vec<Command> {
    let verdict: SubmissionVerdict = serde_json::from_value(value).unwrap();
    commands(&annotations::text(&verdict))
}

#[test]
fn each_submitted_lessons_first_failure_is_at_the_students_line() {
    let course = course();
    let mut value = verdict(&course, "ann", &[("1", "PPPPPPP"), ("3", "F"), ("4", "B"), ("5", "PF")]);
    // Nothing of lesson 3 was handed in.
    value["lessons"][1]["digest"] = "".into();
    value["lessons"][2]["diagnostics"] =
        "error[E0308]: mismatched types\n --> lessons/04-x/src/a,b.rs:12:5\n  |\n".into();
    value["lessons"][3]["gates"][1]["place"] = json!({ "file": "lessons/05-crud/src/books.rs", "line": 31 });
    let found = of(value.clone());
    let shown: Vec<_> = found
        .iter()
        .map(|it| (it.name.as_str(), it.properties["file"].as_str(), it.properties["line"].as_str()))
        .collect();
    assert_eq!(
        shown,
        [("error", "lessons/04-x/src/a,b.rs", "12"), ("error", "lessons/05-crud/src/books.rs", "31")]
    );
    assert_eq!(found[1].properties["title"], "Gate 5.2 Read all books");
    assert!(
        found[0].text.starts_with("BUILD_ERROR: it does not compile\n\nerror[E0308]"),
        "{}",
        found[0].text
    );
    assert!(
        found[1].text.contains("Expected:\nfind\n    Some(1)\n\nGot:\nfind\n    None"),
        "{}",
        found[1].text
    );

    // The grader's fault, and what is not a grade, are not the student's errors.
    value["lessons"][3]["gates"][1]["verdict"] = "GRADER_ERROR".into();
    assert_eq!(of(value.clone())[1].name, "warning");
    value["repetition"] = true.into();
    assert!(of(value).iter().all(|command| command.name == "notice"));
    assert_eq!(of(verdict(&course, "ann", &[("1", "PPPPPPP")])), []);
    // Where nothing was handed in, that is what there is to say.
    let mut nothing = verdict(&course, "ann", &[("1", "F"), ("5", "F")]);
    for lesson in nothing["lessons"].as_array_mut().unwrap() {
        lesson["digest"] = "".into();
    }
    let found = of(nothing);
    assert!(found.len() == 1 && !found[0].properties.contains_key("file"), "{found:?}");
}

#[test]
fn an_annotation_does_not_reveal_the_fresh_rows() {
    let mut value = verdict(&course(), "ann", &[("1", "PF")]);
    let gate = &mut value["lessons"][0]["gates"][1];
    gate["seed"] = 2.into();
    gate["got"] = "SECRET".into();
    gate["reason"] = "on new data, it panicked: SECRET".into();
    let found = of(value);
    assert!(found[0].text.starts_with("FAIL: on new data"), "{}", found[0].text);
    assert!(!found[0].text.contains("SECRET"), "{}", found[0].text);
}

thread_local! {
    static COURSE: Course = course();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_text_of_a_student_becomes_a_command(texts in prop::collection::vec(text(), 5)) {
        let mut value = COURSE.with(|course| verdict(course, &texts[0], &[("1", "PF"), ("5", "BB")]));
        let gate = &mut value["lessons"][0]["gates"][1];
        gate["reason"] = texts[1].as_str().into();
        gate["got"] = texts[2].as_str().into();
        gate["label"] = texts[3].as_str().into();
        gate["sql"] = json!([texts[4]]);
        gate["place"] = json!({ "file": texts[0], "line": 3 });
        let arrow = format!("{}\n --> {}:7:1\n{}", texts[2], texts[3].replace('\n', ""), texts[4]);
        value["lessons"][1]["diagnostics"] = arrow.into();
        let verdict: SubmissionVerdict = serde_json::from_value(value).unwrap();
        // As the grader writes it, and as it would be without that.
        for verdict in [json::with_texts(&verdict, &clean).unwrap(), verdict] {
            let written = annotations::text(&verdict);
            let found = commands(&written);
            prop_assert_eq!(found.len(), 2, "{}", written);
            for command in &found {
                prop_assert_eq!(&command.name, "error");
                let known = |key: &String| matches!(key.as_str(), "file" | "line" | "title");
                prop_assert!(command.properties.keys().all(known), "{:?}", command);
                prop_assert_eq!(fault(&command.text), None, "{:?}", command.text);
                if let Some(file) = command.properties.get("file") {
                    prop_assert!(!file.starts_with('/') && !file.split('/').any(|part| part == ".."), "{}", file);
                }
            }
            // In a log, no other server takes a part of it for a command of its own.
            for line in written.lines() {
                let lower = line.to_lowercase();
                let others = ["##[", "##vso[", "##teamcity[", "section_start:", "travis_fold:", ":=>>"];
                prop_assert!(others.iter().all(|other| !lower.contains(other)), "{}", line);
            }
        }
    }
}
