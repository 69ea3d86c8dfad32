//! Limits where nothing but limits holds a submission, and limits as long as they really are.

use std::fs;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::Command;
use std::time::Instant;

use grade::limits::Limits;
use grade::sandbox::Tier;
#[cfg(target_os = "linux")]
use grade::sandbox::{self, End, Isolation, Spec};
use grade::verdict::{SubmissionVerdict, Verdict};

use crate::entry::Entry;
use crate::material::{course, grade, grade_without_namespaces, root};

fn make(folder: &Path, name: &str) {
    let entry = Entry::read(&root().join("tests/submissions/grading").join(name));
    assert_eq!(entry.make(&course(), &folder.join(name)), [""; 0], "{name}");
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
fn a_gate_times_out_after_the_time_in_the_readme() {
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    make(&all, "sleeps");
    let begun = Instant::now();
    grade(&[all.to_str().unwrap(), "--out", out.to_str().unwrap(), "--lesson", "1"]);
    assert!(begun.elapsed().as_secs() >= Limits::GATE.wall_milliseconds / 1000);
    let verdict = verdict(&out, "sleeps");
    let gate = verdict.lessons[0].first_not_passed().unwrap();
    assert_eq!(gate.verdict, Verdict::Timeout);
    // On a busy machine it is a little more: the time in which it got no processor is given back.
    let longest = u64::try_from(Limits::GATE.longest().as_millis()).unwrap();
    assert!((10_000..longest).contains(&gate.milliseconds), "{}", gate.milliseconds);
}

/// Runs a command of the shell in a sandbox of tier C.
#[cfg(target_os = "linux")]
fn run_limited(command: &str, limits: Limits) -> End {
    let folder = tempfile::tempdir().unwrap();
    let spec = Spec {
        isolation: Isolation::None,
        root: folder.path().join("root"),
        shared: Vec::new(),
        hidden: Vec::new(),
        program: "/bin/sh".into(),
        arguments: vec!["-c".to_owned(), command.to_owned()],
        input: String::new(),
        variables: [("PATH".to_owned(), "/usr/bin:/bin".to_owned())].into(),
        folder: folder.path().to_owned(),
        scratch: folder.path().join("scratch"),
        make: Vec::new(),
        collect: None,
        trace: None,
        limits,
    };
    sandbox::run(Path::new(env!("CARGO_BIN_EXE_grade")), &spec).unwrap().end
}

#[test]
#[cfg(target_os = "linux")]
fn a_busy_machine_times_out_only_gates_that_wait_or_never_end() {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    // This thread, and so all that it starts, has one processor, and five others who want it: until this process ends,
    // however it ends.
    let this = Pid::from_raw(0);
    let allowed = sched_getaffinity(this).unwrap();
    let mut one = CpuSet::new();
    one.set((0..CpuSet::count()).find(|cpu| allowed.is_set(*cpu).unwrap()).unwrap()).unwrap();
    sched_setaffinity(this, &one).unwrap();
    let want = "while kill -0 $PPID; do :; done 2>/dev/null";
    let busy = |_| Command::new("/bin/sh").args(["-c", want]).spawn().unwrap();
    let mut others: Vec<_> = (0..5).map(busy).collect();

    let limits = Limits { wall_milliseconds: 1500, cpu_seconds: 5, ..Limits::GATE };
    let work = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
    let works = run_limited(work, limits);
    let sleeps = run_limited("sleep 3600", limits);
    let short = Limits { cpu_seconds: 1, wall_milliseconds: 60_000, ..limits };
    let loops = run_limited("while :; do :; done", short);
    let loops_in_many = run_limited("for i in 1 2 3 4 5 6; do while :; do :; done & done; wait", short);
    for other in &mut others {
        other.kill().unwrap();
        other.wait().unwrap();
    }
    assert!([End::Exited(0), End::Starved].contains(&works), "{works:?}");
    assert_eq!(sleeps, End::TimedOut);
    assert_eq!(loops, End::TimedOut);
    assert_eq!(loops_in_many, End::TimedOut, "what its processes use counts together");
}
