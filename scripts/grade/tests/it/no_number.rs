//! What is not a grade is not a number in any format, and never looks like a zero that somebody has earned.

use std::fs;
use std::path::Path;

use grade::class::attempt::State;
use grade::formats::platforms::classroom50;
use grade::verdict::SubmissionVerdict;
use serde_json::{Value, json};

use crate::class::{grades, record, student, total};
use crate::material::{course, grade, place, place_key};
use crate::verdicts::{put, verdict};

/// Why a verdict is not a grade.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Why {
    /// It is one.
    Counts,
    Repetition,
    Tamper,
    Policy,
    GraderError,
    /// Its points are not those of its gates.
    DoesNotAddUp,
    /// The key beside the folder has not sealed it.
    NotSealed,
    NotJson,
}

const FORMATS: &str =
    "junit,csv,summary,html,feedback,canvas,moodle,gradescope,prairielearn,check50,annotations,exercism";

fn read(out: &Path, name: &str) -> String {
    fs::read_to_string(out.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn of(why: Why) -> Value {
    let marks = match why {
        Why::Tamper => "PPPPPPT",
        Why::Policy => "YYYYYYY",
        Why::GraderError => "PPPPPP?",
        _ => "PPPPPPF",
    };
    let mut value = verdict(&course(), "ann", &[("1", marks)]);
    match why {
        Why::Repetition => value["repetition"] = true.into(),
        Why::DoesNotAddUp => value["points"] = 7.into(),
        Why::NotJson => value = Value::Null,
        _ => {}
    }
    value
}

#[test]
fn a_result_that_is_not_a_grade_is_not_a_number_in_any_format() {
    for why in [
        Why::Counts,
        Why::Repetition,
        Why::Tamper,
        Why::Policy,
        Why::GraderError,
        Why::DoesNotAddUp,
        Why::NotSealed,
        Why::NotJson,
    ] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        put(&out, "ann", &of(why));
        // Another makes the lesson one that counts.
        put(&out, "bob", &verdict(&course(), "bob", &[("1", "PP")]));
        let stale = ["gradescope.json", "prairielearn.json", "check50.json", "junit.xml"];
        stale.iter().for_each(|name| place(&out, &format!("ann/{name}"), b"6 of 7"));
        if why == Why::NotSealed {
            place_key(folder.path(), "out.key", &"k".repeat(64));
        }
        place(folder.path(), "roster.csv", b"id\nann\nbob\n");
        let roster = folder.path().join("roster.csv").display().to_string();
        let output = grade(&["--book", out.to_str().unwrap(), "--roster", &roster, "--format", FORMATS]);
        assert_eq!(output.status.code(), Some(0), "{why:?}");
        let counts = why == Why::Counts;
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(!said.contains("No number"), counts, "{why:?}");

        let cells = |name: &str, place: usize| {
            let text = read(&out, name).trim_start_matches('\u{feff}').to_owned();
            let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let rows: Vec<_> = table.records().map(Result::unwrap).collect();
            let row = rows.iter().find(|row| row.iter().any(|cell| cell == "ann")).unwrap();
            row[place].to_owned()
        };
        let six = if counts { "6" } else { "" };
        for (name, place) in
            [("canvas.csv", 5), ("moodle.csv", 3), ("gradebook.csv", 7), ("gradebook.csv", 10)]
        {
            assert_eq!(cells(name, place), six, "{why:?}, {name}");
        }
        assert_eq!(cells("moodle.csv", 4).is_empty(), !counts, "feedback alone would delete a grade");
        assert_ne!(cells("gradebook.csv", 16), "PASS", "{why:?}");
        if why == Why::NotJson {
            assert!(stale.iter().all(|name| !out.join("ann").join(name).exists()), "what is stale is gone");
            continue;
        }
        let value =
            |name: &str| -> Value { serde_json::from_str(&read(&out, &format!("ann/{name}"))).unwrap() };
        let gradescope = value("gradescope.json");
        let has_score = |test: &Value| test.get("score").is_some();
        assert_eq!(gradescope["tests"].as_array().unwrap().iter().any(has_score), counts, "{gradescope:#}");
        assert_eq!(value("prairielearn.json")["gradable"], json!(counts), "{why:?}");
        assert_eq!(value("check50.json").get("results").is_some(), counts, "{why:?}");
        assert_eq!(value("exercism-01-database.json")["status"] != "error", counts, "{why:?}");

        let junit = read(&out, "ann/junit.xml");
        let document = roxmltree::Document::parse(&junit).unwrap();
        let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
        let with = |tag: &str| {
            let has = |case: &&roxmltree::Node<'_, '_>| case.children().any(|node| node.has_tag_name(tag));
            cases.iter().filter(has).count()
        };
        let (skipped, failed) = (with("skipped"), with("failure") + with("error"));
        let expected = match why {
            Why::Counts => (0, 1),
            // A gate that a person has to see is a failure; the others are not passes.
            Why::Tamper => (6, 1),
            Why::Policy => (0, 7),
            _ => (7, 0),
        };
        assert_eq!((skipped, failed), expected, "{why:?}\n{junit}");
        let summary = read(&out, "summary.md");
        assert_eq!(summary.contains("## `ann`: 6 of 7 points"), counts, "{summary}");
        assert_eq!(summary.contains("## `ann`: no grade yet"), !counts, "{summary}");
        assert_eq!(summary.contains("| 01-database | – of 7 |"), !counts, "{summary}");
        assert_eq!(read(&out, "ann/feedback.md").contains("There are no points yet"), !counts, "{why:?}");
        assert_eq!(read(&out, "ann/feedback.html").contains("There are no points yet"), !counts, "{why:?}");
        let set = |_: &str| Some("submit/x".to_owned());
        let one: SubmissionVerdict = serde_json::from_value(of(why)).unwrap();
        if !matches!(why, Why::DoesNotAddUp | Why::NotSealed) {
            assert_eq!(classroom50::of(&one, &set).is_ok(), counts, "{why:?}");
        }
    }
}

#[test]
fn an_advisory_verdict_is_marked_wherever_it_has_points() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut value = verdict(&course(), "ann", &[("1", "PPF")]);
    (value["advisory"], value["tier"]) = (true.into(), "C".into());
    put(&out, "ann", &value);
    let output = grade(&[
        "--book",
        out.to_str().unwrap(),
        "--format",
        "junit,summary,html,feedback,gradescope,prairielearn,check50,annotations",
    ]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 of 1 verdicts are advisory"));
    for name in ["junit.xml", "gradescope.json", "prairielearn.json", "check50.json", "annotations.txt"] {
        assert!(read(&out, &format!("ann/{name}")).to_lowercase().contains("advisory"), "{name}");
    }
    for name in ["summary.md", "gradebook.html", "ann/feedback.md", "ann/feedback.html"] {
        assert!(read(&out, name).to_lowercase().contains("advisory"), "{name}");
    }
}

#[test]
fn before_an_import_advisory_points_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let course = course();
    for (name, is_advisory) in [("ann", true), ("bob", false), ("cy", true), ("dee", true)] {
        let mut value = verdict(&course, name, &[("1", if name == "dee" { "PP?" } else { "PPF" })]);
        (value["advisory"], value["tier"]) = (is_advisory.into(), if is_advisory { "C" } else { "A" }.into());
        put(&out, name, &value);
    }
    let path = |name: &str| folder.path().join(name).display().to_string();
    place(
        folder.path(),
        "roster.csv",
        b"id,email\nann,ann@x.org\nbob,bob@x.org\ncy,cy@x.org\ndee,dee@x.org\n",
    );
    let overrides = "[[override]]\nstudent = 'cy'\nlesson = '1'\npoints = 5\nwhy = 'seen'\nwho = 'Kim'\n";
    place(folder.path(), "overrides.toml", overrides.as_bytes());
    let sheet = "Identifier,Email address,Grade,Last modified (grade),Feedback comments\n\
                 Participant 1,ann@x.org,,-,\nParticipant 2,bob@x.org,,-,\n";
    place(folder.path(), "sheet.csv", sheet.as_bytes());
    let (out_text, roster, overrides) =
        (out.display().to_string(), path("roster.csv"), path("overrides.toml"));
    let class = ["--book", &out_text, "--roster", &roster, "--overrides", &overrides];
    let sheet = path("sheet.csv");
    let said = |more: &[&str]| {
        let output = grade(&[&class, more].concat());
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    // Points that a person has given, and none at all, are not the sandbox's.
    let warning = "(1 of 4): ann@x.org (ann). Nothing kept";
    for (more, files) in [
        (["--format", "canvas,moodle"], "canvas.csv and moodle.csv"),
        (["--worksheet", &sheet], "moodle-worksheet.csv"),
    ] {
        let said = said(&more);
        assert!(said.contains(&format!("Advisory points in {files} {warning}")), "{said}");
    }
    assert!(!said(&["--format", "csv"]).contains("Advisory points"));
    // Where there is room beside the number, it is marked there.
    for name in ["moodle.csv", "moodle-worksheet.csv"] {
        let text = read(&out, name);
        let marked: Vec<_> =
            text.lines().filter(|line| line.contains("advisory: a person looks at it")).collect();
        assert!(marked.len() == 1 && marked[0].contains("ann@x.org"), "{text}");
    }
}

#[test]
fn a_submission_that_counts_is_preferred_and_a_note_names_the_other() {
    let course = course();
    let mut again = record(&course, "ann~2", &[("1", "PPPPPPP")]);
    again.repetition = true;
    let mut changed = record(&course, "ann~2", &[("1", "PPPPPPP")]);
    changed.fault = Some("its verdict.json has changed".to_owned());
    for other in [
        record(&course, "ann~2", &[("1", "PPPPP?P")]),
        record(&course, "ann~2", &[("1", "PPPPPPT")]),
        again,
        changed,
        grade::class::record::Record::broken("ann~2", "its verdict.json cannot be read"),
    ] {
        let records = vec![record(&course, "ann", &[("1", "PP")]), other];
        let best = grades(&course, ["id\nann\n", "", ""], records.clone()).unwrap();
        assert_eq!(total(&best, "ann").unwrap()[2], "2");
        let note = "the points of ann in lesson 01-database do not count `ann~2`";
        assert!(best.notes.iter().any(|found| found.starts_with(note)), "{:?}", best.notes);
        // The last one is meant, and it has no number.
        let last =
            "several = 'last'\n[handed_in]\nann = 2026-05-01T11:00:00Z\n'ann~2' = 2026-05-01T12:00:00Z\n";
        let last = grades(&course, ["id\nann\n", last, ""], records).unwrap();
        assert!(student(&last, "ann").lessons[0].state.open().is_some());
        assert!(last.notes.iter().all(|found| !found.starts_with(note)));
    }
}

#[test]
fn manual_points_settle_what_a_person_has_to_decide() {
    let course = course();
    let records = || vec![record(&course, "ann", &[("1", "PPPPPTT")])];
    let given = |gate: &str| {
        format!(
            "[[override]]\nstudent = 'ann'\nlesson = '1'\n{gate}points = 0\nwhy = 'talked'\nwho = 'Kim'\n"
        )
    };
    for (overrides, expected) in [
        (String::new(), None),
        (given("gate = '6'\n"), None),
        ([given("gate = '6'\n"), given("gate = '7'\n")].concat(), Some("5")),
        (given(""), Some("0")),
    ] {
        let graded = grades(&course, ["id\nann\n", "", &overrides], records()).unwrap();
        let total = total(&graded, "ann").map(|total| total[2].clone());
        assert_eq!(total.as_deref(), expected, "{overrides}");
        let is_held = matches!(student(&graded, "ann").lessons[0].state, State::Held(_));
        assert_eq!(is_held, expected.is_none());
        assert_eq!(student(&graded, "ann").status(), if is_held { "held" } else { "graded" });
    }
}

#[test]
fn text_in_a_verdict_is_not_markup_in_a_summary() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut own = verdict(&course(), "ann", &[("1", "F")]);
    own["lessons"][0]["lesson"] = "x | <img src=x>".into();
    own["lessons"][0]["gates"][0]["name"] = "[a](http://x)".into();
    own["lessons"][0]["gates"][0]["title"] = "**b** @ann".into();
    put(&out, "ann", &own);
    assert_eq!(grade(&["--book", out.to_str().unwrap(), "--format", "summary"]).status.code(), Some(0));
    let text = read(&out, "summary.md");
    let events: Vec<_> = pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::all())
        .map(|it| format!("{it:?}"))
        .collect();
    let is_markup =
        |event: &&String| ["Html", "Link", "Image"].iter().any(|kind| event.contains(&format!("{kind}(")));
    assert_eq!(events.iter().find(is_markup), None);
    assert_eq!(events.iter().filter(|event| event.contains("TableCell")).count(), 2 * (4 + 4), "{text}");
    assert!(text.contains("gate 1: `**b** @ann`"), "{text}");
}

