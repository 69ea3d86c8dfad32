//! Saves in files that the run on the screen does not read: without a word, the guide would seem not to see them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Database;
use crate::content::sources;
use crate::course::{Course, Lesson};

/// More files than that at once are a checkout or a reset, and not a save.
const AT_ONCE: usize = 3;

/// The settings' example at the top of the course; lesson 1 has one of its own.
const EXAMPLE: &str = ".env.example";

/// When each file was written last.
pub struct Elsewhere(BTreeMap<PathBuf, Option<SystemTime>>);

impl Elsewhere {
    pub fn new(course: &Course) -> Self {
        Self(times(course))
    }

    /// What to tell about a file that was saved since the last look, if this run does not read it.
    pub fn saved(&mut self, course: &Course, lesson: &Lesson, database: Database) -> Option<String> {
        let now = times(course);
        let before = std::mem::replace(&mut self.0, now);
        let saved: Vec<_> = self.0.iter().filter(|(file, time)| before.get(*file) != Some(time)).collect();
        if saved.len() > AT_ONCE {
            return None;
        }
        let is_there = |file: &Path| self.0.contains_key(file);
        saved.iter().find_map(|(file, _)| sentence(file, lesson, database, &is_there))
    }
}

/// The files of all lessons that can change a verdict, and what is taken for one of them.
fn times(course: &Course) -> BTreeMap<PathBuf, Option<SystemTime>> {
    let of_lesson = |lesson: &Lesson| {
        let folder = lesson.folder();
        sources(&course.root.join(&folder)).into_iter().map(move |file| folder.join(file))
    };
    let files = course.lessons.iter().flat_map(of_lesson).chain([PathBuf::from(EXAMPLE)]);
    let time = |file: &Path| std::fs::metadata(course.root.join(file)).ok()?.modified().ok();
    files.map(|file| (file.clone(), time(&file))).collect()
}

/// Names a file that was saved beside the one that this run reads. It is short: it has one line of the screen.
fn sentence(
    saved: &Path,
    lesson: &Lesson,
    database: Database,
    is_there: &dyn Fn(&Path) -> bool,
) -> Option<String> {
    let folder = lesson.folder();
    let (saved_in, file) = match saved.strip_prefix("lessons") {
        Ok(inside) => {
            let name = inside.iter().next()?;
            (Path::new("lessons").join(name), inside.strip_prefix(name).ok()?)
        }
        Err(_) => (PathBuf::new(), saved),
    };
    if saved_in == folder {
        let other = database.other();
        return file.starts_with(Path::new("migrations").join(other.name())).then(|| {
            let (other, name) =
                (if other == Database::Sqlite { "SQLite" } else { "PostgreSQL" }, database.name());
            format!("You saved a migration for {other}, but the guide is checking migrations/{name}.")
        });
    }
    let name = |path: &Path| {
        let short = path.strip_prefix("lessons").unwrap_or(path);
        short.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let counterpart = folder.join(file);
    if is_there(&counterpart) {
        return Some(format!("You saved {}, but the guide is checking {}.", name(saved), name(&counterpart)));
    }
    let is_of_lesson = saved_in != Path::new("");
    is_of_lesson.then(|| {
        format!(
            "You saved {}, but the guide is checking lesson {}. Press l to change lessons.",
            name(saved),
            lesson.number
        )
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::sentence;
    use crate::Database::{self, Postgres, Sqlite};
    use crate::course::{Course, find_root};

    #[test]
    fn a_file_that_is_not_read_is_named_with_the_file_that_is() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        let said = |lesson: &str, database: Database, saved: &str| {
            let lesson = course.lesson(lesson).unwrap();
            sentence(Path::new(saved), lesson, database, &|file| course.root.join(file).is_file())
        };
        for (lesson, database, saved, expected) in [
            ("5", Sqlite, "lessons/05-crud/src/books.rs", None),
            (
                "5",
                Sqlite,
                "lessons/04-relationships/src/lib.rs",
                Some("You saved 04-relationships/src/lib.rs, but the guide is checking 05-crud/src/lib.rs."),
            ),
            (
                "3",
                Sqlite,
                "lessons/05-crud/src/books.rs",
                Some(
                    "You saved 05-crud/src/books.rs, but the guide is checking lesson 3. Press l to change lessons.",
                ),
            ),
            ("3", Sqlite, "lessons/03-models/migrations/sqlite/1_a/up.sql", None),
            (
                "3",
                Sqlite,
                "lessons/03-models/migrations/postgres/1_a/up.sql",
                Some("You saved a migration for PostgreSQL, but the guide is checking migrations/sqlite."),
            ),
            (
                "3",
                Postgres,
                "lessons/03-models/migrations/sqlite/1_a/up.sql",
                Some("You saved a migration for SQLite, but the guide is checking migrations/postgres."),
            ),
            (
                "1",
                Sqlite,
                ".env.example",
                Some("You saved .env.example, but the guide is checking 01-database/.env.example."),
            ),
            ("5", Sqlite, ".env.example", None),
        ] {
            assert_eq!(said(lesson, database, saved).as_deref(), expected, "{saved}");
        }
    }
}
