//! `cargo kata check` names the file and what fixes it. These are its checks of files; those that
//! run gates begin only when there is nothing to fix here.

use crate::course::Copy;
use crate::handing_out::git;

/// Breaks the course, and expects a problem that begins with the path and holds the text.
#[track_caller]
fn expect(breaking: impl FnOnce(&Copy), path: &str, problem: &str) {
    let course = Copy::of_fixture();
    breaking(&course);
    let ran = course.kata(&["check"]);
    let is_it = |line: &str| line.contains(&format!("✗ {path}: ")) && line.contains(problem);
    assert!(ran.code == 1 && ran.text.lines().any(is_it), "expected {path}: … {problem}, got:\n{}", ran.text);
}

const GATES: &str = "tests/gates/02_crud.rs";
const MANIFEST: &str = "tests/gates/02_crud.toml";

#[test]
fn a_stale_lesson() {
    expect(
        |course| course.edit("solutions/02-crud/src/lib.rs", "Step 2", "Step two"),
        "lessons/02-crud/src/lib.rs",
        "run `cargo kata derive`",
    );
}

#[test]
fn a_record_with_outdated_contents() {
    expect(
        |course| {
            for folder in ["solutions", "lessons"] {
                course.edit(&format!("{folder}/02-crud/src/lib.rs"), "Step 2", "Step two");
            }
        },
        "lessons/.derived",
        "run `cargo kata derive`: it lists other contents",
    );
}

#[test]
fn a_gate_that_imports_from_the_step() {
    let import = |file: &'static str| {
        move |course: &Copy| course.edit(file, "use gates::", "use step::page;\nuse gates::")
    };
    expect(import(GATES), GATES, "line 3: `use step`: what is imported may be a trait");
    // What the stages of a lesson share.
    let shared = "tests/gates/05_shelf.rs";
    let begin =
        |course: &Copy| course.edit(shared, "/// The page at", "use step::page as _;\n\n/// The page at");
    expect(begin, shared, "`use step`: what is imported may be a trait");
}

#[test]
fn a_gate_that_hands_out_its_own_connection() {
    let (call, shared) = ("    let page = step::page(database.conn());\n", "tests/gates/05_shelf.rs");
    expect(
        |course| {
            course.edit(shared, "/// The page at", &format!("fn look() {{\n{call}}}\n\n/// The page at"));
        },
        shared,
        "`.conn()`: the gate reads over this connection",
    );
}

#[test]
fn a_gate_that_calls_a_store_with_a_dot() {
    for call in ["create(&mut one)", "load(&one.id)", "save(&one)", "delete(&one.id)"] {
        let shared = "tests/gates/05_shelf.rs";
        expect(
            |course| {
                course.edit(
                    shared,
                    "/// The page at",
                    &format!("fn look() {{\n    store.{call};\n}}\n\n/// The page at"),
                );
            },
            shared,
            "a method of this name on the student's own type would answer instead of the trait's",
        );
    }
}

#[test]
fn a_gate_that_calls_the_step_first() {
    let (first, begin) = ("let _ = step::connect(\"\");", "let mut seen = Transcript::new();\n    let url");
    expect(
        |course| course.edit("tests/gates/01_database.rs", begin, &format!("{first}\n    {begin}")),
        "tests/gates/01_database.rs",
        "`another_kind_of_url_is_refused` calls the student's code before a fixture has taken the key",
    );
}

#[test]
fn a_gate_without_a_snapshot_and_a_snapshot_without_a_gate() {
    let (old, new) = (
        "tests/gates/snapshots/gate__crud__a_new_book_is_stored.snap",
        "tests/gates/snapshots/gate__crud__a_new_book_is_lost.snap",
    );
    let rename = |course: &Copy| std::fs::rename(course.path(old), course.path(new)).unwrap();
    expect(rename, old, "the gate has no snapshot; run the command under “Accept snapshots”");
    expect(rename, new, "no gate has this snapshot; delete it");
}

#[test]
fn a_gate_without_a_task_in_the_readme() {
    expect(
        |course| course.edit("lessons/02-crud/README.md", "### 3. Find one book", "### 3. Find a book"),
        "lessons/02-crud/README.md",
        "add the heading `### 3. Find one book`",
    );
}