#[test]
fn text_from_a_student_is_not_markup_in_moodle() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut own = verdict(&course(), "ann", &[("1", "PF")]);
    own["lessons"][0]["gates"][1]["reason"] = "it panicked: </p><img src=x onerror=\"a()\">&lt;b&gt;".into();
    put(&out, "ann", &own);
    place(folder.path(), "roster.csv", b"id,email\nann,ann@x.org\n");
    place(
        folder.path(),
        "sheet.csv",
        b"Identifier,Email address,Grade,Last modified (grade),Feedback comments\nParticipant 1,ann@x.org,,-,\n",
    );
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (roster, sheet) = (path("roster.csv"), path("sheet.csv"));
    let book = ["--book", out.to_str().unwrap(), "--format", "moodle"];
    let output = grade(&[&book[..], &["--roster", &roster, "--worksheet", &sheet]].concat());
    assert_eq!(output.status.code(), Some(0));
    for name in ["moodle.csv", "moodle-worksheet.csv"] {
        let text = read(&out, name);
        let shown = "&lt;/p&gt;&lt;img src=x onerror=&quot;a()&quot;&gt;&amp;lt;b&amp;gt;";
        assert!(text.contains(shown) && !text.contains('<'), "{name}: {text}");
    }
    // A row that two people could have, and a second row of one.
    for (roster, sheet, why) in [
        (
            "id,email\nann,ann@x.org\n",
            "Participant 1,ann@x.org,,-,\nParticipant 2,ANN@x.org,,-,\n",
            ":3: is a second row of",
        ),
        (
            "id,email,folder\nann,ann@x.org,Ann_7_assignsubmission_file_\nbob,bob@x.org,\n",
            "Participant 7,bob@x.org,,-,\n",
            ":2: is ann@x.org's by its number, and bob@x.org's by",
        ),
    ] {
        put(&out, "Ann_7_assignsubmission_file_", &own);
        place(folder.path(), "roster.csv", roster.as_bytes());
        let header = "Identifier,Email address,Grade,Last modified (grade),Feedback comments\n";
        place(folder.path(), "sheet.csv", format!("{header}{sheet}").as_bytes());
        let (roster, sheet) = (path("roster.csv"), path("sheet.csv"));
        let output = grade(&[&book[..], &["--roster", &roster, "--worksheet", &sheet]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(why), "{why}\n{said}");
    }
}
