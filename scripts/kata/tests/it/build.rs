//! A gate is built without cargo where that leads to the same.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::course::Copy;
use crate::small::{Small, write};

const SETTINGS: &str = "lessons/01-database/src/lib.rs";

/// A cargo that writes down that it was started.
struct Counted {
    cargo: PathBuf,
    log: PathBuf,
}

impl Counted {
    fn new(course: &Copy) -> Self {
        let counted = Self { cargo: course.path(".kata/cargo"), log: course.path(".kata/cargo.log") };
        let cargo = std::env::var("CARGO").unwrap();
        let script =
            format!("#!/bin/sh\necho started >> \"$(dirname \"$0\")/cargo.log\"\nexec '{cargo}' \"$@\"\n");
        course.write(".kata/cargo", &script);
        fs::set_permissions(&counted.cargo, fs::Permissions::from_mode(0o755)).unwrap();
        counted
    }

    /// What `kata test 1` says, and how many cargos it started.
    fn test(&self, course: &Copy) -> (String, usize) {
        let count = || fs::read_to_string(&self.log).unwrap_or_default().lines().count();
        let before = count();
        let ran = course.kata_with(&["test", "1"], &[("CARGO", self.cargo.to_str().unwrap())]);
        (ran.text, count() - before)
    }
}

#[test]
fn an_edit_of_the_student_needs_no_cargo() {
    let course = Copy::new();
    let counted = Counted::new(&course);
    // The first time cargo compiles, and is watched; the second time its commands are run again.
    let judged = |text: &str| {
        course.write(SETTINGS, text);
        let (text, cargos) = counted.test(&course);
        assert_eq!(cargos, 0, "{text}");
        text
    };
    let skeleton = course.read(SETTINGS);
    // Without a note of an earlier build, cargo has to be asked.
    fs::remove_dir_all(course.path("target/kata/builds")).ok();
    course.write(SETTINGS, &skeleton);
    assert!(counted.test(&course).1 > 0);
    course.write(SETTINGS, &format!("{skeleton}\n"));
    counted.test(&course);
    let right = skeleton.replacen("//!", "//! Edited.\n//!", 1);
    let edited = judged(&right);
    assert!(edited.contains("✗ Gate 2"), "{edited}");

    // An error is the compiler's own, and goes when it is fixed.
    let broken = judged(&(right.clone() + "\nfn more() { nonsense }\n"));
    assert!(broken.contains("cannot find value `nonsense` in this scope"), "{broken}");
    assert!(broken.contains("lessons/01-database/src/lib.rs:"), "{broken}");
    assert!(!broken.contains('\u{1b}'), "no colours where nobody sees them: {broken}");
    let mended = judged(&right);
    assert!(mended.contains("✗ Gate 2"), "{mended}");
}

#[test]
fn a_change_that_only_cargo_can_judge_goes_to_cargo() {
    let course = Copy::new();
    let counted = Counted::new(&course);
    for file in ["lessons/01-database/Cargo.toml", "Cargo.toml", "tests/src/lib.rs", "tests/src/seed.rs"] {
        counted.test(&course);
        assert_eq!(counted.test(&course).1, 0);
        course.write(file, &(course.read(file) + "\n"));
        assert_eq!(counted.test(&course).1, 1, "{file}");
    }
}

/// Two copies, one folder to build into, and the files of the second are older than what the first has made.
#[test]
fn copies_that_build_into_one_folder_run_their_own_programs() {
    let settings: [fn(&mut Small, &Path); 3] = [
        |small, folder| small.set("CARGO_TARGET_DIR", folder),
        |small, folder| small.set("CARGO_BUILD_TARGET_DIR", folder),
        |small, folder| {
            let text = format!("[build]\ntarget-dir = '{}'\n", folder.display());
            write(&small.at("home/.cargo/config.toml"), &text);
        },
    ];
    for set in settings {
        let (mut one, mut two) = (Small::new(), Small::new());
        let folder = one.at("built");
        set(&mut one, &folder);
        set(&mut two, &folder);
        let outside = |text: &str| format!("flag=false seen=None checks=true outside={text} fixture={text}");
        one.write("outside.txt", "one");
        one.write("tests/src/lib.rs", "pub const FIXTURE: &str = \"one\";\n");
        assert_eq!(one.by_guide(), outside("one"));
        assert_eq!(two.by_guide(), outside("before"));
        // Cargo's own builds of either are no help and no harm.
        one.edit();
        one.by_cargo();
        assert_eq!(two.by_guide(), outside("before"));
        two.edit();
        two.by_cargo();
        for _ in 0..3 {
            assert_eq!(one.by_guide(), outside("one"));
            assert_eq!(two.by_guide(), outside("before"));
            one.edit();
        }
    }
}