#[test]
fn a_task_without_hints() {
    expect(
        |course| {
            let delete = "// Task: Delete the book; if no row was deleted, say `NotFound`.";
            course.edit("solutions/02-crud/src/books.rs", delete, "// Task: Delete it.");
            course.kata(&["derive"]);
        },
        MANIFEST,
        "no gate, and so no hint, belongs to the task “Delete it.”",
    );
}

#[test]
fn an_empty_hint() {
    let hint = "\"What does `delete` return?\"";
    expect(
        |course| course.edit(MANIFEST, hint, "\" \""),
        MANIFEST,
        "`a_missing_book_cannot_be_deleted` has an empty hint",
    );
}

#[test]
fn a_gate_that_is_not_in_the_manifest() {
    expect(
        |course| course.edit(GATES, "fn a_new_book_is_stored()", "fn a_book_is_stored()"),
        MANIFEST,
        "its gates must be those of tests/gates/02_crud.rs, in the same order: a_book_is_stored",
    );
}

#[test]
fn a_gate_that_makes_its_own_assertions() {
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
    let path = "lessons/02-crud/notes.txt";
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
        ("solutions/02-crud/notes.txt", "solutions/02-crud/notes.txt"),
    ] {
        expect(
            |course| course.write(file, ""),
            stray,
            "not part of the course; delete it, or move it out of the course's folder",
        );
    }
}

#[test]
fn a_lesson_without_minutes_for_the_instructor() {
    expect(
        |course| course.edit("lessons/02-crud/INSTRUCTOR.md", "- 20 minutes:", "- 25 minutes:"),
        "lessons/02-crud/INSTRUCTOR.md",
        "it must begin with `- 20 minutes:`",
    );
}

#[test]
fn a_page_for_instructors_with_wrong_plans_and_mistakes() {
    let with = |text: &str| {
        let text = text.to_owned();
        move |course: &Copy| {
            let plans = course.kata(&["plan"]).text;
            course.write("INSTRUCTOR.md", &text.replace("PLANS", &plans));
        }
    };
    expect(with("No plan"), "INSTRUCTOR.md", "paste the output of `cargo kata plan`");
    let rows = "PLANS\n| 2 | forget it (`no_such_mistake`) | Why? |\n";
    expect(with(rows), "INSTRUCTOR.md", "the mistake `no_such_mistake`, which does not exist");
}

#[test]
fn a_text_that_names_a_gate_that_does_not_exist() {
    let readme = "lessons/02-crud/README.md";
    for (text, problem) in [
        ("Gate 8 is about it.", "it names gate 2.8, but lesson 2 has 7 gates"),
        ("Gates 1 and 8 are about it.", "it names gate 2.8, but lesson 2 has 7 gates"),
        ("Which of the six gates is about it?", "it counts six gates, but there are 7"),
    ] {
        expect(|course| course.edit(readme, "Write your answer down.", text), readme, problem);
    }
    let map = "lessons/README.md";
    expect(
        |course| course.write(map, &(course.read(map) + "\nCreate: 2.1, 2.6–2.8\n")),
        map,
        "it names gate 2.8, but lesson 2 has 7 gates",
    );
}

#[test]
fn a_promise_that_no_gate_checks() {
    let file = "tests/promises/02_crud.toml";
    let gates = "seen_by = [\"all_books_come_by_title\"]";
    for (edited, find, replace, problem) in [
        (
            MANIFEST,
            "brings it back",
            "returns it",
            "(sentences to add: 1, to drop: 1); run `cargo kata promises 2`",
        ),
        (file, gates, "seen_by = []", "no gate sees “Load all books, ordered by title and then by id.”"),
        (file, gates, "seen_by = [\"books_come\"]", "`books_come`, which is to see “Load all books"),
        (
            file,
            gates,
            "seen_by = [\"all_books_come_by_title\"]\nmistakes = [\"none\"]",
            "names the mistake `none`, which is not there",
        ),
    ] {
        expect(|course| course.edit(edited, find, replace), file, problem);
    }
}

