//! Whatever a student hands in, each format is valid, and nothing in it is more than text.

use grade::class::grades::Grades;
use grade::class::record::Record;
use grade::class::rules::Rules;
use grade::formats::{csv, json, junit, summary};
use grade::text::{clean, line};
use grade::verdict::SubmissionVerdict;
use jsonschema::Validator;
use kata::course::Course;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};
use serde_json::{Value, json};

use crate::harmless::{fault, fault_of_cell};
use crate::hostile_texts::text;
use crate::material::{course, root};

/// A verdict in which everything that may come from a student is one of these texts.
fn verdict(texts: &[String]) -> SubmissionVerdict {
    let [name, reason, got, diagnostics, sql, ignored] = texts else { panic!("six texts") };
    let gate = |number: u32, verdict: &str| {
        json!({
            "number": number, "name": "a_gate", "title": "A gate", "verdict": verdict, "reason": reason, "points": 0,
            "max_points": 1, "milliseconds": 1, "peak_kib": 1, "seed": 1, "expected": "1\n2", "got": got,
            "sql": [sql, sql],
        })
    };
    let lesson = |name: &str, diagnostics: Option<&String>| {
        json!({
            "lesson": name, "digest": "", "points": 0, "max_points": 2, "build_milliseconds": 1, "build_peak_kib": 1,
            "diagnostics": diagnostics, "gates": [gate(1, "FAIL"), gate(2, "TAMPER")],
            "cpu": { "compiling": 1, "running": 1, "sandbox": 1 },
        })
    };
    let value = json!({
        "schema": "kata-verdict/v1", "submission": name, "digest": "0".repeat(64), "course_version": "1.2.0",
        "canonical": "0".repeat(64),
        "tier": "A", "advisory": false, "seeds": { "published": 1, "fresh": [2] },
        "options": crate::verdicts::options(), "repetition": false,
        "started": "2026-05-01T12:00:00Z", "milliseconds": 1, "points": 0, "max_points": 4,
        "ignored": [ignored, ignored], "lessons": [lesson("01-database", None), lesson("05-crud", Some(diagnostics))],
        "cpu": { "compiling": 1, "running": 1, "sandbox": 1 },
    });
    let verdict = serde_json::from_value(value).unwrap();
    json::with_texts(&verdict, &clean).unwrap()
}

