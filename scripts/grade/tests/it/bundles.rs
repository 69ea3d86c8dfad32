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
fn a_verdict_is_the_same_elsewhere_or_the_gates_that_differ_are_named() {
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
    // Its points are still those of a gate that has failed.
    place(folder.path(), "better.json", value.to_string().as_bytes());
    let (code, said) = verify(&folder.path().join("better.json"), &[]);
    assert!(code == Some(2) && said.contains("its points are not those of its gates"), "{said}");
    let gate = &mut value["verdict"]["lessons"][0]["gates"][1];
    gate["points"] = gate["max_points"].clone();
    let one = gate["points"].as_u64().unwrap();
    for points in ["/verdict/points", "/verdict/lessons/0/points"] {
        let points = value.pointer_mut(points).unwrap();
        *points = (points.as_u64().unwrap() + one).into();
    }
    // With the grader's key, nothing needs to be graded.
    place(folder.path(), "out/to do/bundle.json", value.to_string().as_bytes());
    let (code, said) = verify(&bundle("to do"), &[]);
    assert!(code == Some(2) && said.contains("its seal does not fit the key"), "{said}");
    place(folder.path(), "out/to do/bundle.json", text.as_bytes());
    fs::copy(bundle("right"), folder.path().join("right.json")).unwrap();
    let key = out.with_file_name("out.key").display().to_string();
    place(folder.path(), "better.json", value.to_string().as_bytes());
    let (code, said) = verify(&folder.path().join("better.json"), &["--key", &key]);
    assert!(code == Some(2) && said.contains("its seal does not fit the key"), "{said}");
    // Another's, whose seal is right.
    fs::copy(bundle("right"), bundle("to do")).unwrap();
    let (code, said) = verify(&bundle("to do"), &[]);
    assert!(code == Some(2) && said.contains("it is about another submission, `right`"), "{said}");
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
    assert!(code == Some(2) && said.contains("the files of 01-database are not those"), "{said}");
}

/// A bundle that is as it should be, with these files of two lessons.
fn made(files: &[(&str, &str)]) -> Value {
    let course = course();
    let mut verdict = crate::verdicts::verdict(&course, "ann", &[("1", "PF"), ("5", "P")]);
    verdict["seeds"]["published"] = gate_contract::PUBLISHED_SEED.into();
    verdict["course_version"] = kata::course::version::version(&course.root).unwrap().into();
    let digest = grade::intake::taken::digest(files.iter().map(|(path, text)| (*path, text.as_bytes())));
    for lesson in verdict["lessons"].as_array_mut().unwrap() {
        lesson["digest"] = digest.clone().into();
        lesson["gates"].as_array_mut().unwrap().iter_mut().for_each(|gate| gate["seed"] = Value::Null);
    }
    let own = Some(digest);
    verdict["digest"] =
        grade::batch::whole_digest([("01-database", &own), ("05-crud", &own)].into_iter()).into();
    let files: serde_json::Map<_, _> =
        files.iter().map(|(path, text)| ((*path).to_owned(), serde_json::json!({ "text": text }))).collect();
    serde_json::json!({
        "schema": "kata-bundle/v1", "name": "ann", "verdict": verdict,
        "files": { "01-database": files, "05-crud": files },
    })
}

