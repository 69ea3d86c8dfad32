//! What a student sees. The snapshots are whole screens: read them as one.

use crate::course::Copy;

const BOOKS: &str = "lessons/02-crud/src/books.rs";
const CREATE: &str = "todo!(\"Insert the book and return the stored row\")";
const ALL: &str = "todo!(\"Load all books, ordered by title and then by id\")";

#[track_caller]
fn screen(course: &Copy, arguments: &[&str], code: i32) -> String {
    let ran = course.kata(arguments);
    assert_eq!(ran.code, code, "{}", ran.text);
    ran.text
}

/// A course in which the first two gates of lesson 2 can pass.
fn with_created_books(all_books: &str) -> Copy {
    let course = Copy::of_fixture();
    course.edit(BOOKS, CREATE, "db.insert(title)");
    course.edit(BOOKS, ALL, all_books);
    course
}

#[test]
fn a_newcomer_sees_one_gate_pass_and_the_next_one_meant_to_fail() {
    insta::assert_snapshot!(screen(&Copy::of_fixture(), &[], 1));
}

#[test]
fn a_body_that_has_not_been_written_yet() {
    insta::assert_snapshot!(screen(&Copy::of_fixture(), &["test", "crud"], 1));
}

#[test]
fn a_wrong_answer_is_shown_beside_the_right_one() {
    let course = with_created_books("db.load(\"id\")");
    insta::assert_snapshot!(screen(&course, &["test", "2"], 1));
}

#[test]
fn a_panic_in_the_students_code() {
    let course = with_created_books("panic!(\"no idea\")");
    insta::assert_snapshot!(screen(&course, &["test", "02"], 1));
}

#[test]
fn code_that_does_not_compile() {
    let course = with_created_books("db.load(ids)\n}\n\nfn more() {\n    nonsense");
    insta::assert_snapshot!(screen(&course, &["test", "02-crud"], 1));
}

#[test]
fn code_that_never_ends_is_stopped() {
    let course = with_created_books("loop {\n        std::hint::spin_loop();\n    }");
    let text = screen(&course, &["test", "2"], 1);
    assert!(text.contains("It did not finish within ten seconds, and was stopped."), "{text}");
}

#[test]
fn code_that_ends_the_process_does_not_pass() {
    for (end, what) in [("std::process::exit(0)", "exit"), ("std::process::abort()", "died")] {
        let course = with_created_books(end);
        let text = screen(&course, &["test", "2"], 1);
        assert!(text.contains("✗  2  Read all books"), "{what}: {text}");
    }
}

#[test]
fn a_lesson_that_is_passed() {
    let course = Copy::of_fixture();
    for file in ["src/books.rs", "src/authors.rs"] {
        course.solve("02-crud", file);
    }
    insta::assert_snapshot!(screen(&course, &["test", "2"], 0));
}

#[test]
fn hints_come_one_at_a_time() {
    let course = Copy::of_fixture();
    let one = screen(&course, &["hint", "2"], 0);
    let two = screen(&course, &["hint", "2", "--level", "2"], 0);
    assert!(one.contains("Hint 1 of 3") && !one.contains("Hint 2 of 3"));
    assert!(two.contains("Hint 2 of 3") && !two.contains("Hint 3 of 3"));
    insta::assert_snapshot!(screen(&course, &["hint", "2", "--level", "3"], 0));
}

#[test]
fn hints_are_available_while_the_lesson_does_not_compile() {
    let course = with_created_books("db.load_by(\"title\")");
    let text = screen(&course, &["hint", "2"], 0);
    assert!(text.contains("does not compile") && text.contains("Lesson 2, gate 2: Read all books"), "{text}");
}

