//! The files for platforms that run the grader themselves, held to what each of them documents.

use grade::formats::platforms::{check50, classroom50, exercism, gradescope, prairielearn};
use grade::verdict::SubmissionVerdict;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::material::{course, grade_with};
use crate::verdicts::verdict;

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).unwrap()
}

/// `docs/specs.md` of Gradescope's samples.
pub fn gradescope_schema() -> Validator {
    let visibility = json!({ "enum": ["hidden", "after_due_date", "after_published", "visible"] });
    let format = json!({ "enum": ["text", "html", "simple_format", "md", "ansi"] });
    validator(&json!({
        "type": "object", "additionalProperties": false, "required": ["tests"],
        "properties": {
            "score": { "type": "number" }, "execution_time": { "type": "number" }, "output": { "type": "string" },
            "output_format": format, "test_output_format": format, "test_name_format": format,
            "visibility": visibility, "stdout_visibility": visibility, "extra_data": { "type": "object" },
            "tests": { "type": "array", "minItems": 1, "items": {
                "type": "object", "additionalProperties": false, "dependentRequired": { "score": ["max_score"] },
                "properties": {
                    "score": { "type": "number", "minimum": 0 }, "max_score": { "type": "number", "minimum": 0 },
                    "status": { "enum": ["passed", "failed"] }, "name": { "type": "string" },
                    "number": { "type": "string" }, "output": { "type": "string" },
                    "tags": { "type": "array", "items": { "type": "string" } }, "visibility": visibility,
                } } },
        },
    }))
}

/// `docs/externalGrading.md` of PrairieLearn: points on all tests, or on none.
fn prairielearn_schema() -> Validator {
    let test = json!({
        "type": "object", "additionalProperties": false, "required": ["name", "points", "max_points"],
        "properties": {
            "name": { "type": "string" }, "points": { "type": "number" }, "max_points": { "type": "number" },
            "message": { "type": "string" }, "output": { "type": "string" },
        },
    });
    validator(&json!({
        "type": "object", "additionalProperties": false, "required": ["gradable"],
        "properties": {
            "gradable": { "type": "boolean" }, "score": { "type": "number", "minimum": 0, "maximum": 1 },
            "tests": { "type": "array", "items": test },
            "format_errors": { "type": ["string", "array"], "minItems": 1, "items": { "type": "string" } },
        },
        "if": { "properties": { "gradable": { "const": true } } },
        "then": { "required": ["score", "tests"] },
        "else": { "required": ["format_errors"], "not": { "required": ["score"] } },
    }))
}

/// `json_specification.rst` of check50: results, or an error in their place.
fn check50_schema() -> Validator {
    let text = json!({ "type": "string" });
    let result = json!({
        "type": "object", "additionalProperties": false,
        "required": ["name", "description", "passed", "log", "cause", "data", "dependency"],
        "properties": {
            "name": text, "description": text, "passed": { "type": ["boolean", "null"] },
            "log": { "type": "array", "items": text }, "data": { "type": "object" },
            "dependency": { "type": ["string", "null"] },
            "cause": { "type": ["object", "null"], "required": ["rationale", "help"], "properties": {
                "rationale": text, "help": { "type": ["string", "null"] }, "expected": text, "actual": text,
            } },
        },
    });
    validator(&json!({
        "type": "object", "additionalProperties": false, "required": ["slug", "version"],
        "oneOf": [{ "required": ["results"] }, { "required": ["error"] }],
        "properties": {
            "slug": text, "version": text, "results": { "type": "array", "items": result },
            "error": { "type": "object", "required": ["type", "value", "traceback", "data"] },
        },
    }))
}

