//! `cargo kata derive` writes what is out of date, and loses nothing that somebody has written.

use crate::course::Copy;

const BOOKS: &str = "lessons/02-crud/src/books.rs";

#[test]
fn the_files_handed_out_are_up_to_date() {
    let ran = Copy::new().kata(&["derive", "--check"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
}

#[test]
fn a_lesson_that_somebody_has_edited_is_not_overwritten() {
    let course = Copy::of_fixture();
    course.edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    let changed = course.read(BOOKS);
    for arguments in [&["derive"][..], &["derive", "--check"]] {
        let ran = course.kata(arguments);
        assert_eq!(ran.code, 1);
        assert!(
            ran.text.contains(&format!("{BOOKS}: changed by hand; make the change in the solution")),
            "{}",
            ran.text
        );
        assert_eq!(course.read(BOOKS), changed);
    }
}

#[test]
fn with_force_it_overwrites_the_edit_and_keeps_a_copy() {
    let course = Copy::of_fixture();
    let handed_out = course.read(BOOKS);
    course.edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    let changed = course.read(BOOKS);
    let ran = course.kata(&["derive", "--force"]);
    assert_eq!((ran.code, course.read(BOOKS)), (0, handed_out));
    let backup = ran.text.split("are saved in ").nth(1).and_then(|text| text.lines().next()).unwrap();
    assert_eq!(course.read(&format!("{backup}/{BOOKS}")), changed);
}

#[test]
fn a_changed_solution_makes_its_lesson_stale() {
    let course = Copy::of_fixture();
    course.edit(
        "solutions/02-crud/src/books.rs",
        "/// Stores a new book",
        "/// Puts a new book on the shelf",
    );
    let ran = course.kata(&["derive", "--check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.text.contains(&format!("{BOOKS}: out of date; run `cargo kata derive`")), "{}", ran.text);
    assert_eq!(course.kata(&["derive"]).code, 0);
    assert!(course.read(BOOKS).contains("Puts a new book on the shelf"));
    assert_eq!(course.kata(&["derive", "--check"]).code, 0);
}

#[test]
fn code_that_lessons_share_follows_its_source() {
    let course = Copy::of_fixture();
    course.edit("solutions/01-database/src/connect.rs", "Opens the database.", "Opens a database.");
    assert_eq!(course.kata(&["derive"]).code, 0);
    let text = course.read("lessons/groundwork/src/connect.rs");
    assert!(
        text.contains("Opens a database.") && text.contains("check_url(url)?;") && !text.contains("Task:")
    );
}

#[test]
fn a_missing_file_is_written_and_an_extra_file_is_deleted() {
    let course = Copy::of_fixture();
    std::fs::remove_file(course.path(BOOKS)).unwrap();
    std::fs::remove_file(course.path("solutions/02-crud/src/authors.rs")).unwrap();
    let ran = course.kata(&["derive"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(course.path(BOOKS).exists() && !course.path("lessons/02-crud/src/authors.rs").exists());
}

#[test]
fn a_file_that_is_not_in_the_record_is_not_overwritten() {
    let course = Copy::of_fixture();
    std::fs::remove_file(course.path("lessons/.derived")).unwrap();
    course.edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    assert_eq!(course.kata(&["derive"]).code, 1);
    assert!(course.read(BOOKS).contains("panic!(\"Insert"));
}

#[test]
fn a_broken_record_is_named_with_its_line() {
    let course = Copy::of_fixture();
    course.write("lessons/.derived", "nonsense\n");
    let ran = course.kata(&["derive"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.text.contains("lessons/.derived, line 1: not a hash and a path; take the file from git again"),
        "{}",
        ran.text
    );
}
