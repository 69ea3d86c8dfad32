//! Paths that lead out of a folder and back in.

/// `tests/gates/08_board.rs` for `lessons/08-order-up/tests/../../../tests/gates/08_board.rs`: how rustc names a gate.
pub fn without_detours(file: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in file.split(['/', '\\']) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::without_detours;

    #[test]
    fn a_gates_path_is_relative_to_the_course() {
        for (named, is) in [
            ("lessons/08-order-up/tests/../../../tests/gates/08_board.rs", "tests/gates/08_board.rs"),
            (r"lessons\03-models\tests\../../../tests/gates/03_models.rs", "tests/gates/03_models.rs"),
            ("lessons/05-crud/src/books.rs", "lessons/05-crud/src/books.rs"),
            ("../elsewhere.rs", "../elsewhere.rs"),
            ("/crates/insta/src/lib.rs", "/crates/insta/src/lib.rs"),
        ] {
            assert_eq!(without_detours(named), is);
        }
    }
}
