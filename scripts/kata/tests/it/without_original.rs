//! A newer version comes to somebody who has no copy of the original course.

use crate::course::Copy;
use crate::handing_out::{newer, update};

const BOOKS: &str = "lessons/05-crud/src/books.rs";
const MODELS: &str = "lessons/05-crud/src/models.rs";
const MODELS_SOLUTION: &str = "solutions/05-crud/src/models.rs";

/// As a student who has worked without the guide.
#[test]
fn without_an_original_a_file_that_the_course_has_not_changed_is_not_a_conflict() {
    let original = Copy::new();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("course");
    assert_eq!(original.kata(&["export", "--no-solutions", to.to_str().unwrap()]).code, 0);
    let course = original.exported(to);
    course.edit(BOOKS, "todo!(\"Insert the book", "panic!(\"Insert the book");
    course.edit(MODELS, "//!", "//! My words.\n//!");
    let mine = course.read(BOOKS);
    let new = newer(&original, |new| new.edit(MODELS_SOLUTION, "//!", "//! Better words.\n//!"));
    let ran = update(&course, &new);
    assert_eq!((course.read(BOOKS), course.exists(&format!("{BOOKS}.new"))), (mine, false), "{}", ran.text);
    // What both have changed is one.
    assert!(ran.code == 1 && course.exists(&format!("{MODELS}.new")), "{}", ran.text);
}
