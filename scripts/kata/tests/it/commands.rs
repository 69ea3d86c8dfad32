//! The commands beside the gates: what is remembered, where one is, and the way back.

use serde_json::Value;

use crate::course::Copy;

const BOOKS: &str = "lessons/02-crud/src/books.rs";
const PROGRESS: &str = ".kata-progress.toml";

fn json(course: &Copy, arguments: &[&str]) -> Value {
    let ran = course.kata(arguments);
    serde_json::from_str(&ran.text).unwrap_or_else(|error| panic!("{error}: {}", ran.text))
}

#[test]
fn every_command_shows_an_example() {
    let course = Copy::of_fixture();
    let help = course.kata(&["--help"]).text;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<_> = commands.take_while(|line| !line.is_empty()).collect();
    let names = commands.iter().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let names: Vec<_> = names.filter(|name| !["grade", "help", "page", "verify"].contains(name)).collect();
    // The grader and the page are programs of their own, with their own help.
    assert!(names.len() > 10, "{help}");
    for name in names {
        let help = course.kata(&[name, "--help"]).text;
        assert!(help.contains(&format!("Example: cargo kata {name}")), "{help}");
        // Only where the database makes a difference.
        let has_database =
            !["doctor", "export", "new", "plan", "postgres", "promises", "update"].contains(&name);
        let is_checked = ["derive", "check", "completions", "labels"].contains(&name);
        assert!(is_checked || help.contains("--db <DB>") == has_database, "{help}");
    }
    let plan = course.kata(&["plan", "--db", "postgres"]);
    assert!(plan.code == 0 && plan.text.contains("### One day"), "{}", plan.text);
}

#[test]
fn a_typo_in_a_command_or_a_lesson_gets_a_suggestion() {
    let course = Copy::of_fixture();
    let command = course.kata(&["hnt"]);
    assert!(command.code == 2 && command.text.contains("'hint'"), "{}", command.text);
    let lesson = course.kata(&["goto", "02-curd"]);
    assert_eq!(
        (lesson.code, lesson.text.as_str()),
        (2, "error: there is no lesson `02-curd`; did you mean `02-crud`?\n")
    );
}

#[test]
fn a_gate_can_be_named_like_in_the_readmes() {
    let course = Copy::of_fixture();
    for (arguments, code, text) in [
        (&["test", "1", "--once"][..], 1, "✗ Gate 2: Make a role"),
        (&["watch", "--once"], 1, "✗ Gate 2: Make a role"),
        (&["test", "1.1"], 0, "✓ Gate 1: The tools work"),
        (&["test", "database.3"], 1, "✗ Gate 3"),
        (&["hint", "1.3", "--level", "2"], 0, "cargo kata hint 1.3 --level 3"),
        (&["open", "1.2"], 0, "shows lessons/01-database/setup.sql at"),
        (&["test", "1.99"], 2, "there is no gate 1.99; lesson 1 has gates 1.1 to 1."),
        (&["test", "1.2", "--all"], 2, "takes a whole lesson"),
        (&["goto", "1.3"], 2, "`cargo kata goto` takes a whole lesson: `cargo kata goto 1`"),
        (&["reset", "1.3"], 2, "takes a whole lesson"),
        (&["diff", "1.3"], 2, "takes a whole lesson"),
        (&["demo", "1.3"], 2, "takes a whole lesson"),
    ] {
        let ran = course.kata_with(arguments, &[("KATA_EDITOR", "echo shows {file} at {line}")]);
        assert!(ran.code == code && ran.text.contains(text), "{arguments:?} {}: {}", ran.code, ran.text);
    }
    let alone = json(&course, &["test", "1.1", "--json"]);
    let statuses: Vec<_> =
        alone["gates"].as_array().unwrap().iter().map(|gate| gate["status"].as_str().unwrap()).collect();
    assert_eq!(statuses[..3], ["pass", "waiting", "waiting"]);
    // Another editor is told where to go, and a person who starts one that is not there what is wrong.
    let missing = course.kata_with(&["open", "1.2"], &[("EDITOR", "no-such-editor -x")]);
    assert!(
        missing.text.contains("setup.sql:") && missing.text.contains("from the variable EDITOR"),
        "{}",
        missing.text
    );
}

