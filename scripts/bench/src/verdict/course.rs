//! A copy of the course in which every gate passes, and the commands that judge it.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use kata::build::{self, place};
use kata::check::variant;
use kata::course::{Course, Lesson};
use kata::files;
use kata::process::{output, succeeds};
use pty_process::blocking;
use tempfile::TempDir;

use crate::finished;

pub struct SolvedCourse {
    _folder: TempDir,
    pub course: Course,
    /// Whose work is in the place of each lesson.
    pub names: Vec<String>,
    kata: PathBuf,
    target: PathBuf,
    /// Whether mainmatter's `wr` is installed.
    pub has_wr: bool,
}

impl SolvedCourse {
    /// Builds the guide, and has it make the copy. In the place of a project is this submission, or the first.
    ///
    /// # Errors
    ///
    /// When one of the two fails.
    pub fn new(submission: Option<&str>) -> Result<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("no workspace")?;
        let target = place::target(workspace);
        output(build::cargo().args(["build", "--quiet", "--package", "cargo-kata"]).current_dir(workspace))?;
        let kata = target.join("debug/cargo-kata");
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let copy = folder.path().join("course");
        output(Command::new(&kata).arg("export").arg(&copy).current_dir(workspace))?;
        // So that cargo does not take the workspace's own builds for the copy's.
        replace(&copy.join("Cargo.toml"), "version = \"0.0.0\"", "version = \"0.0.0-bench\"")?;
        output(Command::new(&kata).args(["derive", "--force"]).current_dir(&copy))?;
        let has_wr = succeeds(Command::new("wr").arg("--version"));
        let course = Course::read(&copy)?;
        let mut names = Vec::new();
        for lesson in &course.lessons {
            let (name, finished) = finished::named(&course, lesson, submission)?;
            variant::write_files(&copy, lesson, &finished)?;
            write_texts(workspace, &copy, lesson)?;
            names.push(name);
        }
        let solved = Self { _folder: folder, course, names, kata, target, has_wr };
        if solved.has_wr {
            solved.lay_out_for_wr()?;
        }
        Ok(solved)
    }

    fn root(&self) -> &Path {
        &self.course.root
    }

    /// Where cargo builds it.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// `wr` looks for chapters of exercises in a git repository; these are the same crates.
    fn lay_out_for_wr(&self) -> Result<()> {
        output(Command::new("git").args(["init", "--quiet"]).current_dir(self.root()))?;
        // Its first step, a build by another path, cargo would refuse: the crates are members of `lessons/*`.
        fs::write(self.root().join(".wr.toml"), "exercises_dir = \"exercises\"\nskip_build = true\n")?;
        let chapter = self.root().join("exercises/01_course");
        fs::create_dir_all(&chapter)?;
        for lesson in &self.course.lessons {
            let link = chapter.join(lesson.name.replace('-', "_"));
            std::os::unix::fs::symlink(self.root().join(lesson.folder()), link)?;
        }
        Ok(())
    }

    /// Adds a line to the lesson's library.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn edit(&self, lesson: &Lesson) -> Result<()> {
        let file = self.root().join(lesson.folder()).join("src/lib.rs");
        let mut file = fs::File::options().append(true).open(&file)?;
        writeln!(file, "// edited")?;
        Ok(())
    }

    fn in_course(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .stdin(Stdio::null())
            .current_dir(self.root())
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("CARGO_MANIFEST_DIR");
        command
    }

    /// The guide, for a terminal.
    pub fn guide(&self) -> blocking::Command {
        blocking::Command::new(&self.kata)
            .args(["watch", "--no-warm"])
            .current_dir(self.root())
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("CARGO_MANIFEST_DIR")
    }

    /// Forgets how far somebody has come.
    ///
    /// # Errors
    ///
    /// When the file of the progress cannot be deleted.
    pub fn forget_progress(&self) -> Result<()> {
        files::delete_if_there(&self.root().join(".kata-progress.toml"))
    }

    pub fn kata(&self, arguments: &[&str]) -> Command {
        let mut command = self.in_course(&self.kata);
        command.args(arguments);
        command
    }

    /// What somebody types who has no guide.
    pub fn cargo(&self, lesson: &Lesson) -> Command {
        let mut command = self.in_course("cargo");
        command.args(["test", "--package", &lesson.package(), "--test", "gate"]);
        command
    }

    pub fn wr(&self, lesson: &Lesson) -> Command {
        let mut command = self.in_course("wr");
        command.arg("check").current_dir(self.root().join(lesson.folder()));
        command
    }
}

/// Copies what there is to read about the lesson: the page shows it.
fn write_texts(from: &Path, to: &Path, lesson: &Lesson) -> Result<()> {
    let folder = lesson.folder();
    for file in files::below(&from.join(&folder))? {
        if file.extension().is_some_and(|extension| extension == "md") {
            let path = Path::new(&folder).join(file);
            files::copy(&from.join(&path), &to.join(&path))?;
        }
    }
    Ok(())
}

fn replace(file: &Path, find: &str, replace: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    ensure!(text.contains(find), "{} does not hold {find}", file.display());
    Ok(fs::write(file, text.replacen(find, replace, 1))?)
}
