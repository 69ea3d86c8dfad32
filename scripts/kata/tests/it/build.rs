//! A gate is built without cargo where that leads to the same.

use std::fs;
use std::path::{Path, PathBuf};

use crate::small::{Small, write};

#[test]
fn a_students_edit_needs_no_cargo() {
    const LIBRARY: &str = "lessons/01-one/src/lib.rs";
    let small = Small::new();
    let before = small.by_guide();
    // Without a note of an earlier build, cargo has to be asked. It compiles, and is watched; from then on its commands
    // are run again.
    let cargos = small.cargos();
    assert!(cargos > 0);
    small.edit();
    assert_eq!(small.by_guide(), before);
    let right = fs::read_to_string(small.path(LIBRARY)).unwrap();

    // An error is the compiler's own, and goes when it is fixed.
    small.write(LIBRARY, &format!("{right}\nfn more() {{ nonsense }}\n"));
    let broken = String::from_utf8(small.kata(&["test", "1"]).stdout).unwrap();
    assert!(broken.contains("cannot find value `nonsense` in this scope"), "{broken}");
    assert!(broken.contains("lessons/01-one/src/lib.rs:"), "{broken}");
    assert!(!broken.contains('\u{1b}'), "no colors where nobody sees them: {broken}");
    small.write(LIBRARY, &right);
    assert_eq!(small.by_guide(), before);
    assert_eq!(small.cargos(), cargos);
}

#[test]
fn a_change_that_needs_cargo_is_built_by_cargo() {
    let small = Small::new();
    small.write("tests/src/seed.rs", "");
    small.write("tests/src/lib.rs", "pub mod seed;\npub const FIXTURE: &str = \"before\";\n");
    small.by_guide();
    for file in ["lessons/01-one/Cargo.toml", "Cargo.toml", "tests/src/lib.rs", "tests/src/seed.rs"] {
        let cargos = small.cargos();
        small.by_guide();
        assert_eq!(small.cargos(), cargos);
        small.write(file, &(fs::read_to_string(small.path(file)).unwrap() + "\n"));
        small.by_guide();
        assert_eq!(small.cargos(), cargos + 1, "{file}");
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
fn a_build_script_runs_again_when_its_inputs_change() {
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
fn a_stale_dependency_is_built_by_cargo() {
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
