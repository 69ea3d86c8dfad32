//! `run.json`: what a run leaves beside its verdicts, and what a book says when they are not those any more.

use std::fs;
use std::path::{Path, PathBuf};

use grade::key::{Key, SEAL};
use grade::shard::record::{File, Record};
use serde_json::{Value, json};

use crate::material::{course, grade, place};
use crate::verdicts::{options, put, verdict};

const NAMES: [&str; 3] = ["ann", "bob", "cy"];

/// The folder of a run that has graded these, as a grader would have left it.
fn run(folder: &Path, name: &str, change: &dyn Fn(&mut Value)) -> PathBuf {
    let out = folder.join(name);
    fs::create_dir_all(&out).unwrap();
    let key = Key::beside(&out).unwrap();
    let mut record = json!({
        "shard": { "index": 1, "count": 1 }, "is_done": true, "course_version": "1.2.0", "canonical": "c".repeat(64),
        "seeds": { "published": 1, "fresh": [2] }, "options": options(), "submissions": NAMES,
    });
    change(&mut record);
    for name in NAMES {
        let mut own = verdict(&course(), name, &[("1", "PPF")]);
        own["options"] = record["options"].clone();
        put(&out, name, &own);
        let text = fs::read_to_string(out.join(name).join("verdict.json")).unwrap();
        fs::write(out.join(name).join(SEAL), key.seal(name, &text)).unwrap();
    }
    let record: Record = serde_json::from_value(record).unwrap();
    record.write(&out, File::Run, &key).unwrap();
    out
}

/// What a book of this folder says, and its table.
fn book(out: &Path, more: &[&str]) -> (String, String) {
    let roster = out.with_file_name("roster.csv");
    place(out.parent().unwrap(), "roster.csv", b"id\nann\nbob\ncy\ndee\n");
    let book = ["--book", out.to_str().unwrap(), "--roster", roster.to_str().unwrap(), "--format", "csv"];
    let output = grade(&[&book[..], more].concat());
    assert_eq!(output.status.code(), Some(0));
    let table = fs::read_to_string(out.join("gradebook.csv")).unwrap();
    (String::from_utf8(output.stdout).unwrap(), table)
}

#[test]
fn a_deleted_verdict_is_reported_and_does_not_count_as_no_submission() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), "out", &|_| {});
    let (said, table) = book(&out, &[]);
    assert!(said.contains("Handed in nothing (1 of 4): dee") && !said.contains("Note:"), "{said}");
    assert!(table.contains("\nbob,,,,bob,2,0,2,7,"), "{table}");
    fs::remove_dir_all(out.join("bob")).unwrap();
    let (said, table) = book(&out, &[]);
    assert!(said.contains("Handed in nothing (1 of 4): dee"), "{said}");
    assert!(
        said.contains("No number yet (1): bob: this run has graded it, and its verdict.json is gone"),
        "{said}"
    );
    assert!(table.contains("\nbob,,,,bob,,,,7,,,7,grade again,"), "{table}");

    // Somebody has taken the name out of the list, too.
    let file = out.join("run.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"bob\",", "")).unwrap();
    let (said, _) = book(&out, &[]);
    assert!(said.contains("its run.json has changed or is damaged"), "{said}");
    fs::write(&file, "[".repeat(100_000)).unwrap();
    assert!(book(&out, &[]).0.contains("its run.json has changed or is damaged"));
}

#[test]
fn an_interrupted_run_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), "out", &|record| {
        record["is_done"] = false.into();
        record["submissions"] = json!(["ann", "bob", "cy", "dee"]);
    });
    let (said, _) = book(&out, &[]);
    assert!(
        said.contains("this run was cut short") && said.contains("1 of 4 submissions have no verdict"),
        "{said}"
    );
}

#[test]
fn a_comparison_names_the_options_that_differ() {
    let folder = tempfile::tempdir().unwrap();
    let before = run(folder.path(), "before", &|_| {});
    let after = run(folder.path(), "after", &|record| record["options"]["scan"] = false.into());
    let (said, _) = book(&after, &["--compare", before.to_str().unwrap()]);
    assert!(
        said.contains("Note: the earlier verdicts were graded with --no-scan true, and these with false."),
        "{said}"
    );
    // In one folder.
    fs::remove_dir_all(after.join("cy")).unwrap();
    fs::create_dir(after.join("cy")).unwrap();
    for name in ["verdict.json", SEAL] {
        fs::copy(before.join("cy").join(name), after.join("cy").join(name)).unwrap();
    }
    fs::copy(before.with_file_name("before.key"), after.with_file_name("after.key")).unwrap();
    let (said, _) = book(&after, &[]);
    assert!(said.contains("has changed since it was graded"), "sealed with another key: {said}");
    fs::remove_file(after.with_file_name("after.key")).unwrap();
    let (said, _) = book(&after, &[]);
    assert!(said.contains("were graded with different options, --no-scan false and true"), "{said}");
}

#[test]
fn a_run_lists_what_it_grades_and_keeps_earlier_results() {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("all");
    for name in ["ann", "bob", "cy"] {
        // The grader says what to hand in instead: a whole verdict, without a compiler.
        place(&all, &format!("{name}.rar"), b"Rar!\x1a\x07\x01\0");
    }
    let out = folder.path().join("out");
    let grade_these = |path: &Path, more: &[&str]| {
        let arguments =
            [path.to_str().unwrap(), "--lesson", "1", "--min-tier", "C", "--out", out.to_str().unwrap()];
        assert_eq!(grade(&[&arguments[..], more].concat()).status.code(), Some(2));
    };
    let run =
        || -> Value { serde_json::from_str(&fs::read_to_string(out.join("run.json")).unwrap()).unwrap() };
    grade_these(&all, &[]);
    let first = run();
    assert_eq!(first["record"]["submissions"], json!(["ann", "bob", "cy"]));
    assert_eq!((&first["schema"], &first["record"]["is_done"]), (&json!("kata-run/v1"), &json!(true)));
    let text = fs::read_to_string(out.join("ann/verdict.json")).unwrap();
    let verdict: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(verdict["options"], first["record"]["options"]);
    assert_eq!(verdict["options"]["gate_limits"]["cpu_seconds"], 10);

    // One of them again; one is deleted.
    fs::remove_dir_all(out.join("cy")).unwrap();
    grade_these(&all.join("ann.rar"), &["--gate-time", "7"]);
    assert_eq!(run()["record"]["submissions"], json!(["ann", "bob"]));
    assert_eq!(run()["record"]["options"]["gate_limits"]["cpu_seconds"], 7);
}
