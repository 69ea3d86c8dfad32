//! `cargo kata check` names the file and what fixes it. These are its checks of files; those that
//! run gates begin only when there is nothing to fix here.

use crate::course::Copy;

/// Breaks the course, and expects a problem that begins with the path and holds the text.
#[track_caller]
fn expect(breaking: impl FnOnce(&Copy), path: &str, problem: &str) {
    let course = Copy::new();
    breaking(&course);
    let ran = course.kata(&["check"]);
    let is_it = |line: &str| line.contains(&format!("✗ {path}: ")) && line.contains(problem);
    assert!(ran.code == 1 && ran.text.lines().any(is_it), "expected {path}: … {problem}, got:\n{}", ran.text);
}

const GATES: &str = "tests/gates/05_crud.rs";
const MANIFEST: &str = "tests/gates/05_crud.toml";

#[test]
fn a_stale_lesson() {
    expect(
        |course| course.edit("solutions/05-crud/src/lib.rs", "Step 5", "Step five"),
        "lessons/05-crud/src/lib.rs",
        "run `cargo kata derive`",
    );
}

#[test]
fn a_gate_without_a_snapshot_and_a_snapshot_without_a_gate() {
    let (old, new) = (
        "tests/gates/snapshots/gate__crud__a_new_book_is_stored.snap",
        "tests/gates/snapshots/gate__crud__a_new_book_is_lost.snap",
    );
    let rename = |course: &Copy| std::fs::rename(course.path(old), course.path(new)).unwrap();
    expect(rename, old, "the gate has no snapshot; run the command under “Accepting snapshots”");
    expect(rename, new, "no gate leaves this snapshot; delete it");
}

#[test]
fn a_gate_without_a_task_in_the_readme() {
    expect(
        |course| course.edit("lessons/05-crud/README.md", "### 3. Find one book", "### 3. Find a book"),
        "lessons/05-crud/README.md",
        "add the heading `### 3. Find one book`",
    );
}

#[test]
fn a_task_without_hints() {
    expect(
        |course| {
            let delete = "// Task: Delete the book; if no row was deleted, say `diesel::NotFound`.";
            course.edit("solutions/05-crud/src/books.rs", delete, "// Task: Delete it.");
            course.kata(&["derive"]);
        },
        MANIFEST,
        "no gate, and so no hint, belongs to the task “Delete it.”",
    );
}

#[test]
fn an_empty_hint() {
    let hint = "\"What does `execute` return?\"";
    expect(
        |course| course.edit(MANIFEST, hint, "\" \""),
        MANIFEST,
        "`a_missing_book_cannot_be_deleted` has an empty hint",
    );
}

#[test]
fn a_gate_that_the_manifest_does_not_know() {
    expect(
        |course| course.edit(GATES, "fn a_new_book_is_stored()", "fn a_book_is_stored()"),
        MANIFEST,
        "its gates must be those of tests/gates/05_crud.rs, in the same order: a_book_is_stored",
    );
}

#[test]
fn a_gate_that_judges_for_itself() {
    for (statement, word) in [
        ("assert!(true);", "assert!("),
        ("assert_eq!(1, 1);", "assert_eq!("),
        ("None.unwrap_or(1);", "unwrap_or"),
        ("std::thread::sleep(x);", "sleep"),
        ("insta::assert_snapshot!(1, @\"1\");", "@\""),
    ] {
        let snapshot = "    insta::assert_snapshot!(seen);";
        let broken = format!("    {statement}\n{snapshot}");
        expect(|course| course.edit(GATES, snapshot, &broken), GATES, &format!("`{word}`: "));
    }
}

#[test]
fn a_gate_with_two_snapshots() {
    expect(
        |course| {
            course.edit(
                GATES,
                "    insta::assert_snapshot!(seen);",
                "    insta::assert_snapshot!(seen);\n    insta::assert_snapshot!(seen);",
            );
        },
        GATES,
        "`a_new_book_is_stored` must assert one snapshot, and asserts 2",
    );
}

