//! What Gradescope and Classroom 50 are given, held to what each of them documents. The grader in it is a program that
//! leaves what a test says, so that this takes seconds; `the_whole_autograder` runs the real one.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::material::{completed, course, place, untouched, write};

/// What is exported once, for all tests.
struct Exported {
    folder: TempDir,
}

static EXPORTED: LazyLock<Exported> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    place(folder.path(), "policy.toml", b"[lesson.1]\nweight = 20\n");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let policy = path("policy.toml");
    for words in [
        ["gradescope", &path("a.zip"), "--lesson", "01-database", "--policy", &policy].as_slice(),
        &["classroom50", &path("c50"), "--lesson", "01-database", "--lesson", "05-crud"],
    ] {
        let output = export(words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    Exported { folder }
});

/// The grader's part of `cargo kata export`, in a folder that is not the course's.
fn export(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grade"));
    command.current_dir(crate::material::root().join("scripts")).arg("__autograder").args(words);
    command.output().unwrap()
}

/// The exported archive.
fn archive() -> zip::ZipArchive<fs::File> {
    zip::ZipArchive::new(fs::File::open(EXPORTED.folder.path().join("a.zip")).unwrap()).unwrap()
}

/// `/autograder`, as Gradescope lays it out, in a folder of the test's.
fn complete_autograder() -> TempDir {
    with_source(|source| archive().extract(source).unwrap())
}

/// The same without the course, which a grader that does nothing does not need.
fn autograder() -> TempDir {
    with_source(|source| {
        fs::create_dir_all(source.join("course")).unwrap();
        let mut archive = archive();
        for name in ["setup.sh", "run_autograder", "settings.sh", "policy.toml"] {
            let mut file = archive.by_name(name).unwrap();
            std::io::copy(&mut file, &mut fs::File::create(source.join(name)).unwrap()).unwrap();
            let mode = file.unix_mode().unwrap();
            fs::set_permissions(source.join(name), fs::Permissions::from_mode(mode)).unwrap();
        }
    })
}

fn with_source(unpack: impl Fn(&Path)) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    unpack(&folder.path().join("source"));
    fs::copy(folder.path().join("source/run_autograder"), folder.path().join("run_autograder")).unwrap();
    fs::create_dir(folder.path().join("submission")).unwrap();
    folder
}

/// A `cargo` that writes its arguments beside it, and then does what `script` says with `$out`.
fn fake_cargo(folder: &Path, script: &str) -> PathBuf {
    let programs = folder.join("programs");
    let text = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$PWD\" \"$@\" >\"$(dirname \"$0\")/words\"\n\
         while [ $# -gt 0 ]; do case $1 in --out) out=$2;; esac; shift; done\n{script}\n"
    );
    place(&programs, "cargo", text.as_bytes());
    fs::set_permissions(programs.join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    programs
}

fn path_with(programs: &Path) -> String {
    format!("{}:{}", programs.display(), std::env::var("PATH").unwrap())
}

/// Runs `run_autograder` with a grader that does what `script` says.
fn run(folder: &Path, script: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let path = path_with(&fake_cargo(folder, script));
    place(folder, "source/environment.sh", format!("export PATH='{path}'\n").as_bytes());
    let mut command = Command::new(folder.join("run_autograder"));
    let output = command.args(arguments).env("AUTOGRADER", folder).current_dir(folder).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn results(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("results/results.json")).unwrap()).unwrap()
}

fn words(folder: &Path) -> Vec<String> {
    let words = fs::read_to_string(folder.join("programs/words")).unwrap();
    words.lines().map(str::to_owned).collect()
}

