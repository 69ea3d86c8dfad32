//! The course where lines end with CR LF, as on Windows, and where a student's editor has saved files in its
//! own way.

use crate::course::{Copy, crlf};

const BOOKS: &str = "lessons/05-crud/src/books.rs";
const SETUP: &str = "lessons/01-database/setup.sql";

#[track_caller]
fn passes(course: &Copy, lesson: &str) {
    let ran = course.kata(&["test", lesson]);
    assert_eq!(ran.code, 0, "{}", ran.text);
}

/// What is remembered of the lesson, as `list` shows it.
fn state(course: &Copy, lesson: &str) -> String {
    let list: serde_json::Value = serde_json::from_str(&course.kata(&["list", "--json"]).text).unwrap();
    let lessons = list["lessons"].as_array().unwrap();
    lessons.iter().find(|it| it["name"] == lesson).unwrap()["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_course_with_crlf_works_like_any_other() {
    let course = Copy::with_crlf();
    assert!(course.read(SETUP).contains("\r\n"), "the copy is what it is meant to be");
    assert_eq!(course.kata(&["derive", "--check"]).code, 0);
    let untouched = course.kata(&["test", "1"]);
    assert!(untouched.code == 1 && untouched.text.contains("✗ Gate 2"), "{}", untouched.text);
    for lesson in ["01-database", "03-models", "07-sessions"] {
        course.solve_all(lesson);
        passes(&course, lesson);
    }
    // The same work saved with other line ends is the same work, and is remembered as such.
    assert_eq!(state(&course, "01-database"), "passed");
    course.write(SETUP, &course.read(SETUP).replace("\r\n", "\n"));
    assert_eq!(state(&course, "01-database"), "passed");
    // A typical mistake fails where it should, and is led to its place.
    course.edit(SETUP, "WITH OWNER book_user", "");
    let wrong = course.kata(&["test", "1"]);
    assert!(wrong.code == 1 && wrong.text.contains("✗ Gate 2"), "{}", wrong.text);
    // What is handed out comes back, and all else counts as it is.
    assert_eq!(course.kata(&["reset", "1", "--yes"]).code, 0);
    assert!(
        course.read(SETUP).contains("-- Task: ") && !course.read(SETUP).contains("CREATE USER book_user")
    );
    let again = course.kata(&["reset", "5", "--yes"]);
    assert!(again.code == 0 && again.text.contains("Nothing to do"), "{}", again.text);
}

#[test]
fn a_course_with_mixed_line_endings_works_like_any_other() {
    let course = Copy::with_mixed_line_ends();
    assert_eq!(course.kata(&["derive", "--check"]).code, 0);
    course.solve_all("03-models");
    passes(&course, "03-models");
    course.write(BOOKS, "oops");
    assert_eq!(course.kata(&["reset", "5", "--yes"]).code, 0);
    assert_eq!(course.kata(&["derive", "--check"]).code, 1, "lesson 3 is solved, and nothing else differs");
    assert_eq!(course.kata(&["reset", "3", "--yes"]).code, 0);
    assert_eq!(course.kata(&["derive", "--check"]).code, 0);
}

#[test]
fn the_checks_of_files_find_nothing_more_with_crlf() {
    let problems = |course: Copy| {
        // With a problem of this kind, the check ends before it runs gates.
        course.write("lessons/05-crud/notes.txt", "");
        let ran = course.kata(&["check"]);
        assert!(ran.code == 1 && ran.text.contains("notes.txt"), "{}", ran.text);
        ran.text.lines().filter(|line| line.contains('✗')).map(str::to_owned).collect::<Vec<_>>()
    };
    let with_lf = problems(Copy::new());
    assert_eq!(problems(Copy::with_crlf()), with_lf);
}

#[test]
fn an_update_works_with_any_line_endings() {
    let course = Copy::with_crlf();
    assert_eq!(course.kata(&["test", "1"]).code, 1);
    let mine =
        "diesel::insert_into(books::table).values(new).returning(Book::as_returning()).get_result(conn)";
    course.edit(BOOKS, "todo!(\"Insert the book and return the stored row\")", mine);
    // The same version of the course with LF.
    let new = course.twin_with(|bytes| String::from_utf8(bytes).unwrap().replace("\r\n", "\n").into_bytes());
    let update = || course.kata(&["update", "--from", new.path("").to_str().unwrap()]);
    let same = update();
    assert!(same.code == 0 && same.text.contains("already have the newest version"), "{}", same.text);
    // A newer version with LF, which changes a file that the student has edited.
    new.edit("solutions/05-crud/src/books.rs", "/// Stores a new book", "/// Stores one new book");
    new.edit("README.md", "# Order Up", "# Order Up, second edition");
    assert_eq!(new.kata(&["derive"]).code, 0);
    let ran = update();
    assert_eq!(ran.code, 0, "{}", ran.text);
    let merged = course.read(BOOKS);
    assert!(merged.contains(mine) && merged.contains("/// Stores one new book"), "{merged}");
    assert!(merged.lines().count() == merged.matches("\r\n").count(), "it keeps its line ends: {merged:?}");
    assert!(course.read("README.md").contains("second edition"));
    assert_eq!(course.kata(&["reset", "5", "--yes"]).code, 0);
    assert!(course.read(BOOKS).contains("todo!(\"Insert the book") && course.read(BOOKS).contains("one new"));
}

#[test]
fn commands_print_the_same_with_any_line_endings() {
    let printed = |course: &Copy| {
        // Wrong in one place, so that something is compared and led to.
        let wrong =
            course.read("solutions/01-database/setup.sql").replace("OWNER book_user", "OWNER anybody");
        course.write(SETUP, &wrong);
        let commands = [
            &["test", "1"][..],
            &["diff", "1", "--spoil"],
            &["diff", "7", "--spoil"],
            &["hint", "1", "--level", "3"],
            &["list"],
            &["progress"],
        ];
        commands.map(|command| course.kata(command).text)
    };
    let with_lf = printed(&Copy::new());
    let with_crlf = printed(&Copy::with_crlf());
    assert!(with_lf[0].contains("anybody"), "{}", with_lf[0]);
    assert_eq!(with_crlf, with_lf);
}

/// The ways in which editors save a text.
fn saved(text: &str) -> Vec<String> {
    let crlf = String::from_utf8(crlf(text.as_bytes())).unwrap();
    [text, &crlf].map(|text| format!("\u{feff}{text}")).into_iter().chain([crlf]).collect()
}

#[test]
fn correct_work_passes_however_an_editor_saved_it() {
    let course = Copy::new();
    for lesson in ["01-database", "03-models", "07-sessions"] {
        course.solve_all(lesson);
        let files: Vec<_> = walkdir::WalkDir::new(course.path(&format!("lessons/{lesson}")))
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| (entry.path().to_owned(), std::fs::read_to_string(entry.path()).unwrap()))
            .collect();
        for way in 0..saved("").len() {
            for (file, text) in &files {
                std::fs::write(file, &saved(text)[way]).unwrap();
            }
            passes(&course, lesson);
        }
    }
}

#[test]
fn a_file_that_a_tool_cannot_read_is_named_with_the_way_to_save_it() {
    let course = Copy::new();
    let utf_16: Vec<u8> = course.read(SETUP).encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(course.path(SETUP), [&b"\xFF\xFE"[..], &utf_16].concat()).unwrap();
    let ran = course.kata(&["test", "1"]);
    for words in [&format!("{SETUP}: the file is saved as UTF-16"), "“Save with Encoding”, then “UTF-8”"]
    {
        assert!(ran.code == 1 && ran.text.contains(words), "{words}: {}", ran.text);
    }
    // `reset` goes back to a form that can be read, even if nothing else was changed.
    assert_eq!(course.kata(&["reset", "1", "--yes"]).code, 0);
    assert!(course.kata(&["test", "1"]).text.contains("✗ Gate 2"));
    let page = "lessons/08-order-up/templates/welcome.html";
    course.write(page, &format!("\u{feff}{}", course.read(page)));
    let ran = course.kata(&["test", "8"]);
    let words = format!("{page}: the file begins with a byte order mark");
    assert!(ran.code == 1 && ran.text.contains(&words), "{}", ran.text);
}