fn schema() -> Validator {
    let text = std::fs::read_to_string(root().join("scripts/grade/verdict.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// The elements of a text in Markdown without what is in them, and its code.
fn structure(markdown: &str) -> (Vec<String>, Vec<String>) {
    let (mut elements, mut code) = (Vec::new(), Vec::new());
    for event in Parser::new_ext(markdown, Options::all()) {
        let element = match event {
            Event::Text(text) => {
                if elements.last().is_some_and(|last| last == "text") {
                    let before = code.pop().unwrap_or_default();
                    code.push(before + text.as_ref());
                    continue;
                }
                code.push(text.into_string());
                "text".to_owned()
            }
            Event::Code(text) => {
                code.push(text.into_string());
                "code".to_owned()
            }
            other => format!("{other:?}"),
        };
        elements.push(element);
    }
    (elements, code)
}

/// A student hands in one folder, `05-crud`, which does not compile.
#[test]
fn a_lesson_that_was_handed_in_is_explained_before_those_that_were_not() {
    let mut verdict =
        verdict(&["ann", "nothing was handed in", "", "error[E0308]", "", ""].map(str::to_owned));
    for lesson in &mut verdict.lessons {
        lesson.gates.truncate(1);
    }
    verdict.lessons[1].digest = Some("1".repeat(64));
    verdict.lessons[1].gates[0].reason = "it does not compile".to_owned();
    let told = verdict.most_telling().map(|(lesson, gate)| (lesson.lesson.as_str(), gate.reason.as_str()));
    assert_eq!(told, Some(("05-crud", "it does not compile")));
    let summary = summary::text(false, [Ok(verdict.clone())].into_iter()).unwrap();
    assert!(summary.contains("### 05-crud, gate 1") && summary.contains("error[E0308]"), "{summary}");
    // Where nothing was handed in, the first lesson says so.
    verdict.lessons[1].digest = None;
    assert_eq!(verdict.first_to_fix().map(|lesson| lesson.lesson.as_str()), Some("01-database"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn a_cleaned_text_is_harmless_and_stays_the_same_if_cleaned_again(text in text()) {
        let cleaned = clean(&text);
        prop_assert_eq!(fault(&cleaned), None, "{:?}", cleaned);
        prop_assert!(cleaned.len() <= 16 << 10);
        prop_assert_eq!(clean(&cleaned), cleaned);
    }

    #[test]
    fn a_cleaned_line_is_harmless_and_stays_the_same_if_cleaned_again(text in text()) {
        let one = line(&text);
        prop_assert_eq!(fault(&one), None, "{:?}", one);
        prop_assert!(!one.contains(['\n', '\t']) && one.chars().count() <= 300);
        prop_assert_eq!(&line(&one), &one);
        prop_assert_eq!(clean(&one), one);
    }

    #[test]
    fn a_cell_is_text(text in text()) {
        let cell = csv::cell(&text);
        prop_assert_eq!(fault_of_cell(&cell), None, "{:?}", cell);
    }
}

/// JUnit's XML has no tabs. What is on both sides of one stays apart.
#[test]
fn dropping_a_tab_does_not_join_the_parts_of_a_command() {
    let texts = ["section_start\t:1", "##\t[error]", ":\t:error::x", "a", "b", "c"].map(str::to_owned);
    for rotated in 0..texts.len() {
        let mut texts = texts.clone();
        texts.rotate_left(rotated);
        let written = junit::text(&verdict(&texts)).unwrap();
        assert_eq!(fault(&written.replace("&gt;", ">")), None, "{written}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn text_from_a_student_stays_text_in_every_format(texts in prop::collection::vec(text(), 6)) {
        let verdict = verdict(&texts);

        let written = json::text(&verdict).unwrap();
        prop_assert_eq!(fault(&written), None);
        let value: Value = serde_json::from_str(&written).unwrap();
        prop_assert!(SCHEMA.with(|schema| schema.is_valid(&value)));

        let written = junit::text(&verdict).unwrap();
        prop_assert_eq!(fault(&written.replace("&gt;", ">")), None);
        let document = roxmltree::Document::parse(&written);
        prop_assert!(document.is_ok(), "{:?}", document.err());
        let document = document.unwrap();
        let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
        prop_assert_eq!(cases.count(), 4);
        for output in document.descendants().filter(|node| node.has_tag_name("system-out")) {
            let (read, got) = (output.text().unwrap_or_default(), clean(&texts[2]).replace('\t', "    "));
            prop_assert_eq!(read.trim(), got.trim());
        }

        let records = vec![Record::of(&verdict.submission, &verdict)];
        let grades = COURSE.with(|course| Grades::of(&Rules::default(), records, course)).unwrap();
        let written = csv::text(&grades).unwrap();
        let mut table = ::csv::Reader::from_reader(&written[..]);
        let records = table.records().collect::<Result<Vec<_>, _>>().unwrap();
        prop_assert_eq!(records.len(), 1);
        prop_assert_eq!(std::str::from_utf8(&written).unwrap().lines().count(), 2);
        for cell in &records[0] {
            prop_assert_eq!(fault_of_cell(cell), None, "{:?}", cell);
        }

        let written = summary::text(false, [Ok(verdict)].into_iter()).unwrap();
        prop_assert_eq!(fault(&written), None);
        let shown: Vec<_> = texts.iter().map(|text| line(&clean(text))).collect();
        let tame: Vec<_> = shown.iter().map(|text| if text.is_empty() { "" } else { "x" }.to_owned()).collect();
        let tame = summary::text(false, [Ok(self::verdict(&tame))].into_iter()).unwrap();
        let (elements, code) = structure(&written);
        prop_assert_eq!(&elements, &structure(&tame).0);
        for text in [&shown[0], &shown[1], &shown[5]] {
            prop_assert!(text.is_empty() || code.contains(text), "{:?} is not in {:?}", text, code);
        }
    }
}

thread_local! {
    static SCHEMA: Validator = schema();
    static COURSE: Course = course();
}