/// Two gates look at this body.
#[test]
fn a_hint_while_the_lesson_does_not_compile_is_for_a_gate_that_has_not_passed() {
    let course = Copy::of_fixture();
    for file in ["setup.sql", ".env.example"] {
        course.solve("01-database", file);
    }
    let (connect, task) =
        ("lessons/01-database/src/connect.rs", "todo!(\"Check the URL and open the database\")");
    course.edit(connect, task, "Db::open(url).ok_or(\"there is no such database\".into())");
    assert!(screen(&course, &["test", "1"], 1).contains("✗ Gate 5"));
    course.edit(connect, "Db::open(url)", "Db::open(nonsense)");
    let text = screen(&course, &["hint", "1"], 0);
    assert!(text.contains("does not compile") && text.contains("Lesson 1, gate 5: "), "{text}");
}

#[test]
fn a_result_that_is_dropped_does_not_compile() {
    let course = with_created_books("db.find(1);\n    db.load(\"id\")");
    let text = screen(&course, &["test", "lesson-02-crud"], 1);
    assert!(text.contains("unused `Result` that must be used"), "{text}");
    assert!(
        text.contains("does not compile: lessons/02-crud/src/books.rs:14\n\nThis ignores a possible error"),
        "{text}"
    );
}

/// The error's place is in the gate; the place to edit never is.
#[test]
fn a_function_that_a_gate_does_not_find_is_located_in_the_lesson() {
    let course = with_created_books("db.load(\"id\")");
    let books = "lessons/02-crud/src/books.rs";
    course.edit(books, "pub fn all_books(", "pub fn list_books(");
    let text = screen(&course, &["test", "2"], 1);
    assert!(text.contains(&format!("does not compile: {books}:")), "{text}");
    assert!(text.contains("The gates call `all_books`, which is called `list_books` now."), "{text}");
    assert!(!text.contains("Edit tests"), "{text}");
}

#[test]
fn all_compiler_output_is_shown_on_request() {
    let course = with_created_books("db.load(ids);\n    db.load(other)");
    let text = screen(&course, &["test", "2", "--rustc"], 1);
    for name in ["`ids`", "`other`"] {
        assert!(text.contains(&format!("cannot find value {name} in this scope")), "{text}");
    }
}

#[test]
fn output_of_the_code_is_shown() {
    let text = screen(
        &with_created_books("println!(\"all {}\", \"books\");\n    db.load(\"nothing\")"),
        &["test", "2"],
        1,
    );
    assert!(text.contains("It printed\n\n    all books\n"), "{text}");
}

#[test]
fn a_gate_that_passed_before_is_named_as_such() {
    let course = with_created_books("db.load(\"id\")");
    let before = screen(&course, &["test", "2"], 1);
    assert!(!before.contains("It passed before"), "{before}");
    course.edit(BOOKS, "db.insert(title)", "db.insert(\"another\")");
    let text = screen(&course, &["test", "2"], 1);
    assert!(text.contains("✗ Gate 1") && text.contains("It passed before"), "{text}");
}

#[test]
fn output_on_stderr_is_shown_once() {
    let body = "for _ in 0..3 {\n        eprintln!(\"all books\");\n    }\n    db.load(\"id\")";
    let text = screen(&with_created_books(body), &["test", "2"], 1);
    let (_, log) = text.split_once("The log (standard error)\n\n").expect("there is a log");
    assert!(log.starts_with("    all books\n\n"), "{text}");
}

#[test]
fn a_task_without_its_marker_is_found_by_its_function() {
    let course = Copy::of_fixture();
    let config = "lessons/04-config/src/config.rs";
    let load = "        // Task: Let the variable win over the file.\n";
    course.edit(config, load, "");
    let line = course.read(config).lines().position(|line| line == "    pub fn load(").unwrap() + 1;
    let text = screen(&course, &["test", "4"], 1);
    assert!(text.contains(&format!("in {config}:{line}\n")), "{text}");

    course.edit(BOOKS, "    // Task: Insert the book and return the stored row.\n", "");
    course.edit(BOOKS, "pub fn create_book(db", "pub fn create_book(database");
    course.edit(BOOKS, "todo!(\"Insert the book and return the stored row\")", "todo!()");
    let text = screen(&course, &["test", "2"], 1);
    assert!(text.contains(&format!("in {BOOKS}\n")), "{text}");
}