#[test]
fn finished_work_is_not_run_again_and_edited_work_is() {
    let course = Copy::of_fixture();
    course.solve_all("01-database");
    let first = course.kata(&[]);
    assert_eq!(first.code, 0, "{}", first.text);
    assert!(first.text.contains("The lesson is passed.") && first.text.contains("Next: lesson 2"));
    assert!(course.read(PROGRESS).contains("[lessons.\"01-database\".sqlite]\ncomplete = true"));

    let second = course.kata(&[]);
    assert_eq!(second.code, 1);
    assert!(second.text.contains("✓ Lesson 1:") && second.text.contains("Lesson 2:"), "{}", second.text);

    course.edit("lessons/01-database/setup.sql", "'secret'", "'password'");
    assert_eq!(json(&course, &["list", "--json"])["lessons"][0]["state"], "edited");
    let edited = course.kata(&[]);
    assert!(edited.text.contains("✗ Gate 2: Make a role"), "{}", edited.text);
}

#[test]
fn the_list_as_json() {
    let course = Copy::of_fixture();
    course.kata(&["test", "1"]);
    let list = json(&course, &["list", "--json"]);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&list), ["current", "database", "format", "lessons", "passed", "total"]);
    assert_eq!((&list["format"], &list["database"]), (&1.into(), &"sqlite".into()));
    assert_eq!((&list["current"], &list["passed"]), (&"01-database".into(), &1.into()));
    let lesson = &list["lessons"][0];
    assert_eq!(keys(lesson), ["minutes", "name", "number", "passed", "state", "title", "total"]);
    assert_eq!(
        (&lesson["state"], &lesson["passed"], &lesson["total"]),
        (&"begun".into(), &1.into(), &5.into())
    );
    assert_eq!(list["lessons"][3]["state"], "new");
}

#[test]
fn the_progress_as_json() {
    let course = Copy::of_fixture();
    course.kata(&["test", "1"]);
    let progress = json(&course, &["progress", "--json"]);
    let gates = progress["lessons"][0]["gates"].as_array().unwrap();
    assert_eq!(gates.len(), 5);
    assert_eq!(
        gates[0],
        serde_json::json!({ "number": 1, "name": "the_tools_work", "title": "The tools work", "passed": true })
    );
    assert_eq!(gates[1]["passed"], false);
}

#[test]
fn the_list_and_the_progress_for_a_person() {
    let course = Copy::of_fixture();
    course.kata(&["test", "1"]);
    insta::assert_snapshot!("the_list", course.kata(&["list"]).text);
    insta::assert_snapshot!("the_progress", course.kata(&["progress"]).text);
}

#[test]
fn goto_and_next_change_the_current_lesson() {
    let course = Copy::of_fixture();
    let there = course.kata(&["goto", "crud"]);
    assert!(there.code == 0 && there.text.contains("lessons/02-crud/README.md"), "{}", there.text);
    assert_eq!(json(&course, &["list", "--json"])["current"], "02-crud");
    assert!(course.kata(&[]).text.contains("Lesson 2:"));
    assert!(course.kata(&["next"]).text.contains("Lesson 3:"));
    assert_eq!(json(&course, &["list", "--json"])["current"], "03-models");
}

