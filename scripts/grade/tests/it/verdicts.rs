//! Verdicts as the grader would have written them, without grading anything.

use std::path::Path;

use kata::Database;
use kata::course::Course;
use serde_json::{Value, json};

use crate::material::place;

/// Puts a verdict where the grader would have.
pub fn put(out: &Path, name: &str, verdict: &Value) {
    place(out, &format!("{name}/verdict.json"), serde_json::to_string(verdict).unwrap().as_bytes());
}

/// The verdict on a submission: of each lesson, how each gate came out, `P` for a pass.
pub fn verdict(course: &Course, name: &str, lessons: &[(&str, &str)]) -> Value {
    let lessons: Vec<_> =
        lessons.iter().map(|(lesson, marks)| lesson_verdict(course, lesson, marks)).collect();
    let sum = |key: &str| lessons.iter().map(|lesson| lesson[key].as_u64().unwrap()).sum::<u64>();
    json!({
        "schema": "kata-verdict/v1", "submission": name, "digest": format!("{:064x}", name.len()),
        "course_version": "1.2.0", "canonical": "c".repeat(64), "tier": "A", "advisory": false,
        "seeds": { "published": 1, "fresh": [2] }, "options": options(), "repetition": false, "started": "2026-05-01T12:00:00Z",
        "milliseconds": 1, "points": sum("points"), "max_points": sum("max_points"), "ignored": [],
        "lessons": lessons, "cpu": { "compiling": 1, "running": 1, "sandbox": 1 },
    })
}

fn lesson_verdict(course: &Course, name: &str, marks: &str) -> Value {
    let lesson = course.lesson(name).unwrap();
    let gates = lesson.gates_on(Database::Sqlite);
    let marks: Vec<_> = marks.chars().chain(std::iter::repeat('F')).take(gates.len()).collect();
    let gates: Vec<_> = gates
        .iter()
        .zip(&marks)
        .map(|((number, gate), mark)| {
            let (verdict, reason, got) = match mark {
                'P' => ("PASS", "it saw what it should", None),
                'N' => ("FAIL", "it panicked: not yet implemented: Insert the book.", None),
                'T' => ("TAMPER", "it wrote a file that only the gate may write", None),
                'Y' => ("POLICY", "it reads a file outside of the lesson", None),
                'B' => ("BUILD_ERROR", "it does not compile", None),
                '?' => ("GRADER_ERROR", "the grader itself failed on this lesson; please report it", None),
                _ => ("FAIL", "it saw something else than it should", Some("find\n    None")),
            };
            let points = if verdict == "PASS" { gate.points } else { 0 };
            json!({
                "number": number, "name": gate.name, "title": gate.title, "verdict": verdict, "reason": reason,
                "points": points, "max_points": gate.points, "milliseconds": 1, "peak_kib": 1,
                "seed": if verdict == "FAIL" { json!(1) } else { json!(null) },
                "expected": got.map(|_| "find\n    Some(1)"), "got": got,
                "sql": if verdict == "FAIL" { json!(["SELECT 1"]) } else { json!([]) },
            })
        })
        .collect();
    let sum = |key: &str| gates.iter().map(|gate| gate[key].as_u64().unwrap()).sum::<u64>();
    json!({
        "lesson": lesson.name, "digest": "d".repeat(64), "points": sum("points"), "max_points": sum("max_points"),
        "build_milliseconds": 1, "build_peak_kib": 1, "diagnostics": null, "gates": gates,
        "cpu": { "compiling": 1, "running": 1, "sandbox": 1 },
    })
}

/// Those of a run without any on the command line.
pub fn options() -> Value {
    json!({
        "lesson": ["01-database"], "build_limits": grade::limits::Limits::BUILD,
        "gate_limits": grade::limits::Limits::GATE, "scan": true, "tier": "A", "repetition": false,
    })
}
