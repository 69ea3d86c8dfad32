//! The course: its lessons and their gates, as the manifests in `tests/gates` describe them.

pub mod layout;
mod manifest;
pub mod names;
pub mod stages;
pub mod version;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{Database, files};

pub use manifest::{Gate, Manifest, Piece, Stage};

/// The package of what the lessons share.
pub const GROUNDWORK: &str = "lessons/groundwork";

/// What every lesson is compiled with besides its own code: a change there can change any verdict.
pub const USED_BY_ALL: [&str; 2] = ["tests/src", GROUNDWORK];

/// All lessons, in order.
pub struct Course {
    pub root: PathBuf,
    pub lessons: Vec<Lesson>,
}

/// One step: its number and topic name the solution, the lesson, the gate file and the manifest.
pub struct Lesson {
    pub number: u32,
    /// As in `05-crud`.
    pub name: String,
    pub manifest: Manifest,
}

impl Lesson {
    /// As in `crud`; the gate file's module.
    pub fn topic(&self) -> String {
        self.name[3..].replace('-', "_")
    }

    /// The package that a student edits.
    pub fn package(&self) -> String {
        format!("lesson-{}", self.name)
    }

    pub fn solution_package(&self) -> String {
        match &self.manifest.app {
            Some(folder) => folder.display().to_string(),
            None => format!("solution-{}", self.name),
        }
    }

    /// The file of gates and its relatives, without an extension: `tests/gates/05_crud`.
    pub fn gate_file(&self, extension: &str) -> PathBuf {
        PathBuf::from(format!("tests/gates/{}.{extension}", self.name.replace('-', "_")))
    }

    /// The files that hold the gates, each with what their names begin with.
    pub fn gate_sources(&self) -> Vec<(String, PathBuf)> {
        if self.manifest.stages.is_empty() {
            return vec![(String::new(), self.gate_file("rs"))];
        }
        let source = |Stage { name, .. }: &Stage| {
            (format!("{name}::"), PathBuf::from(format!("tests/gates/{}_{name}.rs", &self.name[..2])))
        };
        self.manifest.stages.iter().map(source).collect()
    }

    pub fn snapshot_file(&self, gate: &str) -> PathBuf {
        let gate = gate.replace("::", "__");
        PathBuf::from(format!("tests/gates/snapshots/gate__{}__{gate}.snap", self.topic()))
    }

    pub fn folder(&self) -> PathBuf {
        Path::new("lessons").join(&self.name)
    }

    /// The program that runs the lesson, where the course has one for it.
    pub fn program_file(&self) -> PathBuf {
        Path::new("tests/programs").join(format!("{}.rs", self.name.replace('-', "_")))
    }

    /// What cargo calls that program. Names of examples are the whole workspace's.
    pub fn program_name(&self) -> String {
        format!("run-{}", self.name)
    }

    /// The lesson's text.
    pub fn readme(&self) -> String {
        format!("lessons/{}/README.md", self.name)
    }

    pub fn solution_folder(&self) -> PathBuf {
        self.manifest.app.clone().unwrap_or_else(|| Path::new("solutions").join(&self.name))
    }

    /// The gates that make sense on `database`, each with its number. Numbers are the same on
    /// every database, so that a README can name them.
    pub fn gates_on(&self, database: Database) -> Vec<(usize, &Gate)> {
        let gates = self.manifest.gates.iter().enumerate();
        gates.filter(|(_, gate)| gate.runs_on(database)).map(|(index, gate)| (index + 1, gate)).collect()
    }
}

impl Course {
    /// Reads every manifest in `tests/gates`.
    ///
    /// # Errors
    ///
    /// When a manifest cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let folder = root.join("tests/gates");
        let mut lessons = Vec::new();
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                lessons.push(read_lesson(&path).with_context(|| path.display().to_string())?);
            }
        }
        lessons.sort_by_key(|lesson| lesson.number);
        Ok(Self { root: root.to_owned(), lessons })
    }

    /// Refuses a command that needs the solutions where the course was handed out without them. `purpose` says
    /// what the command does with them.
    ///
    /// # Errors
    ///
    /// When there are no solutions.
    pub fn check_solutions(&self, command: &str, purpose: &str) -> Result<()> {
        if !self.root.join("solutions").is_dir() {
            bail!(
                "`cargo kata {command}` {purpose}, but this copy of the course does not include them; run it in the \
                 complete course"
            );
        }
        Ok(())
    }

    /// The lesson that is named as `5`, `05`, `crud`, `5-crud`, `05-crud` or by its package.
    ///
    /// # Errors
    ///
    /// [`NoSuchLesson`], when no lesson has this name.
    pub fn lesson(&self, name: &str) -> Result<&Lesson> {
        let short = name.strip_prefix("lesson-").unwrap_or(name).trim_start_matches('0');
        let named = |lesson: &&Lesson| {
            short.parse() == Ok(lesson.number)
                || short == lesson.name.trim_start_matches('0')
                || short == &lesson.name[3..]
        };
        if let Some(lesson) = self.lessons.iter().find(named) {
            return Ok(lesson);
        }
        let names: Vec<_> = self.lessons.iter().map(|lesson| lesson.name.as_str()).collect();
        Err(match names::meant(name, &names) {
            Some(meant) => NoSuchLesson(format!("there is no lesson `{name}`; did you mean `{meant}`?")),
            None => {
                NoSuchLesson(format!("there is no lesson `{name}`; the lessons are {}", names.join(", ")))
            }
        }
        .into())
    }
}

/// The course does not have such a lesson: a mistake in the command.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoSuchLesson(String);

/// Refuses to grade where the course was handed out without the grader.
///
/// # Errors
///
/// When there is no grader.
pub fn check_grader(root: &Path) -> Result<()> {
    if !root.join("scripts/grade").is_dir() {
        bail!(
            "this copy of the course does not include the grader; grade submissions in the complete course. To see your own \
             progress, run `cargo kata progress`"
        );
    }
    Ok(())
}

fn read_lesson(path: &Path) -> Result<Lesson> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).context("its name is not Unicode")?;
    let number = stem.split('_').next().and_then(|digits| digits.parse().ok());
    let number = number.context("its name does not begin with the lesson's number, as in 05_crud.toml")?;
    let manifest = toml::from_str(&files::read_text(path)?)?;
    Ok(Lesson { number, name: stem.replace('_', "-"), manifest })
}

/// The folder of the workspace: the nearest one upwards that holds `tests/gates`.
///
/// # Errors
///
/// When the current folder is not inside of a course.
pub fn find_root() -> Result<PathBuf> {
    // Cargo says where this package is; started by hand, the current folder has to do.
    let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => std::env::current_dir().context("the current folder is gone")?,
    };
    let root = start.ancestors().find(|folder| folder.join("tests/gates").is_dir());
    let root = root.with_context(|| format!("{} is not inside the course's folder", start.display()))?;
    Ok(root.to_owned())
}
