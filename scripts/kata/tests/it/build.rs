//! A gate is built without cargo where that leads to the same.

use crate::course::Copy;

const SETTINGS: &str = "lessons/01-database/src/lib.rs";

/// A cargo that cannot be started: what passes does without.
const NO_CARGO: [(&str, &str); 1] = [("CARGO", "/no/cargo/here")];

#[test]
fn an_edit_of_the_student_needs_no_cargo() {
    let course = Copy::new();
    // The first time cargo compiles, and is watched; the second time its commands are run again.
    assert_eq!(course.kata(&["test", "1"]).code, 1);
    course.edit(SETTINGS, "//!", "//! Edited.\n//!");
    let edited = course.kata_with(&["test", "1"], &NO_CARGO);
    assert!(edited.text.contains("1 of 7 gates pass"), "{}", edited.text);

    // An error is the compiler's own, and goes when it is mended.
    let right = course.read(SETTINGS);
    course.write(SETTINGS, &(right.clone() + "\nfn more() { nonsense }\n"));
    let broken = course.kata_with(&["test", "1"], &NO_CARGO);
    assert!(broken.text.contains("cannot find value `nonsense` in this scope"), "{}", broken.text);
    assert!(broken.text.contains("lessons/01-database/src/lib.rs:"), "{}", broken.text);
    assert!(!broken.text.contains('\u{1b}'), "no colours where nobody sees them: {}", broken.text);
    course.write(SETTINGS, &right);
    let mended = course.kata_with(&["test", "1"], &NO_CARGO);
    assert!(mended.text.contains("1 of 7 gates pass"), "{}", mended.text);
}

#[test]
fn a_change_that_only_cargo_can_judge_goes_to_cargo() {
    let course = Copy::new();
    for file in ["lessons/01-database/Cargo.toml", "Cargo.toml", "tests/src/lib.rs", "tests/src/seed.rs"] {
        assert_eq!(course.kata(&["test", "1"]).code, 1);
        course.write(file, &(course.read(file) + "\n"));
        let without = course.kata_with(&["test", "1"], &NO_CARGO);
        assert!(without.text.contains("cannot start cargo"), "{file}: {}", without.text);
    }
    assert_eq!(course.kata(&["test", "1"]).code, 1);
}