#[test]
fn gradescopes_archive_has_its_two_programs_at_the_root_and_the_complete_course() {
    let folder = complete_autograder();
    let source = folder.path().join("source");
    for name in ["setup.sh", "run_autograder"] {
        assert!(fs::metadata(source.join(name)).unwrap().permissions().mode() & 0o100 != 0, "{name}");
        let text = fs::read_to_string(source.join(name)).unwrap();
        assert!(text.starts_with("#!/usr/bin/env bash\n") && !text.contains('\r'), "{name}");
        assert!(Command::new("bash").arg("-n").arg(source.join(name)).status().unwrap().success(), "{name}");
    }
    let mut top: Vec<_> = fs::read_dir(&source)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    top.sort();
    assert_eq!(top, ["course", "policy.toml", "run_autograder", "settings.sh", "setup.sh"]);
    for file in
        ["Cargo.lock", ".cargo/config.toml", "solutions/01-database/src/lib.rs", "scripts/grade/src/main.rs"]
    {
        let copied = fs::read(source.join("course").join(file)).unwrap();
        assert_eq!(copied, fs::read(crate::material::root().join(file)).unwrap(), "{file}");
    }
    let mode = fs::metadata(source.join("policy.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "it names students, and nobody else reads it");
}

#[test]
fn what_is_there_is_not_overwritten_and_a_wrong_policy_is_reported_at_once() {
    let folder = tempfile::tempdir().unwrap();
    place(folder.path(), "a.zip", b"mine");
    place(folder.path(), "c50/notes.md", b"mine");
    place(folder.path(), "policy.toml", b"[lesson.99]\nweight = 20\n");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let cases = [
        (vec!["gradescope".to_owned(), path("a.zip")], 3, "is there already"),
        (vec!["classroom50".to_owned(), path("c50")], 3, "is not an empty folder"),
        (
            vec!["gradescope".to_owned(), path("b.zip"), "--policy".to_owned(), path("policy.toml")],
            2,
            "policy.toml:1",
        ),
    ];
    for (words, code, complaint) in cases {
        let output = export(&words.iter().map(String::as_str).collect::<Vec<_>>());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(complaint), "{said}");
    }
    assert!(!folder.path().join("b.zip").exists());
    assert_eq!(fs::read(folder.path().join("a.zip")).unwrap(), b"mine");
}

#[test]
fn gradescope_gets_the_graders_answer_whatever_its_exit_code() {
    for code in [0, 1, 2, 4] {
        let folder = autograder();
        place(folder.path(), "submission_metadata.json", b"{}");
        let script =
            format!("mkdir -p \"$out/x\"; echo '{{\"tests\": []}}' >\"$out/x/gradescope.json\"; exit {code}");
        let (ended, _) = run(folder.path(), &script, &[]);
        assert_eq!((ended, results(folder.path())), (Some(0), json!({ "tests": [] })), "{code}");
        let words = words(folder.path()).join(" ");
        for part in [
            "source/course kata grade ",
            "/submission --one --format gradescope ",
            "--min-tier A --lesson 01-database ",
            "/source/policy.toml --metadata ",
        ] {
            assert!(words.contains(part), "{part}: {words}");
        }
    }
}

/// Whatever goes wrong on this side, results.json is there, without a number.
#[test]
fn a_grader_that_fails_gives_nobody_a_zero_in_gradescope() {
    for script in [
        "exit 3",
        "kill -9 $$",
        "mkdir -p \"$out/x\"; : >\"$out/x/gradescope.json\"",
        "echo '{\"score\": 0}'; exit 1",
        "sleep 60",
    ] {
        let folder = autograder();
        place(folder.path(), "results/results.json", b"{\"score\": 20}");
        let settings = fs::read_to_string(folder.path().join("source/settings.sh")).unwrap();
        place(folder.path(), "source/settings.sh", settings.replace("seconds=570", "seconds=1").as_bytes());
        let (code, said) = run(folder.path(), script, &[]);
        assert_eq!(code, Some(1), "{script}");
        assert!(said.contains("There is no verdict"), "{said}");
        let results = results(folder.path());
        assert_eq!(results["tests"][0]["name"], "There is no grade yet", "{script}");
        assert!(!results.to_string().contains("score"), "{results}");
        assert_eq!(results["stdout_visibility"], "hidden");
    }
    // Also if there is no course to grade with.
    let folder = autograder();
    fs::remove_file(folder.path().join("source/settings.sh")).unwrap();
    assert_eq!(run(folder.path(), "exit 0", &[]).0, Some(1));
    assert!(!results(folder.path()).to_string().contains("score"));
}

#[test]
fn a_probe_prints_what_the_sandbox_supports_and_leaves_no_result() {
    let folder = autograder();
    let (code, said) = run(folder.path(), "echo 'tier X'; exit 3", &["--probe"]);
    assert_eq!((code, said.trim()), (Some(3), "tier X"));
    assert_eq!(words(folder.path())[1..], ["kata", "grade", "--probe", "--min-tier", "A"]);
    assert!(!folder.path().join("results").exists());
    let output = crate::material::grade(&["--probe", "--min-tier", "C"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("This machine supports tier "));
}

/// Runs `autograder.py` in the student's checkout, with a grader that does what `script` says.
fn run_classroom50(checkout: &Path, script: &str) -> Option<i32> {
    let programs = fake_cargo(checkout.parent().unwrap(), script);
    let mut command = Command::new("python3");
    command.arg(EXPORTED.folder.path().join("c50/autograder.py")).current_dir(checkout);
    command.env("PATH", path_with(&programs)).output().unwrap().status.code()
}

const RESULT: &str = "mkdir -p \"$out/x\"; echo '{\"score\": 1}' >\"$out/x/classroom50.json\"; \
                      echo 'Well done' >\"$out/x/feedback.md\"; exit 1";

#[test]
fn classroom_50_gets_a_result_and_the_students_feedback() {
    let folder = tempfile::tempdir().unwrap();
    let checkout = folder.path().join("cs-lesson-ann");
    fs::create_dir(&checkout).unwrap();
    assert_eq!(run_classroom50(&checkout, RESULT), Some(0));
    assert_eq!(fs::read_to_string(checkout.join("result.json")).unwrap().trim(), "{\"score\": 1}");
    assert_eq!(fs::read_to_string(checkout.join("release-body.md")).unwrap().trim(), "Well done");
    let words = words(folder.path()).join(" ");
    // Cargo never runs where the student may have put settings for it.
    assert!(words.starts_with(
        &EXPORTED.folder.path().canonicalize().unwrap().join("c50/course").display().to_string()
    ));
    let part = "/cs-lesson-ann --one --out ";
    assert!(words.contains(part) && words.ends_with("--min-tier A --lesson 01-database,05-crud"), "{words}");
}

#[test]
fn classroom_50_never_takes_a_students_own_result() {
    for (script, is_graded) in [(RESULT, true), ("exit 3", false), ("kill -9 $$", false)] {
        for kind in ["file", "link", "folder"] {
            let folder = tempfile::tempdir().unwrap();
            let checkout = folder.path().join("ann");
            let victim = folder.path().join("victim");
            place(folder.path(), "victim", b"theirs");
            fs::create_dir(&checkout).unwrap();
            for name in ["result.json", "release-body.md"] {
                match kind {
                    "file" => place(&checkout, name, b"{\"score\": 99}"),
                    "link" => symlink(&victim, checkout.join(name)).unwrap(),
                    _ => place(&checkout, &format!("{name}/inside"), b"x"),
                }
            }
            let code = run_classroom50(&checkout, script);
            assert_eq!(code, Some(i32::from(!is_graded)), "{script} {kind}");
            let result = fs::read_to_string(checkout.join("result.json")).ok();
            assert_eq!(
                result.as_deref().map(str::trim),
                is_graded.then_some("{\"score\": 1}"),
                "{script} {kind}"
            );
            assert_eq!(fs::read(&victim).unwrap(), b"theirs");
        }
    }
}

#[test]
fn classroom_50s_folder_fits_into_what_it_downloads() {
    let folder = EXPORTED.folder.path().join("c50");
    for (name, key, value) in [
        ("settings.json", "lessons", json!(["01-database", "05-crud"])),
        ("runtime.json", "runs-on", json!("ubuntu-latest")),
    ] {
        let read: Value = serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap();
        assert_eq!(read[key], value);
    }
    assert!(folder.join("course/solutions/01-database/src/lib.rs").is_file());
    let mut archive =
        tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    archive.append_dir_all("a", &folder).unwrap();
    let size = archive.into_inner().unwrap().finish().unwrap().len();
    assert!(size < 10 << 20, "Classroom 50 takes at most 10 MiB, and it has {size} bytes");
}

/// Compiles the course and grades, which takes minutes:
/// `cargo test -p grade --test it the_whole_autograder -- --ignored --nocapture`.
#[test]
#[ignore = "it compiles the whole course"]
fn the_whole_autograder() {
    let folder = complete_autograder();
    let root = folder.path();
    let setup = Command::new("bash").arg(root.join("source/setup.sh")).env("AUTOGRADER", root).status();
    assert!(setup.unwrap().success());
    let course = course();
    let lesson = course.lesson("1").unwrap();
    let (right, begun) = (completed(&course, lesson), untouched(&course, lesson));
    let broken = [("lessons/01-database/src/lib.rs".into(), "pub fn".to_owned())];
    let metadata = json!({
        "created_at": "2026-05-02T22:00:00Z", "assignment": { "due_date": "2026-05-03T22:00:00Z", "total_points": "20.0" },
        "users": [{ "id": 1, "email": "a@x.org", "name": "</script>\u{202e}=cmd|::error::" }],
    });
    place(root, "submission_metadata.json", metadata.to_string().as_bytes());
    let cases = [
        ("right", right, Some(20.0)),
        ("untouched", begun, Some(2.86)),
        ("does not compile", broken.into(), Some(0.0)),
        ("empty", [].into(), Some(0.0)),
    ];
    for (name, files, score) in cases {
        fs::remove_dir_all(root.join("submission")).unwrap();
        fs::create_dir(root.join("submission")).unwrap();
        write(&root.join("submission"), &files);
        let start = std::time::Instant::now();
        let status =
            Command::new(root.join("run_autograder")).env("AUTOGRADER", root).current_dir(root).status();
        println!("{name}: {:.1} s\n{:#}", start.elapsed().as_secs_f64(), results(root));
        assert!(status.unwrap().success(), "{name}");
        assert_eq!(results(root)["score"].as_f64(), score, "{name}");
    }
    fs::remove_dir_all(root.join("source/course/tests/gates")).unwrap();
    let status = Command::new(root.join("run_autograder")).env("AUTOGRADER", root).current_dir(root).status();
    assert!(!status.unwrap().success());
    assert!(!results(root).to_string().contains("score"), "the grader cannot start");
}
