//! What mistakes are made in: the finished step or, with `--submission`, another right answer in its place.

use std::path::{Path, PathBuf};

use kata::course::Lesson;
use kata::submission::Submission;

pub struct Subject<'a> {
    pub lesson: &'a Lesson,
    pub submission: Option<Submission>,
}

impl Subject<'_> {
    /// As in `05-crud` or `08-order-up/tabs_and_seatings`.
    pub fn name(&self) -> String {
        match &self.submission {
            Some(submission) => format!("{}/{}", self.lesson.name, submission.name),
            None => self.lesson.name.clone(),
        }
    }

    /// The folder of what is changed, in the course.
    pub fn folder(&self) -> PathBuf {
        match &self.submission {
            Some(submission) => submission.folder.clone(),
            None => self.lesson.solution_folder(),
        }
    }

    /// Whether its program can be noticed by somebody: that of a solution is a demo, and gates start no program.
    fn has_program(&self) -> bool {
        self.lesson.manifest.app.is_some() && self.submission.is_none()
    }

    /// Students do not write the demo and the tests, and migrations for PostgreSQL are not run.
    pub fn is_mutated(&self, file: &Path) -> bool {
        let is_kind = ["src", "migrations", "templates"].iter().any(|folder| file.starts_with(folder))
            || file == Path::new("setup.sql")
            || file == Path::new(".env.example");
        let is_text = file
            .extension()
            .is_none_or(|extension| ["rs", "sql", "html", "example"].iter().any(|known| extension == *known));
        let is_run = !file.starts_with("migrations/postgres")
            && (self.has_program() || file != Path::new("src/main.rs"));
        is_kind && is_text && is_run
    }
}