#[test]
fn a_text_for_students_that_names_files_they_do_not_get() {
    expect(
        |course| {
            course.edit("lessons/02-crud/README.md", "Write your answer", "See `solutions/02-crud`");
        },
        "lessons/02-crud/README.md",
        "students get this text but not `solutions/02-crud`",
    );
}

/// What many projects have at the top, and whether a copy of the course has it too.
const AT_THE_TOP: [(&str, bool); 16] = [
    (".editorconfig", true),
    (".gitattributes", true),
    (".gitignore", true),
    (".typos.toml", true),
    ("CHANGELOG.md", true),
    ("CODE_OF_CONDUCT.md", true),
    ("CONTRIBUTING.md", true),
    ("SECURITY.md", true),
    ("STYLE.md", true),
    ("clippy.toml", true),
    ("deny.toml", true),
    ("rust-toolchain.toml", true),
    ("assets/logo.svg", false),
    ("docs/book/src/lib.rs", false),
    ("slides/02.md", false),
    ("vendor/diesel/Cargo.toml", false),
];

#[test]
fn usual_files_at_the_top_of_a_project_are_accepted() {
    let course = Copy::of_fixture();
    for (path, _) in AT_THE_TOP {
        course.write(path, "");
    }
    // With a problem of this kind, the check ends before it runs gates.
    course.write("solutions/09-more/x", "");
    let check = || {
        let ran = course.kata(&["check"]);
        let problems: Vec<_> = ran.text.lines().filter(|line| line.contains('✗')).collect();
        assert!(problems.len() == 1 && problems[0].contains("solutions/09-more"), "{}", ran.text);
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("course");
        assert_eq!(course.kata(&["export", to.to_str().unwrap()]).code, 0);
        for (path, is_handed_out) in AT_THE_TOP {
            assert_eq!(to.join(path).exists(), is_handed_out, "{path}");
        }
    };
    check();
    git(&course, &["init", "--quiet"]);
    git(&course, &["add", "."]);
    check();
    std::fs::remove_dir_all(course.path(".git")).unwrap();
}

#[test]
fn untracked_and_unchecked_files_are_reported() {
    let course = Copy::of_fixture();
    for path in ["logo.png", "old/02-crud/src/lib.rs", "tests/src/notes.txt"] {
        course.write(path, "");
    }
    course.write(".gitignore", "/submissions/\n");
    git(&course, &["init", "--quiet"]);
    git(&course, &["add", "."]);
    course.write("todo.md", "");
    course.write("tests/src/more.rs", "");
    course.write("submissions/ann.zip", "");
    let ran = course.kata(&["check"]);
    std::fs::remove_dir_all(course.path(".git")).unwrap();
    let problems = ran.text.lines().filter_map(|line| line.trim().strip_prefix("✗ "));
    let mut problems: Vec<_> = problems.collect();
    problems.sort_unstable();
    let expected = [
        "old: holds code that nothing here checks; move it below `scripts`, or",
        "tests/src/more.rs: git does not track it, so nobody else has it; add it to git,",
        "tests/src/notes.txt: git tracks it, but students do not get it; delete it, or",
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
                "lessons/02-crud/README.md",
                "Write your answer down.",
                "Simply write it down; it is simply done.",
            );
        },
        "lessons/02-crud/README.md",
        "leave out `simply`: it belittles",
    );
}

#[test]
fn a_text_that_breaks_the_style_guide() {
    let readme = "lessons/02-crud/README.md";
    let long = format!("A{}.", " word".repeat(35));
    for (text, problem) in [
        ("An empty page is no answer.", "“is no”: write “is not a …”; see STYLE.md"),
        ("Whoever asks gets it.", "“Whoever asks gets”: name who does it"),
        (long.as_str(), "a sentence of 36 words, more than 35: “A word"),
        (&"wide-".repeat(25), "has more than 120 columns; break it"),
    ] {
        expect(|course| course.edit(readme, "Write your answer down.", text), readme, problem);
    }
    let says = "\"What does `delete` return?\"";
    expect(
        |course| course.edit(MANIFEST, says, "\"Look whether it is there.\""),
        MANIFEST,
        "“look whether”: write “check whether”",
    );
    let comment = |course: &Copy| {
        let file = "solutions/02-crud/src/books.rs";
        course.edit(file, "/// Stores a new book", "/// Mends a new book");
        course.kata(&["derive"]);
    };
    expect(comment, "solutions/02-crud/src/books.rs", "“mends”: write “fix”");
    let name = |course: &Copy| {
        let file = "solutions/02-crud/src/books.rs";
        course.write(file, &(course.read(file) + "\nfn a_title_that_is_no_text() {}\n"));
        course.kata(&["derive"]);
    };
    let problem = "`a_title_that_is_no_text`: “is no”: write “is not a …”";
    expect(name, "solutions/02-crud/src/books.rs", problem);
}

