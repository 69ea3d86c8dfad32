//! Limits where nothing but limits holds a submission, and limits as long as they really are.

use std::fs;
use std::path::Path;
use std::time::Instant;

use grade::limits::Limits;
use grade::sandbox::Tier;
use grade::verdict::{SubmissionVerdict, Verdict};

use crate::material::{Entry, course, grade, grade_without_namespaces, root};

fn make(folder: &Path, name: &str) {
    let entry = Entry::read(&root().join("tests/submissions/grading").join(name));
    entry.make(&course(), &folder.join(name));
}

fn verdict(out: &Path, name: &str) -> SubmissionVerdict {
    let text = fs::read_to_string(out.join(name).join("verdict.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn without_a_sandbox_the_limits_hold_and_the_verdict_is_advisory() {
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    // A bomb of processes is not among them: as root nothing bounds their number there.
    let expected = [
        ("noisy_output", "PASS"),
        ("endless_loop", "TIMEOUT"),
        ("sleeps", "TIMEOUT"),
        ("memory_bomb", "RESOURCE"),
        ("output_flood", "RESOURCE"),
        ("disk_filler", "RESOURCE"),
        ("opens_many_files", "PASS"),
    ];
    for (name, _) in expected {
        make(&all, name);
    }
    let limits = ["--gate-time", "4", "--gate-memory", "256", "--min-tier", "C", "--lesson", "1"];
    let places = [all.to_str().unwrap(), "--out", out.to_str().unwrap()];
    grade_without_namespaces(&[&places[..], &limits].concat());
    for (name, what) in expected {
        let verdict = verdict(&out, name);
        assert_eq!(verdict.tier, Tier::C, "{name}");
        assert!(verdict.advisory, "{name}");
        let first = verdict.lessons[0].first_not_passed();
        assert_eq!(first.map_or("PASS", |gate| gate.verdict.name()), what, "{name}: {first:?}");
    }
}

#[test]
fn a_gate_has_as_long_as_the_readme_says() {
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    make(&all, "sleeps");
    let begun = Instant::now();
    grade(&[all.to_str().unwrap(), "--out", out.to_str().unwrap(), "--lesson", "1"]);
    assert!(begun.elapsed().as_secs() >= Limits::GATE.wall_milliseconds / 1000);
    let verdict = verdict(&out, "sleeps");
    let gate = verdict.lessons[0].first_not_passed().unwrap();
    assert_eq!(gate.verdict, Verdict::Timeout);
    assert!((10_000..11_500).contains(&gate.milliseconds), "{}", gate.milliseconds);
}
