//! A gate is built without cargo where that leads to the same.

use crate::course::Copy;

const SETTINGS: &str = "lessons/01-database/src/lib.rs";

/// A cargo that cannot be started: what passes does without.
const NO_CARGO: [(&str, &str); 1] = [("CARGO", "/no/cargo/here")];

/// What the guide says of this text, without cargo. Copies of the course share what is compiled; where another
/// test has built the gates meanwhile, cargo has to look at them once more. On a busy machine that may happen
/// many times in a row.
fn judged_without_cargo(course: &Copy, text: &str) -> String {
    for _ in 0..40 {
        course.write(SETTINGS, text);
        let judged = course.kata_with(&["test", "1"], &NO_CARGO).text;
        if !judged.contains("cannot start cargo") {
            return judged;
        }
        course.write(SETTINGS, "//! In between.\n");
        course.kata(&["test", "1"]);
    }
    panic!("forty times in a row, only cargo could judge an edit of the student's");
}

#[test]
fn an_edit_of_the_student_needs_no_cargo() {
    let course = Copy::new();
    // The first time cargo compiles, and is watched; the second time its commands are run again.
    assert_eq!(course.kata(&["test", "1"]).code, 1);
    let right = course.read(SETTINGS).replacen("//!", "//! Edited.\n//!", 1);
    let edited = judged_without_cargo(&course, &right);
    assert!(edited.contains("1 of 7 gates pass"), "{edited}");

    // An error is the compiler's own, and goes when it is mended.
    let broken = judged_without_cargo(&course, &(right.clone() + "\nfn more() { nonsense }\n"));
    assert!(broken.contains("cannot find value `nonsense` in this scope"), "{broken}");
    assert!(broken.contains("lessons/01-database/src/lib.rs:"), "{broken}");
    assert!(!broken.contains('\u{1b}'), "no colours where nobody sees them: {broken}");
    let mended = judged_without_cargo(&course, &right);
    assert!(mended.contains("1 of 7 gates pass"), "{mended}");
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
