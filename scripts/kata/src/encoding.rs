//! Files of a lesson that an editor has saved in a form that the tools behind a gate do not accept.
//!
//! The guide itself reads text however it was saved ([`crate::files::text`]). But rustc, askama and PostgreSQL
//! get the file as it is, and their errors about a file that looks perfect do not help.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::build::Build;
use crate::course::{Course, Lesson};
use crate::files::text;
use crate::{Database, content};

/// A file to be saved in another form, and why.
struct Unreadable {
    file: PathBuf,
    line: usize,
    why: String,
}

const HOW: &str =
    "In VS Code, click the encoding in the status bar, choose “Save with Encoding”, then “UTF-8”.";

/// What is compiled into a lesson or its gates.
const COMPILED: [&str; 5] = ["rs", "sql", "html", "css", "svg"];

/// What `build` makes of the lesson, unless a tool would misunderstand one of its files: then these are the errors.
///
/// # Errors
///
/// That of `build`.
pub fn build_if_readable(
    course: &Course,
    lesson: &Lesson,
    database: Database,
    build: impl FnOnce() -> Result<Build>,
) -> Result<Build> {
    let mut refused = Build::default();
    for unreadable in unreadable(course, lesson, database) {
        refused.errors.push(unreadable.why);
        refused.error_places.push((unreadable.file, unreadable.line));
    }
    if refused.errors.is_empty() { build() } else { Ok(refused) }
}

/// The files of the lesson that rustc, askama or the database would misunderstand.
fn unreadable(course: &Course, lesson: &Lesson, database: Database) -> Vec<Unreadable> {
    let folder = lesson.folder();
    let files = content::sources(&course.root.join(&folder)).into_iter().filter(|file| is_compiled(file));
    let problem = |file: PathBuf| {
        let bytes = fs::read(course.root.join(&folder).join(&file)).ok()?;
        let (line, why) = problem(&file, &bytes, database)?;
        let file = folder.join(file);
        let why = format!("error: {}: {why}\n\n{HOW}", file.display());
        Some(Unreadable { file, line, why })
    };
    files.filter_map(problem).collect()
}

fn is_compiled(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    file.ends_with(".env.example") || extension.is_some_and(|extension| COMPILED.contains(&extension))
}

/// The line of what is wrong, and the reason.
fn problem(file: &Path, bytes: &[u8], database: Database) -> Option<(usize, String)> {
    if text::is_utf_16(bytes) {
        return Some((1, "the file is saved as UTF-16, and the compiler reads UTF-8 only.".to_owned()));
    }
    let text = match text::decode(bytes) {
        Ok(text) => text,
        Err(error) => return Some((error.line(), format!("{error}."))),
    };
    if !text::has_utf_8_mark(bytes) {
        return None;
    }
    let reader = match file.extension().and_then(|extension| extension.to_str()) {
        Some("sql") if database == Database::Postgres && file.starts_with("migrations/postgres") => {
            "PostgreSQL"
        }
        // To askama the mark is text, and `extends` has to come before any.
        Some("html") if text.split_whitespace().find(|word| !word.starts_with("{%")) == Some("extends") => {
            "askama"
        }
        _ => return None,
    };
    Some((
        1,
        format!(
            "the file begins with a byte order mark (an invisible character), which {reader} does not accept."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(file: &str, bytes: &[u8], database: Database) -> Option<String> {
        problem(Path::new(file), bytes, database).map(|(line, why)| format!("{line}: {why}"))
    }

    #[test]
    fn text_that_the_tools_accept_is_accepted() {
        let (crlf, mark) = (b"a\r\nb\r\n".to_vec(), "\u{feff}a\r\n".as_bytes().to_vec());
        for file in ["src/lib.rs", "setup.sql", ".env.example", "templates/page.html", "static/style.css"] {
            for bytes in [&crlf, &mark] {
                assert_eq!(why(file, bytes, Database::Postgres), None, "{file}");
            }
        }
        // SQLite reads over it, and gates on SQLite ask for no other migrations.
        for folder in ["sqlite", "postgres"] {
            let file = format!("migrations/{folder}/1_a/up.sql");
            assert_eq!(why(&file, &mark, Database::Sqlite), None, "{file}");
        }
    }

    #[test]
    fn text_that_a_tool_would_misread_is_explained() {
        let said = |file, bytes: &[u8]| why(file, bytes, Database::Postgres).unwrap_or_default();
        let mark = "\u{feff}{% extends \"base.html\" %}\n".as_bytes();
        assert!(said("templates/page.html", mark).contains("which askama does not accept"));
        assert!(
            said("migrations/postgres/1_a/up.sql", "\u{feff}CREATE".as_bytes())
                .contains("which PostgreSQL does not accept")
        );
        for bytes in [&b"\xFF\xFEa\0"[..], b"\xFE\xFF\0a"] {
            assert!(said("setup.sql", bytes).contains("is saved as UTF-16"));
        }
        assert!(said("src/lib.rs", b"a\n// \xE4\n").starts_with("2: line 2 is not valid UTF-8"));
    }
}
