//! What a submission is worth in Gradescope, by the metadata that it writes for its autograder.

use std::fs;

use grade::book::Book;
use grade::class::gradescope::Metadata;
use grade::formats::Format;
use serde_json::{Value, json};

use crate::class::Files;
use crate::material::{course, place};
use crate::platforms::{check, gradescope_schema};
use crate::verdicts::{put, verdict};

const HOSTILE: &str = "</script>\u{1b}[2J\u{202e}=cmd|::error::\n\"]}";

/// gradescope.json for a submission to lesson 1 with these marks, by this policy and metadata.
fn written(marks: &str, policy: &str, metadata: &Value) -> Result<Value, String> {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    let out = folder.path().join("out");
    put(&out, "autograder", &verdict(&course, "autograder", &[("1", marks)]));
    place(folder.path(), "metadata.json", metadata.to_string().as_bytes());
    let metadata = Metadata::read(&folder.path().join("metadata.json")).map_err(|error| error.to_string())?;
    let files = Files::new("", policy, "");
    let mut rules = files.rules(&course)?;
    metadata.complete(&mut rules, "autograder");
    let book =
        Book::of_folders(std::slice::from_ref(&out), &rules, &course).map_err(|error| error.to_string())?;
    book.for_gradescope(Some(metadata)).write(&out, &[Format::Gradescope], &course).unwrap();
    let value = serde_json::from_slice(&fs::read(out.join("autograder/gradescope.json")).unwrap()).unwrap();
    check(&gradescope_schema(), &value);
    Ok(value)
}

/// Handed in a day after it was due, by these people.
fn late(users: &Value) -> Value {
    json!({
        "id": 7, "created_at": "2026-05-02T20:00:00.365935-07:00", "submission_method": "upload",
        "assignment": { "due_date": "2026-05-02T00:00:00-07:00", "total_points": "20.0", "title": HOSTILE },
        "users": users, "previous_submissions": [{ "score": 0.0, "results": { "tests": [] } }],
    })
}

fn ann() -> Value {
    json!([{ "id": 1, "email": "ann@x.org", "name": HOSTILE }])
}

#[test]
fn the_score_is_in_the_points_of_the_assignment() {
    const LATE: &str = "zone = 'UTC'\n[late]\nper_day = 10\n";
    let extended = json!([
        { "id": 1, "email": "ann@x.org", "name": "Ann" },
        { "id": 2, "email": "bob@x.org", "name": HOSTILE, "assignment": { "due_date": "2026-05-09T00:00:00-07:00" } },
    ]);
    let extension = "zone = 'UTC'\ndue = 2026-05-02T07:00:00\n[late]\nper_day = 10\n[[extension]]\nstudent = 'WHO'\n\
                     due = 2026-05-09T00:00:00\nwhy = 'ill'\n";
    let (ill, other) = (extension.replace("WHO", "ann@x.org"), extension.replace("WHO", "zoe@x.org"));
    for (marks, policy, users, score) in [
        ("PPPPPPP", "", ann(), json!(20.0)),
        // 5 of 7
        ("PPPPPFF", "", ann(), json!(14.29)),
        ("FFFFFFF", "", ann(), json!(0.0)),
        ("BBBBBBB", "", ann(), json!(0.0)),
        // Nobody has to have an account there.
        ("PPPPPPP", "", json!([]), json!(20.0)),
        ("PPPPPPP", LATE, ann(), json!(18.0)),
        // Extensions, in Gradescope or in the policy; what the policy says about others is left out.
        ("PPPPPPP", LATE, extended, json!(20.0)),
        ("PPPPPPP", &ill, ann(), json!(20.0)),
        ("PPPPPPP", &other, ann(), json!(18.0)),
        // A weight says itself what the lesson is worth, beside what is graded by hand.
        ("PPPPPPP", "[lesson.1]\nweight = 12.5\n", ann(), json!(12.5)),
    ] {
        let value = written(marks, policy, &late(&users)).unwrap();
        assert_eq!(value["score"], score, "{marks} {policy} {users}");
    }
    let value = written("PPPPPPP", LATE, &late(&ann())).unwrap();
    let output = value["output"].as_str().unwrap();
    assert!(output.contains("worth 7 points, which count as 20"), "{output}");
    assert!(output.contains("handed in late, so 2 points are subtracted"), "{output}");
    let value = written("PPPPPPP", "", &json!({ "assignment": { "total_points": "7" } })).unwrap();
    assert_eq!((&value["score"], &value["output"]), (&json!(7.0), &json!("")));
}

#[test]
fn what_has_no_grade_has_no_score_in_gradescope() {
    for marks in ["PP?", "PPT", "PPY"] {
        let value = written(marks, "", &late(&ann())).unwrap();
        assert!(!value.to_string().contains("score"), "{value}");
    }
}

#[test]
fn metadata_that_may_look_different_tomorrow_does_not_stop_the_grader() {
    for metadata in [
        json!({}),
        json!({ "assignment": { "total_points": null, "due_date": null }, "users": [{ "name": null }] }),
        json!({ "assignment": { "total_points": 7 }, "new": { "key": [1] } }),
        json!({ "assignment": { "total_points": "0.0" } }),
    ] {
        assert_eq!(written("PPPPPPP", "", &metadata).unwrap()["score"], json!(7.0), "{metadata}");
    }
    for (metadata, complaint) in [
        (json!([1]), "is not Gradescope's"),
        (json!({ "assignment": { "total_points": "many" } }), "`total_points` is `many`"),
        (json!({ "assignment": { "total_points": "-3" } }), "`total_points` is `-3`"),
        (json!({ "created_at": "yesterday" }), "`yesterday` is not a day and a time"),
        (json!({ "assignment": { "due_date": HOSTILE } }), "is not a day and a time"),
    ] {
        let error = written("PPPPPPP", "", &metadata).unwrap_err();
        assert!(error.contains(complaint) && !error.contains('\u{1b}'), "{error}");
    }
}
