//! What a sandbox reports about a gate: JSON, which holds texts of the student's program.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use grade::run::GateRun;
use grade::sandbox::Outcome;
use kata::course::Course;
use libfuzzer_sys::fuzz_target;

static COURSE: LazyLock<Course> =
    LazyLock::new(|| Course::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")).unwrap());

fuzz_target!(|answer: &[u8]| {
    let lesson = &COURSE.lessons[0];
    let gate = "connect_opens_the_database";
    let mut outcomes = Vec::new();
    outcomes.extend(serde_json::from_slice::<Outcome>(answer));
    // Also with a snapshot and a trace that are all the program's, in a report that is in order.
    if let Some((snapshot, trace)) = std::str::from_utf8(answer).ok().and_then(|text| text.split_once('\0')) {
        let report = serde_json::json!({
            "end": { "Exited": 101 }, "output": trace, "files": [[lesson.snapshot_file(gate), snapshot]], "trace": trace,
            "milliseconds": 1, "own_milliseconds": 1, "cpu_milliseconds": 1, "sandbox_milliseconds": 1, "peak_kib": 1,
        });
        outcomes.push(serde_json::from_value(report).unwrap());
    }
    for outcome in outcomes {
        let run = GateRun::new(outcome, lesson, gate, "key");
        if let Ok(Some(reason)) = run.judge("expected") {
            let _ = reason.to_string();
        }
        let _ = (run.got(), run.sql());
    }
});
