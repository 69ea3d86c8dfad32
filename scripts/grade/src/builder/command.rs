//! A `rustc` command of cargo's, for the sandbox.

use std::path::Path;

use anyhow::{Context, Result};
use kata::build::recipe::Rustc;

/// The command with the course and the dependencies in other places. Cargo keeps compiled dependencies in
/// several folders, when it compiles for a target by name: those of the compiler's own plugins are apart.
///
/// # Errors
///
/// When a dependency's file has no name.
pub fn moved(command: &Rustc, root: &str, course: &Path, dependencies: &Path) -> Result<Rustc> {
    let mut moved = command.clone();
    for text in moved.variables.values_mut() {
        *text = moved_path(text, root, course);
    }
    let mut option = "";
    let mut arguments = Vec::new();
    for word in &command.arguments {
        let there = |file: &str| -> Result<String> {
            let name = Path::new(file).file_name().context("a compiled dependency has a name")?;
            Ok(dependencies.join(name).display().to_string())
        };
        arguments.push(match (option, word.split_once('=')) {
            ("--out-dir", _) => dependencies.display().to_string(),
            ("-L", Some(("dependency", _))) => format!("dependency={}", dependencies.display()),
            ("--extern", Some((name, file))) => format!("{name}={}", there(file)?),
            _ => moved_path(word, root, course),
        });
        option = word;
    }
    moved.arguments = arguments;
    Ok(moved)
}

/// The text with the folder `root` in another place, where a path in it begins so: a course in `/src` is not in
/// `lessons/01-database/src`.
fn moved_path(text: &str, root: &str, course: &Path) -> String {
    let is_within = |c: char| c.is_alphanumeric() || "/\\._-~+".contains(c);
    let mut moved = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(root) {
        let (before, behind) = (&rest[..at], &rest[at + root.len()..]);
        let is_begun = moved.chars().chain(before.chars()).next_back().is_some_and(is_within);
        let is_longer = behind.chars().next().is_some_and(|c| is_within(c) && c != '/' && c != '\\');
        moved.push_str(before);
        match is_begun || is_longer {
            true => moved.push_str(root),
            false => moved.push_str(&course.display().to_string()),
        }
        rest = behind;
    }
    moved + rest
}

/// Cargo's arguments, without what leads to other folders. What the compiler says is JSON, which holds the text for a
/// person, too.
pub fn arguments(command: &Rustc) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut words = command.arguments.iter().peekable();
    while let Some(word) = words.next() {
        let next = words.peek().map(|next| next.as_str()).unwrap_or_default();
        let is_left_out =
            (word == "-L" && next.starts_with("native=")) || (word == "-C" && next.starts_with("debuginfo="));
        if is_left_out {
            words.next();
        } else if !word.starts_with("--error-format") && !word.starts_with("--json") {
            arguments.push(word.clone());
        }
    }
    arguments.extend(["--error-format", "json"].map(str::to_owned));
    // The last word counts: neither the manifest nor an attribute takes it back.
    arguments.extend(["-C", "debuginfo=0"].map(str::to_owned));
    arguments.extend(["-F", "unsafe_code", "-A", "warnings"].map(str::to_owned));
    // What is read is what is compiled: rustc refuses these, and a submission cannot allow them.
    arguments.extend(["-F", "text_direction_codepoint_in_comment"].map(str::to_owned));
    arguments.extend(["-F", "text_direction_codepoint_in_literal"].map(str::to_owned));
    arguments
}

/// Whether the compiler gets a variable that cargo has set.
pub fn keeps_variable(name: &str) -> bool {
    name.starts_with("CARGO_PKG")
        || matches!(
            name,
            "CARGO_CRATE_NAME" | "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "INSTA_WORKSPACE_ROOT"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_may_be_in_any_folder() {
        for (root, text, expected) in [
            ("/src", "lessons/01-database/src/lib.rs", "lessons/01-database/src/lib.rs"),
            ("/src", "/src/lessons/01-database/src/lib.rs", "/in/lessons/01-database/src/lib.rs"),
            ("/src", "incremental=/src/target:/src", "incremental=/in/target:/in"),
            ("/src", "/srcs/a /home/src/b path=\"/src/c\"", "/srcs/a /home/src/b path=\"/in/c\""),
            ("/src/src", "/src/src/src/src/x", "/in/src/src/x"),
            ("/usr", "--cfg /usr/lib /lib/usr/lib", "--cfg /in/lib /lib/usr/lib"),
            ("/out", "/out/out/out", "/in/out/out"),
            (r"C:\course", r"C:\course\lessons C:\courses", r"/in\lessons C:\courses"),
        ] {
            assert_eq!(moved_path(text, root, Path::new("/in")), expected, "{root}: {text}");
        }
    }

    #[test]
    fn dependencies_are_found_wherever_cargo_has_compiled_them() {
        for target in
            ["/course/target/debug", "/course/target/x86_64-unknown-linux-gnu/debug", "/elsewhere/debug"]
        {
            let words = format!(
                "--crate-name gate lessons/01/tests/gate.rs --out-dir {target}/deps -L dependency={target}/deps \
                 -L dependency=/elsewhere/host/deps --extern step={target}/deps/libstep-1.rlib \
                 --extern plugin=/elsewhere/host/deps/libplugin-2.so --cfg path=\"/course/x\""
            );
            let command = Rustc {
                wrappers: Vec::new(),
                program: "rustc".into(),
                arguments: words.split(' ').map(str::to_owned).collect(),
                variables: [("CARGO_MANIFEST_DIR".to_owned(), "/course/lessons/01".to_owned())].into(),
                folder: "/course".into(),
            };
            let moved = moved(&command, "/course", Path::new("/in"), Path::new("/dependencies")).unwrap();
            assert_eq!(
                moved.arguments.join(" "),
                "--crate-name gate lessons/01/tests/gate.rs --out-dir /dependencies -L dependency=/dependencies \
                 -L dependency=/dependencies --extern step=/dependencies/libstep-1.rlib \
                 --extern plugin=/dependencies/libplugin-2.so --cfg path=\"/in/x\""
            );
            assert_eq!(moved.variables["CARGO_MANIFEST_DIR"], "/in/lessons/01");
        }
    }
}
