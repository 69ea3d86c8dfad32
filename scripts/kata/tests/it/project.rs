//! A lesson that is a project: a skeleton, stages with cards, and a reference to read afterwards.

use serde_json::Value;

use crate::course::{Copy, Ran};

const LIB: &str = "lessons/05-shelf/src/lib.rs";
const MAIN: &str = "lessons/05-shelf/src/main.rs";
const SKELETON: &str = "format!(\"{path} is still to be written; begin with stages/1-open-up.md\")";
const STAGE_1: &str =
    "if path == \"/\" { \"# Shelf\\nSnark\".to_owned() } else { \"404 Not found\".to_owned() }";

/// A course whose lesson 5 is as far as the body of its one function.
pub fn with_body(body: &str) -> Copy {
    let course = Copy::of_fixture();
    course.edit(LIB, SKELETON, body);
    course
}

/// A course whose lesson 5 is built as the reference is.
pub fn built() -> Copy {
    let course = Copy::of_fixture();
    for file in ["lib.rs", "shelf.rs"] {
        course.write(&format!("lessons/05-shelf/src/{file}"), &course.read(&format!("order-up/src/{file}")));
    }
    course
}

#[track_caller]
fn said(ran: &Ran, code: i32, texts: &[&str]) {
    assert!(
        ran.code == code && texts.iter().all(|text| ran.text.contains(text)),
        "{}: {}",
        ran.code,
        ran.text
    );
}

#[test]
fn the_first_gate_explains_what_to_do_and_names_the_card() {
    insta::assert_snapshot!(Copy::of_fixture().kata(&["test", "5"]).text);
}

#[test]
fn a_finished_stage_is_announced_once_with_a_commit_and_the_next_card() {
    let course = with_body(STAGE_1);
    let first = course.kata(&["test", "5"]);
    insta::assert_snapshot!(first.text);
    let second = course.kata(&["test", "5"]);
    said(&second, 1, &["✗ Gate 3: Sort by title"]);
    assert!(!second.text.contains("git commit"), "{}", second.text);
}

#[test]
fn the_last_stage_leads_to_the_review() {
    let course = built();
    course.kata(&["test", "5.1"]);
    insta::assert_snapshot!(course.kata(&["test", "5"]).text);
}

