//! rustc's text for a person: the first error without what is about other people's crates.

use crate::files::detours::without_detours;

/// Leaves out of rustc's text what a student cannot use: files of other crates, long lists of types that have a trait,
/// and where the full name of a type was written to.
pub fn shorten(rendered: &str) -> String {
    let lines: Vec<_> = rendered.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        // A note with everything below it that belongs to it.
        let end = at + 1 + lines[at + 1..].iter().take_while(|line| !begins(line)).count();
        if !is_noise(&lines[at..end]) {
            kept.extend(&lines[at..end]);
        }
        at = end;
    }
    while kept.last().is_some_and(|line| matches!(plain(line).trim(), "" | "|")) {
        kept.pop();
    }
    kept.into_iter().map(without_detour).collect::<Vec<_>>().join("\n")
}

/// A gate's file as it lies in the course: rustc names it from the lesson's folder on.
fn without_detour(line: &str) -> String {
    match line.find("lessons").filter(|_| is_place(&plain(line))) {
        Some(at) => format!("{}{}", &line[..at], without_detours(&line[at..])),
        None => line.to_owned(),
    }
}

/// Whether a line says in which file something is.
fn is_place(line: &str) -> bool {
    ["--> ", "::: "].iter().any(|arrow| line.trim_start().starts_with(arrow))
}

/// Whether a line begins an error, a note or a place.
fn begins(line: &str) -> bool {
    let text = plain(line);
    let text = text.trim_start();
    ["= note:", "= help:", "note:", "help:", "error", "warning", "::: "]
        .iter()
        .any(|start| text.starts_with(start))
}

fn is_noise(block: &[&str]) -> bool {
    let text: Vec<_> = block.iter().map(|line| plain(line)).collect();
    let first = text[0].trim_start();
    let is_of_others = |line: &String| {
        is_place(line)
            && (line.contains("/registry/src/")
                || line.contains(r"\registry\src\")
                || line.contains("/rustc/")
                || line.contains("/lib/rustlib/"))
    };
    let is_note = first.starts_with("= ")
        || first.starts_with("note:")
        || first.starts_with("help:")
        || first.starts_with("::: ");
    let names_types = [
        "the following other types implement trait",
        "the full name for the type has been written",
        "consider using `--verbose`",
        "see issue #",
        "this error originates in",
        "Consider using `#[axum::debug_handler]`",
    ];
    is_note
        && (names_types.iter().any(|name| first.contains(name))
            || text.iter().any(is_of_others)
            || first.ends_with("redundant requirement hidden")
            || first.ends_with("redundant requirements hidden"))
}

/// The line without its colors.
fn plain(line: &str) -> String {
    anstream::adapter::strip_str(line).to_string()
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn a_gates_path_is_relative_to_the_course() {
        for (line, shown) in [
            (
                "  --> lessons/05-crud/tests/../../../tests/gates/05_crud.rs:9:5",
                "  --> tests/gates/05_crud.rs:9:5",
            ),
            (
                r"  ::: lessons/05-crud\tests\../../../tests/gates/05_crud.rs:9:5",
                "  ::: tests/gates/05_crud.rs:9:5",
            ),
            ("  --> lessons/05-crud/src/books.rs:9:5", "  --> lessons/05-crud/src/books.rs:9:5"),
            ("9 |     \"lessons/a/../b\"", "9 |     \"lessons/a/../b\""),
        ] {
            assert_eq!(shorten(line), shown);
        }
    }

    #[test]
    fn an_error_shows_only_its_text_and_the_students_files() {
        let text = "error[E0277]: the trait bound is not satisfied
  --> src/a.rs:3:5
   |
3  |     a.load(conn)
   |       ---- ^^^^ wrong
   |
   = help: the following other types implement trait `T`:
             A
             B
           and 99 others
   = note: required for `A` to implement `B`
   = note: 1 redundant requirement hidden
note: required by a bound in `load`
  --> /home/ann/.cargo/registry/src/index/diesel-2.3.14/src/query_dsl/mod.rs:1627:17
   |
16 |     fn load();
   = note: the full name for the type has been written to 'x.txt'
   = note: consider using `--verbose` to print the full type name to the console
help: try this
   |
3  |     a.load()
";
        let short = "error[E0277]: the trait bound is not satisfied
  --> src/a.rs:3:5
   |
3  |     a.load(conn)
   |       ---- ^^^^ wrong
   |
   = note: required for `A` to implement `B`
help: try this
   |
3  |     a.load()";
        assert_eq!(shorten(text), short);
    }
}
