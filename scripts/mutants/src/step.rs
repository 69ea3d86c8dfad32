//! A step whose mutants are judged, and how it is compiled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use kata::Database;
use kata::build::recipe::Recipe;
use kata::course::{Course, Gate, Lesson};

pub struct Step<'a> {
    pub course: &'a Course,
    pub lesson: &'a Lesson,
    pub recipe: Recipe,
    /// The gates, by the files of their snapshots.
    pub gates: BTreeMap<String, &'a Gate>,
}

impl<'a> Step<'a> {
    /// Asks cargo how it compiles the finished step.
    ///
    /// # Errors
    ///
    /// When it does not compile.
    pub fn new(course: &'a Course, lesson: &'a Lesson) -> Result<Self> {
        let folder = lesson.solution_folder();
        let recipe = Recipe::of(&course.root, &lesson.solution_package(), &folder, Database::Sqlite)?;
        let gates = lesson.gates_on(Database::Sqlite).into_iter();
        let gates = gates.map(|(_, gate)| (file_name(&lesson.snapshot_file(&gate.name)), gate)).collect();
        Ok(Self { course, lesson, recipe, gates })
    }

    /// The step's folder, with its finished form.
    pub fn folder(&self) -> PathBuf {
        self.course.root.join(self.lesson.solution_folder())
    }

    pub fn is_gate(&self, name: &str) -> bool {
        self.gates.values().any(|gate| gate.name == name)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
