//! The grader's own faults: a sandbox that does not hold, a course that is not in order, a full disk.

use std::fs;
use std::path::Path;

use grade::probes;
use grade::sandbox::{Isolation, Tier};

#[cfg(target_os = "linux")]
use crate::material::grade_without_namespaces;
use crate::material::{completed, course, grade, grade_with, in_namespaces, root, untouched, write};

const HELPER: &str = env!("CARGO_BIN_EXE_grade");

#[test]
#[cfg(target_os = "linux")]
fn the_sandbox_of_this_machine_works() {
    let work = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (isolation, why) = probes::best(Path::new(HELPER), work.path()).unwrap();
    assert_eq!(isolation.tier(), Tier::A, "{why:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_disabled_sandbox_is_noticed() {
    // Says that it is tier A, and hands every command on to the grader as tier C.
    let work = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let broken = work.path().join("broken");
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = __confine ] || exec {HELPER} \"$@\"\n\
         sed -e 's/\"isolation\":\"UserNamespace\"/\"isolation\":\"None\"/' \
         -e \"s#\\\"/program\\\"#\\\"{HELPER}\\\"#g; s#\\\"/scratch\\\"#\\\"{work}/scratch\\\"#g\" | {HELPER} __confine\n",
        work = work.path().display()
    );
    fs::write(&broken, script).unwrap();
    fs::set_permissions(&broken, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let error = probes::check(&broken, Isolation::UserNamespace, work.path()).unwrap_err().to_string();
    assert!(error.contains("the sandbox leaks: a probe inside it can"), "{error}");
}

#[test]
fn a_probe_that_fails_outside_proves_nothing() {
    let work = tempfile::tempdir().unwrap();
    let mute = work.path().join("mute");
    fs::write(&mute, "#!/bin/sh\nfor what in 'read a file outside' 'write a file outside' connect 'reach the grader'\"'s process\" inherit 'make a socket' 'see another'\"'\"'s lock' 'limit another process' 'allocate memory that belongs to no process'; do echo \"$what: no\"; done\n").unwrap();
    #[cfg(unix)]
    fs::set_permissions(&mute, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let error = probes::check(&mute, Isolation::None, work.path()).unwrap_err().to_string();
    assert!(error.contains("so the test proves nothing"), "{error}");
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_sandbox_there_are_no_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    let course = course();
    write(&folder.path().join("sub"), &completed(&course, &course.lessons[0]));
    let out = folder.path().join("out");
    let sub = folder.path().join("sub");
    let output =
        grade_without_namespaces(&[sub.to_str().unwrap(), "--lesson", "1", "--out", out.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("this machine supports only tier C, but tier A is required"), "{said}");
    assert!(!out.join("sub/verdict.json").exists());
}

#[test]
fn a_verdict_that_cannot_be_written_is_a_grader_error() {
    let folder = tempfile::tempdir().unwrap();
    let course = course();
    write(&folder.path().join("sub"), &untouched(&course, &course.lessons[0]));
    let out = folder.path().join("out");
    // In the place of the file there is a folder that is not empty.
    fs::create_dir_all(out.join("sub/verdict.json/full")).unwrap();
    let output = grade(&[
        folder.path().join("sub").to_str().unwrap(),
        "--lesson",
        "1",
        "--min-tier",
        "C",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write"));
}

/// Less than a build may write: what fails there is nobody's fault until there is room.
#[test]
#[cfg(target_os = "linux")]
fn no_submission_fails_because_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let (subs, out, course) = (folder.path().join("subs"), folder.path().join("out"), course());
    write(&subs.join("right"), &completed(&course, &course.lessons[0]));
    write(&subs.join("broken"), &completed(&course, &course.lessons[0]));
    fs::write(subs.join("broken").join(course.lessons[0].folder()).join("src/lib.rs"), "fn {").unwrap();
    let work = kata::build::place::shared(&root()).join("grade");
    fs::create_dir_all(&work).unwrap();
    let script = format!("mount -t tmpfs -o size=900m tmpfs '{}' && exec \"$@\"", work.display());
    let output = in_namespaces(
        &["--mount"],
        &script,
        &[subs.to_str().unwrap(), "--lesson", "1", "--min-tier", "C", "--out", out.to_str().unwrap()],
    );
    assert_eq!(output.status.code(), Some(3));
    let verdict = |name: &str| fs::read_to_string(out.join(name).join("verdict.json")).unwrap();
    assert!(!verdict("right").contains("GRADER_ERROR"), "{}", verdict("right"));
    let broken = verdict("broken");
    assert!(broken.contains("GRADER_ERROR") && !broken.contains("BUILD_ERROR"), "{broken}");
    assert!(broken.contains("a submission may write 1024 MiB"), "{broken}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_gate_that_the_manifest_does_not_list_is_a_grader_error() {
    let folder = tempfile::tempdir().unwrap();
    let (sub, out, copy) =
        (folder.path().join("sub"), folder.path().join("out"), folder.path().join("course"));
    write(&sub, &completed(&course(), &course().lessons[0]));
    for file in kata::course::layout::contents(&root()).unwrap().files {
        kata::files::copy(&root().join(&file), &copy.join(&file)).unwrap();
    }
    // Cargo must not take this course's builds, which it finds in the same folder, for the copy's.
    let manifest = fs::read_to_string(copy.join("Cargo.toml")).unwrap();
    fs::write(copy.join("Cargo.toml"), manifest.replace("\"0.0.0\"", "\"0.0.0-listed\"")).unwrap();
    let list = copy.join("tests/gates/01_database.toml");
    let text = fs::read_to_string(&list).unwrap();
    let mut parts: Vec<_> = text.split("[[gate]]").collect();
    let first = parts.remove(1);
    fs::write(&list, parts.join("[[gate]]")).unwrap();
    let name = first.lines().find_map(|line| line.strip_prefix("name = ")).unwrap().trim_matches('"');

    let output = grade_with(
        &[sub.to_str().unwrap(), "--lesson", "1", "--out", out.to_str().unwrap()],
        &[("CARGO_MANIFEST_DIR", &copy), ("CARGO_TARGET_DIR", &root().join("target"))],
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("01_database.toml differ from those in the program"), "{said}");
    assert!(said.contains(&format!("Only in the program: database::{name}")), "{said}");
    assert!(!out.join("sub/verdict.json").exists());
}

#[test]
fn postgres_and_invalid_paths_are_refused_with_the_reason() {
    let output = grade(&[".", "--db", "postgres"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("leave something for the next"));
    assert_eq!(grade(&["/nowhere"]).status.code(), Some(2));
    assert_eq!(grade(&[env!("CARGO_MANIFEST_DIR")]).status.code(), Some(2));
}
