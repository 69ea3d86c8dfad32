//! `dolos/`: what each student has written, for a search for copies with Dolos.
//!
//! Nothing that was given is in these files, as far as lines can tell. Per lesson there is a folder of Rust and, where
//! students also write SQL, templates or the like, one of that; in each a file for every submission, `given` with what
//! is nobody's copy, and `info.csv`.
//!
//! sources: dodona-edu/dolos, docs/docs/adding-metadata.md and lib/src/lib/dataset.ts: one template at most.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use kata::course::{Course, Lesson};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use crate::canonical::given;
use crate::class::grades::{Grades, Student};
use crate::formats;
use crate::formats::csv::cell;
use crate::intake::Intake;
use crate::intake::taken::{Taken, is_source};
use crate::intake::uploads::Upload;
use crate::reading::Reader;

/// The folder in `--out`.
pub const NAME: &str = "dolos";

/// A file can be made so that a comparison takes long. Then more of it counts as written.
const LONGEST: Duration = Duration::from_millis(500);

/// Which files are compared with each other: Dolos takes one language at a time.
#[derive(Clone, Copy)]
enum Kind {
    Rust,
    /// SQL, templates, styles: character by character.
    Text,
}

impl Kind {
    fn holds(self, path: &str) -> bool {
        let is_rust = path.to_ascii_lowercase().ends_with(".rs");
        is_source(path) && is_rust == matches!(self, Self::Rust)
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Rust => "rs",
            Self::Text => "txt",
        }
    }
}

/// What is written for one lesson and one kind of file.
struct Dataset {
    folder: PathBuf,
    lesson: usize,
    kind: Kind,
    /// What was given, by file and as the set of its lines.
    skeleton: Taken,
    lines: HashSet<String>,
    solution: Taken,
    rows: Vec<[String; 6]>,
}

/// Writes the folder `dolos` in `out`: of each submission, what it holds for the lessons of `reader`.
///
/// # Errors
///
/// When a file cannot be written.
pub fn write(out: &Path, reader: &Reader<'_>, uploads: &[Upload], grades: &Grades) -> Result<()> {
    let folder = out.join(NAME);
    // What an earlier run wrote may be another's by now.
    if folder.symlink_metadata().is_ok() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot replace {}", folder.display()))?;
    }
    let mut datasets = Vec::new();
    for lesson in &reader.lessons {
        for kind in [Kind::Rust, Kind::Text] {
            datasets.push(Dataset::of(&folder, reader.course, *lesson, kind)?);
        }
    }
    for (place, upload) in uploads.iter().enumerate() {
        let handed = reader.read(&upload.path);
        for dataset in &mut datasets {
            let lesson: &Lesson = &reader.course.lessons[dataset.lesson];
            if let Some(Intake::Taken(taken)) = handed.lesson(lesson).map(|lesson| &lesson.intake) {
                dataset.add(place + 1, &upload.name, taken, grades)?;
            }
        }
    }
    datasets.iter().try_for_each(Dataset::finish)
}

impl Dataset {
    fn of(folder: &Path, course: &Course, index: usize, kind: Kind) -> Result<Self> {
        let lesson = &course.lessons[index];
        let name = match kind {
            Kind::Rust => lesson.name.clone(),
            Kind::Text => format!("{}-text", lesson.name),
        };
        let (skeleton, solution) = (given::skeleton(course, lesson)?, given::solution(course, lesson)?);
        let texts = skeleton.iter().filter(|(path, _)| kind.holds(path)).map(|(_, bytes)| text(bytes));
        let lines = texts.flat_map(|text| text.lines().map(trimmed).collect::<Vec<_>>()).collect();
        Ok(Self {
            folder: folder.join(name),
            lesson: index,
            kind,
            skeleton,
            lines,
            solution,
            rows: Vec::new(),
        })
    }

    /// A file with what a submission adds to what was given, if it adds anything.
    fn add(&mut self, number: usize, name: &str, taken: &Taken, grades: &Grades) -> Result<()> {
        let files = taken.iter().filter(|(path, _)| self.kind.holds(path));
        let written: String = files.map(|(path, bytes)| self.written(path, &text(bytes))).collect();
        if written.trim().is_empty() {
            return Ok(());
        }
        // A number, since a name may be anything, and the table has to name the file as it is.
        let file = format!("{number:04}.{}", self.kind.ending());
        formats::write(&self.folder.join(&file), written.as_bytes())?;
        let student = grades.students.iter().find(|student| {
            student.stray.is_none()
                && student.records.iter().any(|index| grades.records[*index].folder == name)
        });
        let of = |text: fn(&Student) -> &str| student.map(|student| cell(text(student))).unwrap_or_default();
        let shown = Some(of(|student| student.person.shown())).filter(|shown| !shown.is_empty());
        let handed_in = student.and_then(Student::handed_in).map(|moment| moment.to_string());
        self.rows.push([
            file,
            shown.unwrap_or_else(|| cell(name)),
            of(|student| &student.person.section),
            handed_in.unwrap_or_default(),
            cell(name),
            String::new(),
        ]);
        Ok(())
    }

    /// The lines of a file that were not given.
    fn written(&self, path: &str, own: &str) -> String {
        let own: Vec<_> = own.lines().collect();
        let line = |line: &str| format!("{line}\n");
        let Some(given) = self.skeleton.get(path) else {
            // A file of the student's own may hold what was given in another one.
            return own.into_iter().filter(|own| !self.lines.contains(&trimmed(own))).map(line).collect();
        };
        let given = text(given);
        let given: Vec<_> = given.lines().collect();
        let deadline = Instant::now() + LONGEST;
        let parts = capture_diff_slices_deadline(Algorithm::Myers, &given, &own, Some(deadline));
        let is_new = |part: &&DiffOp| matches!(part, DiffOp::Insert { .. } | DiffOp::Replace { .. });
        parts.iter().filter(is_new).flat_map(|part| &own[part.new_range()]).map(|own| line(own)).collect()
    }

    /// What nobody has copied from another student, and the table.
    fn finish(&self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let own = [&self.skeleton, &self.solution].into_iter().flatten();
        let texts = own.filter(|(path, _)| self.kind.holds(path)).map(|(_, bytes)| text(bytes));
        let given = format!("given.{}", self.kind.ending());
        formats::write(&self.folder.join(&given), texts.collect::<Vec<_>>().join("\n").as_bytes())?;
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["filename", "full_name", "label", "created_at", "submission", "ignored"])?;
        table.write_record([&given, "given", "", "", "", "true"])?;
        for row in &self.rows {
            table.write_record(row)?;
        }
        let table = table.into_inner().context("cannot write the table for Dolos")?;
        formats::write(&self.folder.join("info.csv"), &table)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A line as it is compared: a blank more or less is nobody's writing.
fn trimmed(line: &str) -> String {
    line.trim().to_owned()
}
