//! The verdict in the forms that others read.

pub mod canvas;
pub mod changes;
pub mod csv;
pub mod feedback;
pub mod gradebook;
pub mod json;
pub mod junit;
pub mod letter;
pub mod markdown;
pub mod moodle;
pub mod platforms;
pub mod summary;
pub mod worksheet;

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// verdict.json, which is always written
    Json,
    /// junit.xml
    Junit,
    /// summary.md, also on the page of a GitHub job
    Summary,
    /// gradebook.csv, one line for each student
    Csv,
    /// gradebook.html, the class on one page
    Html,
    /// feedback.html and feedback.md for each student, beside their verdict.json
    Feedback,
    /// canvas.csv, for the import of Canvas's gradebook
    Canvas,
    /// moodle.csv, for the import of Moodle's gradebook
    Moodle,
    /// gradescope.json beside verdict.json, for results/results.json
    Gradescope,
    /// prairielearn.json beside verdict.json, for results/results.json
    Prairielearn,
    /// classroom50.json beside verdict.json, for result.json; by the variables of its autograder
    Classroom50,
    /// check50.json beside verdict.json
    Check50,
    /// annotations.txt beside verdict.json: commands by which GitHub shows what is wrong beside the student's lines. On
    /// GitHub, those for a single submission are printed, too
    Annotations,
    /// dolos/: what each student has written in each lesson, and nothing that was given, to look for copies with Dolos.
    /// With `--book` or `--merge`, it needs `--submissions`
    Dolos,
    /// bundle.json beside verdict.json: what was handed in and what came of it, for `cargo kata verify`. With `--book`
    /// or `--merge`, it needs `--submissions`
    Bundle,
    /// exercism-05-crud.json for each lesson beside verdict.json, for results.json
    Exercism,
}

/// Writes the whole file or nothing of it.
///
/// # Errors
///
/// When it cannot be written.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    let write = || {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        }
        file.persist(path).map_err(|error| error.error)
    };
    write().map(drop).with_context(|| format!("cannot write {}", path.display()))
}