#[test]
fn prerequisites_of_a_body_are_shown_before_it() {
    let course = Copy::of_fixture();
    let lesson = "03-models";
    let to_edit = |text: &str| {
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("in lessons/03-models/src/"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let text = screen(&course, &["test", "3"], 1);
    assert_eq!(to_edit(&text), ["schema.rs:6", "models.rs:9", "models.rs:14"], "{text}");
    let opened = course.kata_with(&["open", "3"], &[("VISUAL", "echo editing")]).text;
    assert!(opened.starts_with("lessons/03-models/src/schema.rs:6\n"), "{opened}");

    course.solve(lesson, "src/schema.rs");
    let fields = "    // Task: Give the struct a field for each column.\n";
    course.edit("lessons/03-models/src/models.rs", fields, "    pub title: String,\n");
    let text = screen(&course, &["test", "3"], 1);
    assert_eq!(to_edit(&text), ["models.rs:14"], "{text}");
}

#[test]
fn a_task_is_still_to_do_when_another_in_its_file_is_done() {
    let course = Copy::of_fixture();
    let models = "lessons/03-models/src/models.rs";
    course.solve("03-models", "src/schema.rs");
    course.edit(
        models,
        "    // Task: Give the struct a field for each column.\n",
        "    pub title: String,\n",
    );
    let rows =
        "Ok(db.load(\"id\")?.into_iter().map(|book| Row { id: book.id, title: book.title }).collect())";
    course.edit(models, "todo!(\"Load all rows, ordered by their key\")", rows);
    let text = screen(&course, &["test", "3"], 1);
    assert!(text.contains("✗ Gate 2"), "{text}");
    for task in ["Let rows be compared.", "Find out whether the row is there."] {
        assert!(text.contains(task), "{text}");
    }
}

/// Its errors are Diesel's, so this is a lesson of the course.
#[test]
fn an_error_in_a_table_description_is_shown_before_its_consequences() {
    let course = Copy::new();
    let lesson = "03-models";
    for file in ["src/models.rs", "src/schema.rs"] {
        course.solve(lesson, file);
    }
    course.edit("lessons/03-models/src/schema.rs", "title -> Text,", "title -> String,");
    let text = screen(&course, &["test", "3"], 1);
    assert!(text.contains("does not compile: lessons/03-models/src/schema.rs:7\n"), "{text}");
    assert!(text.contains("    title -> Text,\n"), "{text}");
}

#[test]
fn suggested_commands_use_the_same_database() {
    let course = Copy::of_fixture();
    let text = screen(&course, &["test", "2", "--db", "postgres"], 1);
    assert!(text.contains("For a hint, run cargo kata hint 2 --db postgres."), "{text}");
    let text = course.kata(&["hint", "2", "--db", "postgres"]).text;
    assert!(text.contains("More help: cargo kata hint 2.1 --level 2 --db postgres"), "{text}");
}

#[test]
fn the_report_as_json() {
    let course = with_created_books("db.load(\"id\")");
    let text = screen(&course, &["test", "2", "--json"], 1);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&report["format"], &report["passed"], &report["total"]), (&1.into(), &1.into(), &7.into()));
    let statuses = report["gates"].as_array().unwrap().iter().map(|gate| gate["status"].as_str().unwrap());
    let statuses: Vec<_> = statuses.collect();
    assert_eq!((&statuses[..3], statuses.len()), (&["pass", "fail", "waiting"][..], 7));
    let failure = &report["gates"][1];
    assert_eq!(failure["edit"][0]["file"], BOOKS);
    assert!(failure["sql"][0].as_str().unwrap().starts_with("SELECT"));
    assert_ne!(failure["expected"], failure["got"]);
}

#[test]
fn all_also_runs_the_gates_after_a_failure() {
    let course = Copy::of_fixture();
    let text = screen(&course, &["test", "2", "--all", "--json"], 1);
    assert!(!text.contains("\"waiting\""));
}

#[test]
fn the_error_for_a_missing_lesson_lists_the_lessons_that_exist() {
    let text = screen(&Copy::of_fixture(), &["test", "crudd"], 2);
    insta::assert_snapshot!(text);
}