/// Most lessons have a build script, for their migrations.
#[test]
fn a_build_script_that_says_what_it_reads_is_asked_when_that_has_changed() {
    let small = Small::new();
    let script = "fn main() { println!(\"cargo::rerun-if-changed=migrations\"); }\n";
    small.write("lessons/01-one/build.rs", script);
    small.write("lessons/01-one/migrations/1/up.sql", "SELECT 1;\n");
    let cargos = || {
        let before = small.cargos();
        small.by_guide();
        small.cargos() - before
    };
    assert_eq!(cargos(), 1);
    for _ in 0..2 {
        small.edit();
        assert_eq!(cargos(), 0);
    }
    small.write("lessons/01-one/migrations/2/up.sql", "SELECT 2;\n");
    assert_eq!(cargos(), 1);
}

/// A program that somebody has put in the place of the lesson's is not run.
#[test]
fn a_program_that_was_not_built_here_is_built_again() {
    let small = Small::new();
    let before = small.by_guide();
    for _ in 0..2 {
        let state =
            fs::read_to_string(small.path("target/kata/builds/sqlite/lesson-01-one/state.json")).unwrap();
        let state: serde_json::Value = serde_json::from_str(&state).unwrap();
        let program = PathBuf::from(state["executable"].as_str().unwrap());
        assert!(program.is_file());
        fs::remove_file(&program).unwrap();
        fs::copy("/bin/true", &program).unwrap();
        assert_eq!(small.by_guide(), before);
        small.edit();
        assert_eq!(small.by_guide(), before);
    }
}

/// rustc names the student's file where a compiled dependency is wrong. Then cargo is asked, and no error of
/// the guide's own making is shown.
#[test]
fn a_stale_dependency_ends_in_cargos_verdict() {
    let small = Small::new();
    let before = small.by_guide();
    for _ in 0..2 {
        small.edit();
        assert_eq!(small.by_guide(), before);
    }
    for code in ["E0460", "E0463", "E0514", "E0786"] {
        // For the guide's own build alone, rustc finds something wrong with a dependency.
        let message = format!(
            r#"{{"$message_type":"diagnostic","message":"stale","code":{{"code":"{code}","explanation":null}},"level":"error","spans":[{{"file_name":"lessons/01-one/src/lib.rs","byte_start":0,"byte_end":1,"line_start":1,"line_end":1,"column_start":1,"column_end":2,"is_primary":true,"text":[],"label":null,"suggested_replacement":null,"suggestion_applicability":null,"expansion":null}}],"children":[],"rendered":"error: stale"}}"#
        );
        let file = small.at("home/bin/message");
        write(&file, &message);
        let fails = format!(
            "case \"$*\" in *kata/builds*) [ -e '{file}' ] && cat '{file}' >&2 && exit 1;; esac",
            file = file.display()
        );
        small.rustc_after(&fails);
        // The compiler is another file now, so this one is cargo's; the next one is the guide's.
        for _ in 0..3 {
            small.edit();
            let cargos = small.cargos();
            assert_eq!(small.by_guide(), before, "{code}");
            assert_eq!(small.cargos(), cargos + 1, "{code}");
        }
        fs::remove_file(&file).unwrap();
        small.edit();
        let cargos = small.cargos();
        assert_eq!(small.by_guide(), before, "{code}");
        assert_eq!(small.cargos(), cargos, "{code}: it goes on without cargo");
    }
}