#[test]
fn modules_in_a_circle() {
    expect(
        |course| {
            course.edit("solutions/02-crud/src/lib.rs", "pub mod books;", "pub mod books;\npub mod circle;");
            course.write("solutions/02-crud/src/circle.rs", "mod child;\npub struct Circle(child::Child);\n");
            course.write("solutions/02-crud/src/circle/child.rs", "pub struct Child(Box<super::Circle>);\n");
        },
        "solutions/02-crud/src/circle.rs",
        "circle uses circle::child (solutions/02-crud/src/circle.rs:2), circle::child uses circle",
    );
}

const STAGES: &str = "tests/gates/05_shelf.toml";
const CARD: &str = "lessons/05-shelf/stages/1-open-up.md";

#[test]
fn a_stage_without_a_card_and_a_card_without_a_stage() {
    let other = "lessons/05-shelf/stages/1-open.md";
    let rename = |course: &Copy| std::fs::rename(course.path(CARD), course.path(other)).unwrap();
    expect(rename, CARD, "cannot be read; the stage `open_up` needs this card");
    expect(rename, other, "no stage has this card; rename or delete it");
}

#[test]
fn a_card_that_does_not_fit_its_stage() {
    for (find, replace, problem) in [
        ("# Stage 1: Open up", "# Open up", "it must begin with `# Stage 1: Open up`"),
        ("- Show a heading\n", "", "its section `## Gates` must list the gates of the stage, and no more:"),
        ("- Show a heading", "- Show a title", "its section `## Gates` must list"),
        ("404", "simply 404", "leave out `simply`: it belittles"),
        (
            "A guest",
            "As `order-up/src/lib.rs` shows: a guest",
            "students get this text but not `order-up/src/lib.rs`",
        ),
        ("A guest", "See gate 9. A guest", "it names gate 5.9, but lesson 5 has 3 gates"),
        (
            "A guest",
            "See [more](2-sorted.md). A guest",
            "its link leads to `2-sorted.md`, which does not exist",
        ),
    ] {
        expect(|course| course.edit(CARD, find, replace), CARD, problem);
    }
    expect(
        |course| course.edit("lessons/05-shelf/README.md", "(stages/1-open-up.md)", "(stages/2-sort.md)"),
        "lessons/05-shelf/README.md",
        "nothing links to the card of the stage; add `[Open up](stages/1-open-up.md)`",
    );
}

#[test]
fn a_stage_that_names_something_that_does_not_exist() {
    for (find, replace, problem) in [
        ("src/lib.rs#page", "src/lib.rs#pages", "order-up/src/lib.rs has no item `pages`"),
        ("src/lib.rs#page", "src/pages.rs", "the stage `open_up`: cannot read"),
        ("src/lib.rs#page", "Cargo.toml#package", "is not Rust, and has no items"),
        ("[\"src/lib.rs#page\"]", "[]", "the stage `open_up` names no part of the reference"),
        ("Where does the reference decide that a page is not found?", "", "empty title or review"),
        ("title = \"Open up\"", "title = \"Open `up`\"", "contains characters special to a shell"),
        ("title = \"Show a heading\"", "tasks = [\"x\"]\ntitle = \"Show a heading\"", "a project has none"),
    ] {
        expect(|course| course.edit(STAGES, find, replace), STAGES, problem);
    }
    expect(
        |course| {
            course.edit("order-up/src/lib.rs", "    match path {", "    // Task: Choose.\n    match path {");
        },
        "order-up",
        "a project has no tasks; delete the marker of “Choose.”",
    );
}

#[test]
fn a_stray_file_in_a_skeleton() {
    let path = "lessons/05-shelf/notes.txt";
    expect(|course| course.write(path, ""), path, "students do not get this kind of file with a skeleton");
}

