//! A verdict that is repeated on another machine.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::material::{completed, course, grade, place, untouched, write};

fn verify(bundle: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = grade(&[&["--verify", bundle.to_str().unwrap(), "--min-tier", "C"], more].concat());
    let said = [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said).into_owned());
    (output.status.code(), said.concat())
}

#[test]
fn a_verdict_is_equal_elsewhere_or_the_gates_that_differ_are_named() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    // One gate passes, one fails, one waits for another.
    write(&all.join("to do"), &untouched(&course, &course.lessons[0]));
    write(&all.join("right"), &completed(&course, &course.lessons[0]));
    place(&all, "right/lessons/01-database/src/picture.png", &[0x89, b'P', 0xff, 0]);
    place(&all, "cut.zip", b"PK\x03\x04");
    let [submissions, dir] = [&all, &out].map(|path| path.display().to_string());
    let arguments = [
        &submissions[..],
        "--lesson",
        "1",
        "--min-tier",
        "C",
        "--out",
        &dir,
        "--format",
        "bundle,annotations",
    ];
    assert_eq!(grade(&arguments).status.code(), Some(2));
    let bundle = |name: &str| out.join(name).join("bundle.json");
    let (code, said) = verify(&bundle("to do"), &[]);
    assert!(code == Some(0) && said.contains("Equal: the verdict on `to do` is the same here"), "{said}");
    assert!(!said.contains("Note:"), "what each gate left is the same, too: {said}");
    let (code, said) = verify(&bundle("cut"), &[]);
    assert!(code == Some(2) && said.contains("contains nothing that was graded"), "{said}");

    // What a verdict says about the student's lines.
    let written = fs::read_to_string(out.join("to do/annotations.txt")).unwrap();
    assert!(written.starts_with("::error file=lessons/01-database/setup.sql,line="), "{written}");

    // Somebody has written a better verdict; the files say otherwise.
    let text = fs::read_to_string(bundle("to do")).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    let gate = &mut value["verdict"]["lessons"][0]["gates"][1];
    assert_eq!(gate["verdict"], "FAIL");
    gate["verdict"] = "PASS".into();
    gate["reason"] = "\u{1b}[2Jits output is as expected".into();
    value["verdict"]["canonical"] = "c".repeat(64).into();
    place(folder.path(), "better.json", value.to_string().as_bytes());
    let (code, said) = verify(&folder.path().join("better.json"), &[]);
    assert!(code == Some(1) && said.contains("Differs: 01-database, gate 2: PASS → FAIL"), "{said}");
    assert!(said.contains("Note: course, dependencies and compiler: cccc"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said}");

    // Files that the verdict is not about, or that are nobody's to write.
    let files = value["files"]["01-database"].as_object_mut().unwrap();
    files.insert("src/more.rs".to_owned(), serde_json::json!({ "text": "//" }));
    place(folder.path(), "more.json", value.to_string().as_bytes());
    let (code, said) = verify(&folder.path().join("more.json"), &[]);
    assert!(code == Some(2) && said.contains("the files of 01-database in "), "{said}");
}

#[test]
fn what_is_no_bundle_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let digest = |path: &str| grade::intake::taken::digest([(path, &b"x"[..])]);
    let mut value = crate::verdicts::verdict(&course(), "ann", &[("1", "P")]);
    let outside = "../../../../outside.rs";
    value["lessons"][0]["digest"] = digest(outside).into();
    let bundle = |path: &str, lesson: &str| {
        serde_json::json!({
            "schema": "kata-bundle/v1", "verdict": value, "files": { lesson: { path: { "text": "x" } } },
        })
    };
    let mut other = bundle(outside, "01-database");
    other["schema"] = "kata-bundle/v2".into();
    for (text, code, why) in [
        ("{}".to_owned(), 2, "is not a bundle"),
        ("[".repeat(100_000), 2, "is not a bundle"),
        (other.to_string(), 2, "is not a bundle"),
        (bundle("a", "01-database").to_string(), 2, "the files of 01-database"),
        (bundle(outside, "01\u{1b}-database").to_string(), 2, "the files of 01\\u{1b}-database"),
        // Never written: the file would be outside.
        (bundle(outside, "01-database").to_string(), 3, "cannot pack"),
    ] {
        place(folder.path(), "bundle.json", text.as_bytes());
        let (found, said) = verify(&folder.path().join("bundle.json"), &[]);
        assert!(found == Some(code) && said.contains(why), "{why}: {said}");
        assert!(!said.contains('\u{1b}'), "{said}");
    }
    let (code, said) = verify(&folder.path().join("nowhere.json"), &[]);
    assert!(code == Some(2) && said.contains("cannot read"), "{said}");
    let (code, said) = verify(&folder.path().join("bundle.json"), &["--seed", "5"]);
    assert!(code == Some(2) && said.contains("cannot be used with"), "{said}");
}