#[test]
fn a_single_stage_can_be_run() {
    let course = with_body(STAGE_1);
    said(&course.kata(&["test", "5", "sort"]), 1, &["only stage 2", "✗ Gate 3", "stages/2-sort.md"]);
    for name in ["open_up", "open-up", "1"] {
        said(
            &course.kata(&["test", "5", name]),
            0,
            &["Stage 1: Open up 2 of 2", "All gates of the stage pass."],
        );
    }
    let report: Value = serde_json::from_str(&course.kata(&["test", "5", "sort", "--json"]).text).unwrap();
    let statuses: Vec<_> =
        report["gates"].as_array().unwrap().iter().map(|gate| gate["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["waiting", "waiting", "fail"]);
    for (arguments, text) in [
        (&["test", "5", "sart"][..], "lesson 5 has no stage `sart`; did you mean `sort`?"),
        (&["test", "5", "zebra"], "its stages are open_up, sort"),
        (&["test", "2", "sort"], "lesson 2 has no stages; leave `sort` out"),
        (
            &["test", "5.1", "sort"],
            "name a gate, `cargo kata test 5.1`, or a stage, `cargo kata test 5 sort`",
        ),
        (&["show", "5", "sart"], "did you mean `sort`?"),
        (&["show", "2"], "lesson 2 has no stages; `cargo kata diff 2` shows its solution"),
        (&["review", "2"], "lesson 2 has no stages"),
    ] {
        said(&course.kata(arguments), 2, &[text]);
    }
    said(&course.kata(&["diff", "5", "--spoil"]), 1, &["Lesson 5 is a project", "`cargo kata show 5`"]);
    said(&course.kata(&["test", "5.2"]), 0, &["✓ Gate 2: Know no other address"]);
    said(&course.kata(&["hint", "5.3"]), 0, &["Lesson 5, gate 3: Sort by title", "Hint 1 of 3"]);
    let opened = course.kata_with(&["open", "5"], &[("VISUAL", "echo editing")]);
    said(&opened, 0, &["lessons/05-shelf/stages/2-sort.md:1\n"]);
}

#[test]
fn progress_is_counted_by_stage() {
    let course = with_body(STAGE_1);
    course.kata(&["test", "5"]);
    course.kata(&["goto", "5"]);
    let text = course.kata(&["progress"]).text;
    let (_, lesson) = text.split_once("Lesson 5: Shelf\n").unwrap();
    let expected = "  Stage 1: Open up 2 of 2\n  ✓  1  Show a heading\n  ✓  2  Know no other address\n  Stage 2: Sort the books \
                    0 of 1\n  ·  3  Sort by title\n";
    assert!(lesson.starts_with(expected), "{text}");
    let json: Value = serde_json::from_str(&course.kata(&["progress", "--json"]).text).unwrap();
    let stages = &json["lessons"][4]["stages"];
    assert_eq!((&stages[0]["name"], &stages[0]["passed"]), (&"open_up".into(), &2.into()));
    assert_eq!((&stages[1]["title"], &stages[1]["total"]), (&"Sort the books".into(), &1.into()));
    assert!(json["lessons"][0].get("stages").is_none());
}

/// Where there are several cores, the gate behind one that fails has begun already.
#[test]
fn a_verdict_does_not_wait_for_gates_after_the_failure() {
    let course = with_body(
        "if path == \"/\" {\n        std::thread::sleep(std::time::Duration::from_secs(1));\n    } else {\n        \
         std::thread::sleep(std::time::Duration::from_secs(8));\n        std::fs::write(\"finished\", \
         \"\").unwrap();\n    }\n    String::new()",
    );
    said(&course.kata(&["test", "5"]), 1, &["✗ Gate 1"]);
    assert!(!course.exists("lessons/05-shelf/finished"));
}

#[test]
fn a_compile_error_of_a_project_has_a_hint_for_its_first_open_gate() {
    let course = with_body(STAGE_1);
    said(&course.kata(&["test", "5"]), 1, &["✗ Gate 3"]);
    course.edit(LIB, "if path", "if paht");
    said(&course.kata(&["hint", "5"]), 0, &["does not compile", "Lesson 5, gate 3: Sort by title"]);
}

#[test]
fn a_program_runs_with_its_arguments_at_the_top_and_ends_with_its_code() {
    let course = Copy::of_fixture();
    let ran = course.kata(&["run", "5", "--", "7", "--flag"]);
    said(&ran, 7, &["/ is still to be written", "at the top: true, arguments: [\"7\", \"--flag\"]"]);
    said(
        &course.kata(&["run", "2"]),
        2,
        &["Lesson 2 has no program", "Lesson 5, Shelf, has one: cargo kata run 5."],
    );
    said(&course.kata(&["run", "5.1"]), 2, &["takes a whole lesson"]);
    course.edit(MAIN, "lesson_05_shelf::page", "lesson_05_shelf::pgae");
    said(&course.kata(&["run", "5"]), 1, &["The lesson does not compile.", "lessons/05-shelf/src/main.rs:"]);
}

/// What the gates are made with has changed its name, and the program runs all the same.
#[test]
fn a_program_runs_even_if_the_gates_do_not_compile() {
    let course = Copy::of_fixture();
    course.edit(LIB, "pub fn page", "pub fn first_page");
    course.edit(MAIN, "lesson_05_shelf::page", "lesson_05_shelf::first_page");
    for _ in 0..2 {
        said(&course.kata(&["run", "5"]), 0, &["is still to be written"]);
        course.edit(LIB, "is still", "is  still");
        course.edit(LIB, "is  still", "is still");
    }
    said(&course.kata(&["test", "5"]), 1, &["does not compile"]);
}

/// As many times as the wrapper is started, rustc is.
#[cfg(unix)]
#[test]
fn after_a_verdict_only_the_program_is_compiled() {
    use std::os::unix::fs::PermissionsExt;
    let course = Copy::of_fixture();
    course.write(".kata/rustc", "#!/bin/sh\necho \"$@\" >> \"$(dirname \"$0\")/rustc.log\"\nexec \"$@\"\n");
    let wrapper = course.path(".kata/rustc");
    std::fs::set_permissions(&wrapper, PermissionsExt::from_mode(0o755)).unwrap();
    let compiled = |arguments: &[&str]| {
        course.write(".kata/rustc.log", "");
        course.kata_with(arguments, &[("RUSTC_WRAPPER", wrapper.to_str().unwrap())]);
        let log = course.read(".kata/rustc.log");
        let sources = log.split_whitespace().filter(|word| word.ends_with(".rs"));
        let mut sources: Vec<_> = sources
            .filter_map(|source| source.strip_prefix("lessons/05-shelf/"))
            .map(str::to_owned)
            .collect();
        sources.sort();
        sources
    };
    compiled(&["test", "5"]);
    course.edit(LIB, "is still", "is yet");
    compiled(&["test", "5"]);
    let nothing: [&str; 0] = [];
    for _ in 0..2 {
        course.edit(LIB, "is yet", "is yet, yet");
        assert_eq!(compiled(&["test", "5"]), ["src/lib.rs", "tests/gate.rs"]);
        assert_eq!(compiled(&["run", "5"]), ["src/main.rs"]);
        assert_eq!(compiled(&["run", "5"]), nothing);
        assert_eq!(compiled(&["test", "5"]), nothing);
    }
    // Without a verdict in between, and then with one.
    course.edit(LIB, "is yet", "is yet, yet");
    assert_eq!(compiled(&["run", "5"]), ["src/lib.rs", "src/main.rs"]);
    assert_eq!(compiled(&["test", "5"]), ["src/lib.rs", "tests/gate.rs"]);
    said(&course.kata(&["run", "5"]), 0, &["is yet, yet, yet, yet to be"]);
}

#[test]
fn the_reference_is_shown_once_its_stage_is_passed() {
    let course = with_body(STAGE_1);
    course.kata(&["test", "5"]);
    insta::assert_snapshot!(course.kata(&["show", "5", "open_up"]).text);
    let open = course.kata(&["show", "5", "sort"]);
    said(
        &open,
        1,
        &[
            "gate 3, “Sort by title”, does not pass yet",
            "cargo kata hint 5.3",
            "cargo kata show 5 sort --spoil",
        ],
    );
    assert!(!open.text.contains("titles.sort()"));
    insta::assert_snapshot!(course.kata(&["show", "5", "2", "--spoil"]).text);
    said(&course.kata(&["show", "5"]), 0, &["✓ 1 Open up", "· 2 Sort the books"]);
}

#[test]
fn the_review_comes_after_the_last_gate() {
    let course = built();
    course.kata(&["test", "5", "open_up"]);
    let open = course.kata(&["review"]);
    said(&open, 1, &["Stage 2 of 2: Sort the books · from gate 3 on, “Sort by title”"]);
    assert!(!open.text.contains("Stage 1"), "{}", open.text);
    course.kata(&["test", "5"]);
    let review = course.kata(&["review"]);
    assert_eq!(review.code, 0);
    insta::assert_snapshot!(review.text);
}
