//! A class of three hundred on six machines, one of which fails.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::files;
use crate::material::{grade, place};

const STUDENTS: usize = 300;
const SHARDS: usize = 6;

#[test]
fn grading_on_six_machines_survives_killing_one() {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("all");
    for number in 0..STUDENTS {
        // The grader reads it, and says what to hand in instead: a whole verdict, without a compiler.
        place(&all, &format!("student {number:03}.rar"), b"Rar!\x1a\x07\x01\0");
    }
    let path = |name: &str| folder.path().join(name).display().to_string();
    let key = path("run.key");
    assert_eq!(grade(&["--new-key", &key]).status.code(), Some(0));
    let start = |index: usize, more: &[&str]| -> Child {
        let (shard, out) = (format!("{index}/{SHARDS}"), path(&format!("out{index}")));
        Command::new(env!("CARGO_BIN_EXE_grade"))
            .args([&path("all"), "--lesson", "1", "--min-tier", "C", "--jobs", "1", "--key", &key])
            .args(["--shard", &shard, "--out", &out])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    };
    // One is killed as soon as it has written some verdicts.
    let mut killed = start(4, &[]);
    let lines = BufReader::new(killed.stdout.take().unwrap()).lines();
    assert!(lines.map(Result::unwrap).any(|line| line.trim_start().starts_with("3 of ")));
    killed.kill().unwrap();
    assert_eq!(killed.wait().unwrap().code(), None);
    let others: Vec<_> = (1..=SHARDS).filter(|index| *index != 4).map(|index| start(index, &[])).collect();
    for other in others {
        let output = other.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let outs: Vec<_> = (1..=SHARDS).map(|index| path(&format!("out{index}"))).collect();
    let outs: Vec<_> = outs.iter().map(String::as_str).collect();
    let out = path("whole");
    let merge = || {
        grade(
            &[&outs[..], &["--merge", "--key", &key, "--out", &out, "--format", "csv,summary,html"]].concat(),
        )
    };
    let output = merge();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("out4 was cut short") && said.contains("shard 4 of 6"), "{said}");

    let verdicts = |folder: &str| {
        files(folder.as_ref())
            .into_iter()
            .filter(|(path, _)| path.ends_with("verdict.json"))
            .collect::<Vec<_>>()
    };
    let before = verdicts(outs[3]);
    let output = start(4, &["--resume"]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    // `UNREADABLE` is graded again, since a copy may have been cut short; everything is there now.
    assert!(before.len() < verdicts(outs[3]).len());

    assert_eq!(merge().status.code(), Some(2), "three hundred cannot be read");
    assert_eq!(verdicts(&out).len(), STUDENTS);
    let sizes: Vec<_> = outs.iter().map(|out| verdicts(out).len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), STUDENTS);
    assert!(sizes.iter().all(|size| (25..=75).contains(size)), "{sizes:?}");
    let table = fs::read_to_string(folder.path().join("whole/gradebook.csv")).unwrap();
    assert_eq!(table.lines().count(), STUDENTS + 1);
}