#[test]
fn a_file_that_is_not_a_bundle_or_is_forged_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |text: &str, why: &str| {
        place(folder.path(), "bundle.json", text.as_bytes());
        let (found, said) = verify(&folder.path().join("bundle.json"), &[]);
        assert!(found == Some(2) && said.contains(why), "{why}: {said}");
        assert!(said.contains("bundle.json") && !said.contains('\u{1b}'), "{said}");
    };
    refused("{}", "is not a bundle");
    refused(&"[".repeat(100_000), "is not a bundle");
    let one = [("src/lib.rs", "//")];
    let text = |value: u64| Value::from(value);
    let lib = "/files/01-database/src~1lib.rs";
    for (place, value, why) in [
        ("/schema", "kata-bundle/v2".into(), "is not a bundle"),
        (
            lib,
            serde_json::json!({ "text": "///" }),
            "the files of 01-database are not those that its verdict is about",
        ),
        (lib, serde_json::json!({ "hex": "2f2" }), "a file of 01-database is not in hexadecimal digits"),
        (
            "/files/01-database/src~1more.rs",
            serde_json::json!({ "text": "" }),
            "the files of 01-database are not",
        ),
        ("/files/01\u{1b}-database", serde_json::json!({}), "the files of 01\\u{1b}-database are not"),
        ("/files/06-links", serde_json::json!({}), "the files of 06-links are not"),
        ("/files", serde_json::json!({}), "contains nothing that was graded"),
        ("/verdict/lessons/1/digest", "d".repeat(64).into(), "the files of 05-crud are not"),
        ("/verdict/lessons/1/lesson", "01-database".into(), "the files of 05-crud are not"),
        ("/verdict/digest", "d".repeat(64).into(), "its digest is not that of its lessons"),
        ("/verdict/points", text(23), "its points are not those of its gates"),
        ("/verdict/lessons/0/gates/0/points", text(0), "its points are not those of its gates"),
        ("/verdict/course_version", "99.1.0".into(), "it was graded with another course: version 99.1.0"),
        ("/verdict/course_version", Value::Null, "it was graded with another course"),
        ("/verdict/lessons/0/gates/0/name", "\u{1b}x".into(), "lesson 01-database has no gate `\\u{1b}x`"),
        ("/verdict/seeds/published", text(1), "its published seed is 1"),
        ("/verdict/seeds/fresh", serde_json::json!([]), "contains nothing that was graded"),
        ("/verdict/seeds/fresh", serde_json::json!([gate_contract::PUBLISHED_SEED]), "is not a fresh seed"),
        ("/verdict/seeds/fresh", serde_json::json!([(1_u64 << 53) + 1]), "is not a fresh seed"),
        ("/verdict/seeds/fresh", serde_json::json!([5, 5]), "its fresh seeds are not"),
        ("/verdict/seeds/fresh", (1..=21).collect::<Vec<_>>().into(), "its fresh seeds are not"),
        ("/verdict/lessons/0/gates/1/seed", text(77), "a gate ran on seed 77"),
        (
            "/verdict/lessons/0/gates/1/left",
            serde_json::json!([{ "seed": 78, "snapshot": null }]),
            "a gate ran on seed 78",
        ),
    ] {
        let mut bundle = made(&one);
        match bundle.pointer_mut(place) {
            Some(there) => *there = value,
            None => {
                let (parent, name) = place.rsplit_once('/').unwrap();
                let parent = bundle.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                parent.insert(name.replace("~1", "/"), value);
            }
        }
        refused(&bundle.to_string(), why);
    }
    let mut without = made(&one);
    without["files"].as_object_mut().unwrap().remove("05-crud");
    refused(&without.to_string(), "the files of 05-crud are missing");
    // The digests fit.
    for path in [
        "../x",
        "../../../../outside.rs",
        "/etc/x",
        "a/../b",
        "a\\b",
        "..\\x",
        "C:x",
        "",
        "a//b",
        "./a",
        "a/",
        "a\0b",
    ] {
        refused(&made(&[(path, "x")]).to_string(), "is not the path of a file in a lesson");
    }
    refused(&made(&[("a", "x"), ("a/b", "x")]).to_string(), "`a` is a file and a folder");
    for (arguments, why) in [
        (["nowhere.json"].as_slice(), "cannot read"),
        (&["bundle.json", "--seed", "5"], "cannot be used with"),
    ] {
        let (code, said) = verify(&folder.path().join(arguments[0]), &arguments[1..]);
        assert!(code == Some(2) && said.contains(why), "{said}");
    }
}