#[test]
fn a_stray_file_in_a_lesson() {
    let path = "lessons/05-crud/notes.txt";
    expect(
        |course| course.write(path, ""),
        path,
        "not derived from the solution; add it there, or delete it",
    );
}

#[test]
fn a_stray_folder_and_a_stray_file_at_the_top() {
    expect(
        |course| course.write("solutions/09-more/x", ""),
        "solutions/09-more",
        "no manifest in tests/gates has this name",
    );
    for (file, stray) in [
        ("todo.md", "todo.md"),
        ("old-solutions/lib.rs", "old-solutions"),
        ("solutions/05-crud/notes.txt", "solutions/05-crud/notes.txt"),
    ] {
        expect(
            |course| course.write(file, ""),
            stray,
            "not part of the course; delete it, or move it out of the course's folder",
        );
    }
}

#[test]
fn files_that_many_projects_have_are_no_problem_and_what_git_does_not_know_is() {
    let course = Copy::new();
    let git = |arguments: &[&str]| {
        let done = std::process::Command::new("git").arg("-C").arg(course.path("")).args(arguments).output();
        assert!(done.unwrap().status.success(), "{arguments:?}");
    };
    for path in [
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        ".editorconfig",
        ".gitattributes",
        "deny.toml",
        "vendor/diesel/src/lib.rs",
        "slides/05.md",
        "logo.png",
        "old/05-crud/src/lib.rs",
        "tests/src/notes.txt",
    ] {
        course.write(path, "");
    }
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    course.write("todo.md", "");
    course.write("tests/src/more.rs", "");
    course.write("submissions/ann.zip", "");
    let ran = course.kata(&["check"]);
    std::fs::remove_dir_all(course.path(".git")).unwrap();
    let problems = ran.text.lines().filter_map(|line| line.trim().strip_prefix("✗ "));
    // What is wrong inside of the files is not this test's question.
    let mut problems: Vec<_> = problems.filter(|problem| !problem.contains("in a circle")).collect();
    problems.sort_unstable();
    let expected = [
        "old: holds code that nothing here checks; move it below `scripts`, or",
        "tests/src/more.rs: git does not track it, so nobody else has it; add it to git,",
        "tests/src/notes.txt: in git, and not handed out; delete it, or",
        "todo.md: git does not track it, so nobody else has it; add it to git,",
    ];
    let are_expected = problems.iter().zip(expected).all(|(problem, start)| problem.starts_with(start));
    assert!(problems.len() == expected.len() && are_expected, "{problems:#?}");
}

#[test]
fn a_word_that_belittles() {
    expect(
        |course| {
            course.edit(
                "lessons/05-crud/README.md",
                "Write your answer down.",
                "Simply write it down; it is simply done.",
            );
        },
        "lessons/05-crud/README.md",
        "`simply` belittles",
    );
}

#[test]
fn modules_in_a_circle() {
    expect(
        |course| {
            course.edit("scripts/kata/src/lib.rs", "pub mod backup;", "pub mod backup;\npub mod circle;");
            course.write("scripts/kata/src/circle.rs", "mod child;\npub struct Circle(child::Child);\n");
            course.write("scripts/kata/src/circle/child.rs", "pub struct Child(Box<super::Circle>);\n");
        },
        "scripts/kata/src/circle.rs",
        "circle uses circle::child (scripts/kata/src/circle.rs:2), circle::child uses circle",
    );
}

#[test]
fn a_manifest_that_cannot_be_read() {
    let course = Copy::new();
    course.edit(MANIFEST, "minutes = 75", "minutes = many");
    let ran = course.kata(&["check"]);
    assert_eq!(ran.code, 3);
    assert!(ran.text.contains("05_crud.toml: TOML parse error at line 4, column"), "{}", ran.text);
}
