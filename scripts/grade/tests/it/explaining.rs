//! What explains the compiler's errors reads a student's files: whatever is in them costs one explanation.

use std::path::Path;

use grade::explaining::explain;
use grade::intake::taken::Taken;
use kata::build::Diagnostic;
use kata::report::Explanation;

use crate::material::course;

/// The explanation of an import that is missing from `src/lib.rs`, which now holds `text`.
fn explanation(helper: &str, text: &str) -> Option<Explanation> {
    let course = course();
    let lesson = course.lesson("5").unwrap();
    let error: Diagnostic = serde_json::from_value(serde_json::json!({
        "message": "cannot find type `Book` in this scope", "level": "error",
        "code": { "code": "E0412", "explanation": null }, "children": [], "rendered": null,
        "spans": [{
            "file_name": "lessons/05-crud/src/lib.rs", "byte_start": 0, "byte_end": 1, "line_start": 1, "line_end": 1,
            "column_start": 1, "column_end": 2, "is_primary": true, "text": [], "label": null,
            "suggested_replacement": null, "suggestion_applicability": null, "expansion": null,
        }],
    }))
    .unwrap();
    let files = |text: &str| Taken::from([("src/lib.rs".to_owned(), text.as_bytes().to_vec())]);
    explain(Path::new(helper), &course, lesson, &files(text), &files("use crate::book::Book;\n"), &[error])
}

#[test]
fn no_file_can_crash_the_grader_while_it_is_explained() {
    let helper = env!("CARGO_BIN_EXE_grade");
    let found = explanation(helper, "fn get() -> Book {}\n").expect("it has a process that answers");
    assert!(found.lines.iter().any(|line| line.contains("use crate::book::Book;")), "{:?}", found.lines);
    // Brackets that come before the code, or around it.
    for (open, close) in [
        ("use {", "}"),
        ("use a::(", ")"),
        ("#[diesel(", ")"),
        ("#[derive(", ")]"),
        ("table!{", "}"),
        ("struct A { a: (", ")"),
        ("fn f() { -(", ")"),
        ("/*", "*/"),
    ] {
        let (first, last) = (&open[open.len() - 1..], &close[..1]);
        let deep = 60_000;
        let text = format!("{}{}{} struct A {{}}", open, first.repeat(deep), last.repeat(deep));
        explanation(helper, &text);
        explanation(helper, &format!("{text}{close}"));
    }
    // One that does not answer explains nothing.
    assert_eq!(explanation("/does/not/exist", "fn get() -> Book {}\n"), None);
}