#[test]
fn a_progress_file_that_cannot_be_parsed_is_kept_and_replaced() {
    let course = Copy::of_fixture();
    course.write(PROGRESS, "format = 1\ncurrent = [oops\n");
    let ran = course.kata(&["list"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let aside = ran.text.split("It was renamed to ").nth(1).and_then(|text| text.split(',').next()).unwrap();
    assert!(ran.text.contains("Cannot read .kata-progress.toml (line 2:"), "{}", ran.text);
    assert_eq!(course.read(aside), "format = 1\ncurrent = [oops\n");
    course.kata(&["goto", "2"]);
    assert!(course.read(PROGRESS).contains("current = \"02-crud\""));
}

#[test]
fn reset_asks_first_and_keeps_a_copy() {
    let course = Copy::of_fixture();
    let handed_out = course.read(BOOKS);
    course.edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    course.write("lessons/02-crud/src/mine.rs", "// mine\n");
    let changed = course.read(BOOKS);

    // Nobody answers.
    let asked = course.kata(&["reset", "2"]);
    assert!(
        asked.code == 1 && asked.text.contains("Your versions will be backed up. [y/N]"),
        "{}",
        asked.text
    );
    assert_eq!(course.read(BOOKS), changed);

    let told = course.kata(&["reset", "2", "--yes"]);
    assert_eq!((told.code, course.read(BOOKS)), (0, handed_out), "{}", told.text);
    assert!(!course.exists("lessons/02-crud/src/mine.rs"));
    let backup = told.text.split("are saved in ").nth(1).and_then(|text| text.lines().next()).unwrap();
    assert_eq!(course.read(&format!("{backup}/{BOOKS}")), changed);
    assert_eq!(course.read(&format!("{backup}/lessons/02-crud/src/mine.rs")), "// mine\n");
}

#[test]
fn all_lessons_can_be_reset_at_once() {
    let course = Copy::of_fixture();
    for file in [BOOKS, "lessons/01-database/setup.sql"] {
        course.write(file, "oops");
    }
    assert_eq!(course.kata(&["reset", "--all", "--yes"]).code, 0);
    assert_eq!(course.kata(&["derive", "--check"]).code, 0);
    assert!(course.kata(&["reset", "--all"]).text.contains("Nothing to do"));
}

#[test]
fn a_lesson_without_its_folder_is_named_with_the_command_that_restores_it() {
    let course = Copy::of_fixture();
    std::fs::remove_dir_all(course.path("lessons/02-crud")).unwrap();
    let ran = course.kata(&["test", "2"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.text.contains("lessons/02-crud or its Cargo.toml is missing")
            && ran.text.contains("`cargo kata reset 2`")
    );
    assert!(course.kata(&["list"]).text.contains("its folder is missing"));
    // Nothing of a student's is lost by it, so it does not ask.
    let reset = course.kata(&["reset", "2"]);
    assert_eq!(reset.code, 0, "{}", reset.text);
    assert!(course.kata(&["test", "2"]).text.contains("0 of 7 gates pass"));
}

#[test]
fn lessons_can_be_reset_without_solutions() {
    let course = Copy::of_fixture();
    assert_eq!(course.kata(&["test", "1"]).code, 1);
    std::fs::remove_dir_all(course.path("solutions/01-database")).unwrap();
    let handed_out = course.read("lessons/01-database/setup.sql");
    course.write("lessons/01-database/setup.sql", "oops");
    let ran = course.kata(&["reset", "1", "--yes"]);
    assert_eq!((ran.code, course.read("lessons/01-database/setup.sql")), (0, handed_out), "{}", ran.text);
}

#[test]
fn the_solution_is_shown_after_the_lesson_is_passed_or_with_a_flag() {
    let course = Copy::of_fixture();
    let early = course.kata(&["diff", "1"]);
    assert!(early.code == 1 && early.text.contains("cargo kata diff 1 --spoil"), "{}", early.text);
    insta::assert_snapshot!("diff_of_an_untouched_lesson", course.kata(&["diff", "1", "--spoil"]).text);
    course.solve_all("01-database");
    assert_eq!(course.kata(&["test", "1"]).code, 0);
    let late = course.kata(&["diff", "1"]);
    assert_eq!(late.code, 0, "{}", late.text);
}

#[test]
fn the_editor_opens_at_the_place_to_edit() {
    let course = Copy::of_fixture();
    let ran = course.kata_with(&["open", "2"], &[("VISUAL", "echo editing")]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(ran.text.contains(&format!("editing {BOOKS}")), "{}", ran.text);
    // No editor is where the compiler is.
    let cargo = std::env::var("CARGO").unwrap();
    let tools = std::path::Path::new(&cargo).parent().unwrap().to_str().unwrap();
    let without = course.kata_with(&["open", "2"], &[("VISUAL", ""), ("EDITOR", ""), ("PATH", tools)]);
    assert!(without.text.contains("set the variable EDITOR"), "{}", without.text);
}

#[test]
fn a_demo_shows_the_finished_step() {
    let course = Copy::new();
    let ran = course.kata(&["demo", "1"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    std::fs::remove_dir_all(course.path("solutions/02-config")).unwrap();
    let ran = course.kata(&["demo", "2"]);
    assert!(ran.code == 3 && ran.text.contains("has no solutions"), "{}", ran.text);
}

#[test]
fn a_shell_completes_commands_and_lessons() {
    let course = Copy::of_fixture();
    for (shell, has_lessons) in
        [("bash", true), ("zsh", true), ("fish", true), ("powershell", false), ("elvish", false)]
    {
        let text = course.kata(&["completions", shell]).text;
        assert!(text.contains("cargo kata") && text.contains("reset"), "{shell}: {text}");
        assert_eq!(text.contains("02-crud"), has_lessons, "{shell}");
    }
}

#[test]
fn the_diff_of_two_solutions_shows_what_the_lesson_adds() {
    let course = Copy::new();
    let steps = course.kata(&["diff", "--steps", "3", "4"]);
    assert!(steps.code == 1 && steps.text.contains("not passed yet. Add --spoil"), "{}", steps.text);
    for (from, to, new) in [
        ("3", "4", "+ pub fn authors_with_books("),
        ("4", "crud", "+ pub fn delete_book("),
        ("5", "6", "+ pub struct PublisherBook {"),
    ] {
        let steps = course.kata(&["diff", "--spoil", "--steps", from, to]);
        let lines = steps.text.lines().count();
        assert!(steps.code == 0 && steps.text.contains(new) && lines <= 150, "{lines}: {}", steps.text);
    }
}