/// `interface.md` of Exercism's test runners, version 3.
fn exercism_schema() -> Validator {
    let test = json!({
        "type": "object", "additionalProperties": false, "required": ["name", "test_code", "status"],
        "properties": {
            "name": { "type": "string" }, "test_code": { "type": "string" },
            "status": { "enum": ["pass", "fail", "error"] }, "message": { "type": ["string", "null"] },
            "output": { "type": ["string", "null"], "maxLength": 500 }, "task_id": { "type": "integer", "minimum": 1 },
        },
        "if": { "properties": { "status": { "const": "pass" } } },
        "else": { "required": ["message"], "properties": { "message": { "type": "string" } } },
    });
    validator(&json!({
        "type": "object", "additionalProperties": false, "required": ["version", "status", "message"],
        "properties": {
            "version": { "const": 3 }, "status": { "enum": ["pass", "fail", "error"] },
            "message": { "type": ["string", "null"], "maxLength": 65535 },
            "tests": { "type": "array", "minItems": 1, "items": test },
        },
        "if": { "properties": { "status": { "const": "error" } } },
        "then": { "properties": { "message": { "type": "string", "minLength": 1 } } },
        "else": { "required": ["tests"] },
    }))
}

/// A verdict with these marks in lesson 1, and this text wherever a student writes.
fn marked(marks: &str, text: &str) -> SubmissionVerdict {
    let course = course();
    let mut value = verdict(&course, "ann", &[("1", marks)]);
    let seeds = [1, 2];
    for (index, gate) in value["lessons"][0]["gates"].as_array_mut().unwrap().iter_mut().enumerate() {
        if gate["verdict"] == "FAIL" {
            gate["got"] = text.into();
            gate["seed"] = seeds[index % 2].into();
            gate["reason"] = format!("it panicked: {text}").into();
        }
    }
    if marks.starts_with('B') {
        value["lessons"][0]["diagnostics"] = text.into();
    }
    serde_json::from_value(value).unwrap()
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub fn check(schema: &Validator, value: &Value) {
    let errors: Vec<_> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{value:#}");
}

#[test]
fn each_platform_gets_the_format_that_it_documents() {
    let schemas = [gradescope_schema(), prairielearn_schema(), check50_schema(), exercism_schema()];
    let texts = ["short", &"long\u{1b}[2J </script> ::error:: \u{202e} ".repeat(400), "", "日本語 🦀 \"}]"];
    for marks in ["PPPPPPP", "PPF", "FFF", "BBBBBBB", "PP?", "NNN"] {
        for text in texts {
            let verdict = marked(marks, text);
            check(&schemas[0], &read(&gradescope::of(&verdict, None).unwrap()));
            let written = prairielearn::of(&verdict).unwrap();
            assert!(written.len() < 1 << 20, "{} bytes", written.len());
            check(&schemas[1], &read(&written));
            check(&schemas[2], &read(&check50::of(&verdict).unwrap()));
            for (lesson, text) in exercism::of(&verdict).unwrap() {
                assert_eq!(lesson, "01-database");
                check(&schemas[3], &read(&text));
            }
        }
    }
}

#[test]
fn the_points_match_the_verdict_and_fresh_rows_are_not_revealed() {
    let verdict = marked("PPF", "SECRET");
    let gradescope = read(&gradescope::of(&verdict, None).unwrap());
    let sum = |key: &str| {
        gradescope["tests"].as_array().unwrap().iter().map(|test| test[key].as_u64().unwrap()).sum()
    };
    let (score, most): (u64, u64) = (sum("score"), sum("max_score"));
    assert_eq!((score, most), (u64::from(verdict.points), u64::from(verdict.max_points)));
    let prairielearn = read(&prairielearn::of(&verdict).unwrap());
    assert_eq!(prairielearn["score"], json!(2.0 / 7.0));
    let check50 = read(&check50::of(&verdict).unwrap());
    // Gate 3 failed on the published seed, gate 4 on a fresh one.
    assert_eq!(check50["results"][2]["cause"]["actual"], "SECRET");
    assert!(!check50["results"][3].to_string().contains("SECRET"));
    for text in
        [gradescope.to_string(), prairielearn.to_string(), exercism::of(&verdict).unwrap()[0].1.clone()]
    {
        assert!(!text.contains("fresh"), "no seeds: {text}");
    }
}

#[test]
fn an_error_of_the_grader_is_not_a_zero_on_any_platform() {
    let verdict = marked("PP?", "x");
    let gradescope = read(&gradescope::of(&verdict, None).unwrap());
    assert!(
        gradescope.get("score").is_none() && gradescope["tests"][0].get("score").is_none(),
        "{gradescope}"
    );
    assert_eq!(read(&prairielearn::of(&verdict).unwrap())["gradable"], false);
    assert!(read(&check50::of(&verdict).unwrap()).get("results").is_none());
    assert_eq!(read(&exercism::of(&verdict).unwrap()[0].1)["status"], "error");
    // What does not compile costs no attempt where there are attempts.
    assert_eq!(read(&prairielearn::of(&marked("BBBBBBB", "x")).unwrap())["gradable"], false);
}

/// `validate_result` in Classroom 50's `runner.py`.
fn classroom50_schema() -> Validator {
    let (text, count) =
        (json!({ "type": "string", "minLength": 1 }), json!({ "type": "integer", "minimum": 0 }));
    validator(&json!({
        "type": "object", "additionalProperties": false,
        "required": [
            "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release",
            "review", "datetime", "score", "max-score", "tests",
        ],
        "properties": {
            "schema": { "const": "classroom50/result/v1" }, "classroom": text, "assignment": text, "owner": text,
            "assignment_type": { "enum": ["individual", "group", "team"] },
            "submission": { "type": "string", "pattern": "^submit/" }, "commit": text, "release": text,
            "review": text, "datetime": text, "score": count, "max-score": count,
            "tests": { "type": "array", "items": {
                "type": "object", "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": text, "passed": { "type": "boolean" }, "score": count, "max-score": count,
                } } },
        },
    }))
}

#[test]
fn missing_variables_of_classroom_50_are_reported_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (work, out) = (folder.path().join("ann"), folder.path().join("out"));
    std::fs::create_dir(&work).unwrap();
    let (work, out_text) = (work.to_str().unwrap(), out.to_str().unwrap());
    for (tag, complaint) in
        [("", "needs the variable SUBMISSION_TAG"), ("main", "does not begin with `submit/`")]
    {
        let arguments = [work, "--out", out_text, "--format", "classroom50"];
        let output = grade_with(&arguments, &[("SUBMISSION_TAG", std::path::Path::new(tag))]);
        assert_eq!(output.status.code(), Some(2), "{tag}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(complaint), "{said}");
        assert!(!out.exists(), "nothing was graded for it");
    }
}

#[test]
fn classroom_50_gets_integers_or_nothing() {
    let set = |name: &str| {
        let value = match name {
            "SUBMISSION_TAG" => "submit/2026-05-01T12-00-00Z-abc1234",
            "ASSIGNMENT_TYPE" => "team",
            "REVIEW_URL" => "",
            _ => "x",
        };
        Some(value.to_owned())
    };
    let schema = classroom50_schema();
    for marks in ["PPPPPPP", "PPF", "BBBBBBB"] {
        let verdict = marked(marks, "SECRET");
        let value = read(&classroom50::of(&verdict, &set).unwrap());
        check(&schema, &value);
        assert_eq!(value["review"], value["commit"]);
        let tests = value["tests"].as_array().unwrap();
        assert_eq!(value["score"].as_u64(), tests.iter().map(|test| test["score"].as_u64()).sum());
    }
    let missing = |without: &'static str| {
        let variable = move |name: &str| set(name).filter(|_| name != without);
        classroom50::of(&marked("P", "x"), &variable).map_err(|error| error.to_string())
    };
    for name in [
        "SUBMISSION_TAG",
        "COMMIT_URL",
        "CLASSROOM",
        "ASSIGNMENT",
        "ASSIGNMENT_TYPE",
        "USERNAME",
        "RELEASE_URL",
    ] {
        assert!(missing(name).unwrap_err().contains(&format!("needs the variable {name}")), "{name}");
    }
    assert!(classroom50::of(&marked("PP?", "x"), &set).is_err(), "no zero that nobody has earned");
}
