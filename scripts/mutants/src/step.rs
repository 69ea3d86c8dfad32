//! A step or a submission whose mutants are judged, and how it is compiled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use kata::Database;
use kata::build::recipe::Recipe;
use kata::check::variant;
use kata::course::{Course, Gate, Lesson};

use crate::subject::Subject;

pub struct Step<'a> {
    pub course: &'a Course,
    pub lesson: &'a Lesson,
    /// As in `05-crud`, or as in `08-order-up/tabs_and_seatings`.
    pub name: String,
    /// Whether it has tests beside its gates.
    pub has_own_tests: bool,
    /// The workspace in which cargo compiles it: the course or, for a submission, one with it in the lesson's place.
    root: PathBuf,
    /// Its package's folder in the workspace.
    pub package_folder: PathBuf,
    pub recipe: Recipe,
    /// The gates, by the files of their snapshots.
    pub gates: BTreeMap<String, &'a Gate>,
}

impl<'a> Step<'a> {
    /// Asks cargo how it compiles the finished step or the submission.
    ///
    /// # Errors
    ///
    /// When it does not compile.
    pub fn new(course: &'a Course, subject: &Subject<'a>) -> Result<Self> {
        let lesson = subject.lesson;
        let (root, package, package_folder) = match &subject.submission {
            Some(submission) => {
                let workspace = variant::prepare(course, lesson)?;
                variant::write_files(&workspace, lesson, &submission.in_lesson(course, lesson)?)?;
                (workspace, lesson.package(), lesson.folder())
            }
            None => (course.root.clone(), lesson.solution_package(), lesson.solution_folder()),
        };
        let recipe = Recipe::of(&root, &package, &package_folder, Database::Sqlite)?;
        let gates = lesson.gates_on(Database::Sqlite).into_iter();
        let gates = gates.map(|(_, gate)| (file_name(&lesson.snapshot_file(&gate.name)), gate)).collect();
        let has_own_tests = lesson.manifest.app.is_some() && subject.submission.is_none();
        Ok(Self { course, lesson, name: subject.name(), has_own_tests, root, package_folder, recipe, gates })
    }

    /// The folder of its package.
    pub fn folder(&self) -> PathBuf {
        self.root.join(&self.package_folder)
    }

    pub fn is_gate(&self, name: &str) -> bool {
        self.gates.values().any(|gate| gate.name == name)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
