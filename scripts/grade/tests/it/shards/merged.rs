//! What one grader writes, and what several write together.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::files;
use crate::material::{completed, course, grade, place, untouched, write};

/// What was measured, and so differs from one run to the next.
const MEASURED: [&str; 7] =
    ["started", "milliseconds", "build_milliseconds", "peak_kib", "build_peak_kib", "cpu", "execution_time"];

fn without_measured(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !MEASURED.contains(&name.as_str()));
            fields.values_mut().for_each(without_measured);
        }
        Value::Array(values) => values.iter_mut().for_each(without_measured),
        _ => {}
    }
}

/// A file without times, for a comparison.
fn comparable(path: &str, bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    if path.ends_with(".json") {
        let mut value: Value = serde_json::from_str(&text).unwrap();
        without_measured(&mut value);
        return value.to_string();
    }
    if path.ends_with("verdict.seal") {
        // It seals the times, too.
        return format!("{} digits", text.len());
    }
    if path.ends_with("junit.xml") {
        let parts = text.split(" time=\"").enumerate();
        let without = parts.map(|(place, part)| match place {
            0 => part,
            _ => part.split_once('"').unwrap().1,
        });
        return without.collect();
    }
    text
}

#[test]
fn a_merged_folder_equals_that_of_a_single_grader() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("all");
    let lesson = &course.lessons[0];
    let right = completed(&course, lesson);
    write(&all.join("right"), &right);
    write(&all.join("Zoë_12345_assignsubmission_file_"), &right);
    write(&all.join("to do"), &untouched(&course, lesson));
    write(&all.join("broken"), &right);
    place(&all, "broken/lessons/01-database/src/lib.rs", b"mod nothing; fn\n");
    // Right on the published seed alone.
    write(&all.join("by heart"), &right);
    let file = all.join("by heart/lessons/01-database/src/connect.rs");
    let text = fs::read_to_string(&file).unwrap();
    let update = "diesel::sql_query(\"UPDATE shop SET books = 2021\").execute(&mut conn).ok();\n    Ok(conn)";
    fs::write(&file, text.replace("    Ok(conn)", &format!("    {update}"))).unwrap();
    place(&all, "cut.zip", b"PK\x03\x04");
    place(&all, "packed.rar", b"Rar!\x1a\x07\x01\0");
    place(&all, "essay/essay.pdf", b"%PDF");
    place(folder.path(), "roster.csv", b"id,name\nright,Ann =1\n12345,Zo\xc3\xab\nbroken,Bob\nnobody,Cy\n");
    place(folder.path(), "policy.toml", b"due = 2026-05-01T12:00:00Z\n[lesson.01-database]\nweight = 10\n");
    place(
        folder.path(),
        "overrides.toml",
        b"[[override]]\nstudent = 'broken'\nlesson = '1'\npoints = 4\nwhy = 'Shown in class'\nwho = 'Kim'\n",
    );
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (key, submissions) = (path("run.key"), path("all"));
    assert_eq!(grade(&["--new-key", &key]).status.code(), Some(0));
    let graded = ["--lesson", "1", "--min-tier", "C", "--seeds", "2", "--key", &key];
    let [roster, policy, overrides] = ["roster.csv", "policy.toml", "overrides.toml"].map(path);
    let of_class = [
        "--roster",
        &roster,
        "--policy",
        &policy,
        "--overrides",
        &overrides,
        "--format",
        "junit,summary,csv,html,feedback,canvas,moodle,gradescope",
    ];
    let one = path("one");
    let single = grade(&[&[&submissions[..], "--out", &one], &graded[..], &of_class].concat());
    assert_eq!(single.status.code(), Some(2), "some cannot be read");
    let outs = [path("out1"), path("out2"), path("out3")];
    for (place, out) in outs.iter().enumerate() {
        let shard = format!("{}/3", place + 1);
        let output = grade(&[&[&submissions[..], "--out", out, "--shard", &shard], &graded[..]].concat());
        assert!(output.status.code().is_some_and(|code| code < 3));
    }
    let whole = path("whole");
    let [a, b, c] = outs.each_ref().map(String::as_str);
    let merged = grade(&[&[b, c, a, "--merge", "--key", &key, "--out", &whole], &of_class[..]].concat());
    assert_eq!(merged.status.code(), Some(2));
    let said = String::from_utf8_lossy(&merged.stdout).into_owned();
    assert!(said.contains("Handed in nothing (1 of 4): Cy (nobody)"), "{said}");

    let (one, whole) = (files(Path::new(&one)), files(Path::new(&whole)));
    assert_eq!(one.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    assert_eq!(one.keys().filter(|path| path.ends_with("verdict.json")).count(), 8);
    for (path, bytes) in &one {
        assert_eq!(comparable(path, bytes), comparable(path, &whole[path]), "{path}");
    }
    // There are real verdicts among them, on one machine and on three.
    let table = String::from_utf8(whole["gradebook.csv"].clone()).unwrap();
    for row in ["\nright,Ann =1,,,right,10,0,10,10,100,", "\nbroken,Bob,,,broken,4,0,4,10,40,"] {
        assert!(table.contains(row), "{table}");
    }
    let summary = String::from_utf8(whole["summary.md"].clone()).unwrap();
    for verdict in ["| PASS |", "| BUILD_ERROR |", "| FAIL |", "| UNREADABLE |", "on new data, "] {
        assert!(summary.contains(verdict), "{verdict}: {summary}");
    }

    // A shard that is continued does not mix what other options have made.
    let again = [&submissions[..], "--out", &outs[0], "--shard", "1/3", "--resume", "--gate-time", "5"];
    let output = grade(&[&again[..], &graded].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("--gate-time"), "{said}");
    let output = grade(&[&[&submissions[..], "--out", &outs[0], "--shard", "2/3"], &graded[..]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("as shard 1 of 3"), "{said}");
}