/// What is wrong with lesson 5 when its gates run.
#[track_caller]
fn expect_of_gates(breaking: impl FnOnce(&Copy), problem: &str) {
    let course = Copy::of_fixture();
    breaking(&course);
    let ran = course.kata(&["check", "5", "--sqlite-only", "--seeds", "1"]);
    let problems: Vec<_> = ran.text.lines().filter(|line| line.contains('✗')).collect();
    let is_it = problems.iter().any(|line| line.contains(problem));
    assert!(ran.code == 1 && is_it, "expected {problem}, got:\n{}", ran.text);
}

#[test]
fn a_project_that_fits_together() {
    let ran = Copy::of_fixture().kata(&["check", "5", "--sqlite-only", "--seeds", "1"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
}

#[test]
fn a_skeleton_where_a_gate_does_not_explain_what_to_do() {
    let lib = "lessons/05-shelf/src/lib.rs";
    let body = "format!(\"{path} is still to be written; begin with stages/1-open-up.md\")";
    for (instead, problem) in [
        ("\"# Shelf\\n\".to_owned() + path", "`open_up::the_page_has_a_heading` passes on the skeleton"),
        (
            "{ let _ = path; todo!() }",
            "`open_up::the_page_has_a_heading` says “not yet implemented” on the skeleton",
        ),
        (
            "path.split('x').nth(1).unwrap().to_owned()",
            "says “called `Option::unwrap()` on a `None` value” on the skeleton",
        ),
        ("{ let _ = path; std::process::abort() }", "`open_up::the_page_has_a_heading` dies: signal: 6"),
        ("{ let shelf = 1; path.to_owned() }", "the skeleton must compile without a warning"),
    ] {
        expect_of_gates(|course| course.edit(lib, body, instead), problem);
    }
}

#[test]
fn a_mistake_or_a_submission_of_a_project_with_an_unexpected_outcome() {
    let mistake = "tests/mistakes/05-shelf/unsorted.toml";
    expect_of_gates(
        |course| course.edit(mistake, "sort::books_come_by_title", "open_up::the_page_has_a_heading"),
        "the first gate that fails is sort::books_come_by_title",
    );
    let answer = "tests/submissions/05-shelf/one_file/src/lib.rs";
    expect_of_gates(
        |course| course.edit(answer, "    titles.sort_unstable();\n", ""),
        "it does not pass `sort::books_come_by_title`; state this requirement in the card of its stage",
    );
}

#[test]
fn a_mistake_is_made_in_the_submission_that_it_names() {
    let mistake = "tests/mistakes/05-shelf/any_page_is_the_shelf.toml";
    expect_of_gates(
        |course| course.edit(mistake, "open_up::there_is_no_other_page", "sort::books_come_by_title"),
        "any_page_is_the_shelf.toml: the first gate that fails is open_up::there_is_no_other_page",
    );
    for (find, replace, error) in [
        // The reference does not say it.
        ("base = \"one_file\"\n", "", "src/lib.rs does not hold the text in `find`"),
        ("one_file", "two_files", "two_files/submission.toml; the submissions are one_file"),
    ] {
        let course = Copy::of_fixture();
        course.edit(mistake, find, replace);
        let ran = course.kata(&["check", "5", "--sqlite-only", "--seeds", "1"]);
        assert!(ran.code == 1 && ran.text.contains(error), "expected {error}, got:\n{}", ran.text);
    }
    let about = "tests/submissions/05-shelf/one_file/submission.toml";
    let course = Copy::of_fixture();
    course.edit(about, "whole = true\n", "");
    let ran = course.kata(&["check", "5", "--sqlite-only", "--seeds", "1"]);
    assert!(ran.text.contains("a project is handed in whole; add `whole = true`"), "{}", ran.text);
}

#[test]
fn a_manifest_that_cannot_be_read() {
    let course = Copy::of_fixture();
    course.edit(MANIFEST, "minutes = 20", "minutes = many");
    let ran = course.kata(&["check"]);
    assert_eq!(ran.code, 3);
    assert!(ran.text.contains("02_crud.toml: TOML parse error at line 2, column"), "{}", ran.text);
}
