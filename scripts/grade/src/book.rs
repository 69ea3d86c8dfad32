//! What is made of the verdicts of a class: one model, and the files that others read.

mod folders;
mod report;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use kata::course::Course;

use crate::batch::Done;
use crate::class::alike::alike;
use crate::class::fault::{Fault, Source};
use crate::class::grades::{Grades, Total};
use crate::class::gradescope::Metadata;
use crate::class::points::Points;
use crate::class::record::Record;
use crate::class::rules::Rules;
use crate::formats::changes;
use crate::formats::letter::{Letter, page, plain};
use crate::formats::platforms::gradescope::{self, Score};
use crate::formats::platforms::{annotations, check50, classroom50, exercism, prairielearn};
use crate::formats::{self, Format, json};
use crate::key::{Key, Unusable};
use crate::text::{line, say};
use crate::verdict::SubmissionVerdict;
use folders::{Run, folder_of, record, verdicts};
use report::list;

/// What a gate saw, and what it should have seen, where somebody may know.
type Answer = (String, Option<String>);
/// Verdicts by the places of their records.
type Read = HashMap<usize, Option<SubmissionVerdict>>;
/// How many of them are kept.
const MOST_KEPT: usize = 64;

/// Verdicts that have been written, and the grades that they make.
pub struct Book {
    pub grades: Grades,
    /// `verdict.json` of each record.
    files: Vec<PathBuf>,
    /// Where Gradescope runs the grader.
    gradescope: Option<Metadata>,
}

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Rules(#[from] Fault),
    #[error(
        "{} holds no verdicts: name the folder that `cargo kata grade` has written (`--out`)", .0.display()
    )]
    NoVerdicts(PathBuf),
    #[error("`{name}` is in {} and in {}: leave one of them out", .first.display(), .second.display())]
    Twice { name: String, first: PathBuf, second: PathBuf },
    #[error(transparent)]
    Key(#[from] Unusable),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Book {
    /// Of what was graded.
    ///
    /// # Errors
    ///
    /// When a verdict is gone, or the rules do not fit it.
    pub fn of_batch(done: &[Done], rules: &Rules, course: &Course) -> Result<Self, Error> {
        let records = done.iter().map(|done| Ok(Record::of(&folder_of(&done.file), &done.verdict()?)));
        let records = records.collect::<Result<_>>()?;
        let files = done.iter().map(|done| done.file.clone()).collect();
        Ok(Self { grades: Grades::of(rules, records, course)?, files, gradescope: None })
    }

    /// Of the verdicts in these folders, each of which a grader has written.
    ///
    /// # Errors
    ///
    /// When a folder holds none, a submission is in two of them, or the rules do not fit.
    pub fn of_folders(folders: &[PathBuf], rules: &Rules, course: &Course) -> Result<Self, Error> {
        let (mut records, mut files): (Vec<Record>, Vec<PathBuf>) = (Vec::new(), Vec::new());
        let mut notes = Vec::new();
        for folder in folders {
            let found = verdicts(folder)?;
            if found.is_empty() {
                return Err(Error::NoVerdicts(folder.clone()));
            }
            let key = Key::of(&std::path::absolute(folder).context("cannot find the folder")?)?;
            let run = key.as_ref().map(|key| Run::of(folder, key, &found)).unwrap_or_default();
            notes.extend(run.note);
            if key.is_none() {
                let folder = line(&folder.display().to_string());
                notes.push(format!(
                    "{folder}: its key is not beside it, so nobody has checked that the grader wrote these verdicts"
                ));
            }
            for (file, is_gone) in found.into_iter().map(|file| (file, false)).chain(run.gone) {
                let name = folder_of(&file);
                // A file system may ignore case, and how an accent is stored.
                if let Some(place) = records.iter().position(|record| alike(&record.folder) == alike(&name)) {
                    let first = files[place].parent().and_then(Path::parent).unwrap_or(folder).to_owned();
                    return Err(Error::Twice { name: line(&name), first, second: folder.clone() });
                }
                records.push(match is_gone {
                    true => Record::broken(&name, "this run has graded it, and its verdict.json is gone"),
                    false => record(&file, &name, key.as_ref())?,
                });
                files.push(file);
            }
        }
        let mut grades = Grades::of(rules, records, course)?;
        grades.notes.extend(notes);
        Ok(Self { grades, files, gradescope: None })
    }

    /// Of one submission, which Gradescope has handed to its autograder.
    #[must_use]
    pub fn for_gradescope(self, metadata: Option<Metadata>) -> Self {
        Self { gradescope: metadata, ..self }
    }

    /// Each verdict that can be read, with the folder for what is made of it.
    fn readable(&self, out: &Path) -> impl Iterator<Item = (PathBuf, Result<SubmissionVerdict>)> {
        let all = self.grades.records.iter().zip(&self.files);
        all.filter(|(record, _)| !record.lessons.is_empty()).map(move |(record, file)| {
            let gone = || format!("{} is not there any more", file.display());
            let verdict = json::read(file).and_then(|verdict| verdict.with_context(gone));
            let verdict = verdict.map(|verdict| believed(record, verdict));
            // Its name in the verdict is written for a reader, and may not be the folder's.
            (out.join(&record.folder), verdict)
        })
    }

    /// A file beside each verdict.
    fn write_each(
        &self,
        out: &Path,
        name: &str,
        text: impl Fn(&SubmissionVerdict) -> Result<String>,
    ) -> Result<()> {
        // What an earlier run has made of a verdict that cannot be read any more is not left beside it.
        for record in self.grades.records.iter().filter(|record| record.lessons.is_empty()) {
            kata::files::unless_missing(std::fs::remove_file(out.join(&record.folder).join(name)))?;
        }
        for (folder, verdict) in self.readable(out) {
            formats::write(&folder.join(name), text(&verdict?)?.as_bytes())?;
        }
        Ok(())
    }

    /// Writes what is wanted into `out`, each file whole or not at all.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn write(&self, out: &Path, wanted: &[Format], course: &Course) -> Result<()> {
        for format in wanted {
            match format {
                // The first is there, and the others are made of what was handed in.
                Format::Json | Format::Bundle | Format::Dolos => {}
                Format::Junit => self.write_each(out, "junit.xml", formats::junit::text)?,
                Format::Gradescope => self.write_each(out, "gradescope.json", |verdict| {
                    gradescope::of(verdict, self.score().as_ref())
                })?,
                Format::Prairielearn => self.write_each(out, "prairielearn.json", prairielearn::of)?,
                Format::Classroom50 => {
                    let variable = |name: &str| std::env::var(name).ok();
                    self.write_each(out, "classroom50.json", |verdict| classroom50::of(verdict, &variable))?;
                }
                Format::Check50 => self.write_each(out, "check50.json", check50::of)?,
                Format::Annotations => self.write_annotations(out)?,
                Format::Exercism => {
                    for (folder, verdict) in self.readable(out) {
                        // A lesson's name in a verdict may be anything; the course's are names of files.
                        let is_known = |name: &str| course.lessons.iter().any(|lesson| lesson.name == name);
                        for (lesson, text) in
                            exercism::of(&verdict?)?.into_iter().filter(|(name, _)| is_known(name))
                        {
                            formats::write(&folder.join(format!("exercism-{lesson}.json")), text.as_bytes())?;
                        }
                    }
                }
                Format::Csv => {
                    formats::write(&out.join("gradebook.csv"), &formats::csv::text(&self.grades)?)?;
                }
                Format::Summary => self.write_summary(out)?,
                Format::Html => {
                    let read = RefCell::default();
                    let text = formats::gradebook::text(&self.grades, &|index, lesson, gate| {
                        self.answer(&read, index, lesson, gate)
                    })?;
                    formats::write(&out.join("gradebook.html"), text.as_bytes())?;
                }
                Format::Feedback => self.write_feedback(out, course)?,
                Format::Canvas => {
                    formats::write(&out.join("canvas.csv"), &formats::canvas::text(&self.grades)?)?;
                }
                Format::Moodle => {
                    formats::write(&out.join("moodle.csv"), &formats::moodle::text(&self.grades)?)?;
                }
            }
        }
        Ok(())
    }

    /// What the submission is worth in Gradescope's own points, if it has handed it to its autograder. A policy with
    /// weights says itself what a lesson counts there, besides what is graded by hand.
    fn score(&self) -> Option<Score> {
        let metadata = self.gradescope.as_ref()?;
        let totals = self.grades.students.iter().filter_map(|student| student.total);
        // In a group, what somebody's extension is worth counts for all: there is one score.
        let total = totals.max_by_key(Total::points)?;
        let whole = self.grades.max();
        let max = metadata.points.filter(|_| !self.grades.lessons.iter().any(|lesson| lesson.is_weighted));
        let max = max.filter(|max| *max > Points::ZERO).unwrap_or(whole);
        let penalty = max.share(total.penalty, whole);
        Some(Score { points: max.share(total.raw, whole) - penalty, max, penalty })
    }

    /// Tells whoever grades what the files alone would leave to be found. `imported` is what an LMS takes.
    pub fn report(&self, imported: &[&str]) {
        report::report(&self.grades);
        report::warn_before_import(&self.grades, imported);
    }

    /// Fills in a grading worksheet of Moodle's, as `moodle-worksheet.csv` in `out`.
    ///
    /// # Errors
    ///
    /// When it is not one, or the file cannot be written.
    pub fn fill_worksheet(&self, worksheet: &Path, out: &Path) -> Result<(), Error> {
        let filled = formats::worksheet::fill(&Source::read(worksheet)?, &self.grades)?;
        formats::write(&out.join("moodle-worksheet.csv"), &filled.text)?;
        say(format_args!("moodle-worksheet.csv: {} rows have a grade.", filled.rows));
        if !filled.without_row.is_empty() {
            let (count, names) = (filled.without_row.len(), list(&filled.without_row));
            say(format_args!("Without a row in it ({count}): {names}"));
        }
        Ok(())
    }

    /// Writes what has changed since an earlier book, as `changes.csv` in `out`.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn compare(&self, earlier: &Self, out: &Path) -> Result<()> {
        let changes = changes::between(&earlier.grades, &self.grades);
        formats::write(&out.join("changes.csv"), &changes::text(&changes)?)?;
        say(format_args!("changes.csv: {} lessons of students have changed.", changes.len()));
        let options = |book: &Self| book.grades.records.iter().find_map(|record| record.options.clone());
        let difference =
            options(earlier).zip(options(self)).and_then(|(before, now)| before.difference(&now));
        if let Some((option, before, now)) = difference {
            let (before, now) = (line(&before), line(&now));
            say(format_args!(
                "Note: the earlier verdicts were graded with {option} {before}, and these with {now}."
            ));
        }
        if !changes.is_empty() {
            report::changed(&changes);
        }
        Ok(())
    }

    /// Commands for GitHub, which takes them from what a job prints: there are too many of a whole class.
    fn write_annotations(&self, out: &Path) -> Result<()> {
        self.write_each(out, annotations::NAME, |verdict| Ok(annotations::text(verdict)))?;
        if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
            && let [file] = &self.files[..]
            && let Some(verdict) = json::read(file)?.map(|verdict| believed(&self.grades.records[0], verdict))
        {
            say(format_args!("{}", annotations::text(&verdict)));
        }
        Ok(())
    }

    /// What a gate saw, and what it should have seen. Verdicts that were read stay in `read`: often the same are meant.
    fn answer(&self, read: &RefCell<Read>, index: usize, lesson: &str, gate: &str) -> Result<Option<Answer>> {
        let mut read = read.borrow_mut();
        if !read.contains_key(&index) {
            if read.len() >= MOST_KEPT {
                read.clear();
            }
            read.insert(index, json::read(&self.files[index])?);
        }
        let Some(Some(verdict)) = read.get(&index) else { return Ok(None) };
        let lesson = verdict.lessons.iter().find(|own| own.lesson == lesson);
        let gate = lesson.and_then(|own| own.gates.iter().find(|own| own.name == gate));
        Ok(gate.and_then(|gate| Some((gate.got.clone()?, gate.expected.clone()))))
    }

    /// A letter for each student who has handed in something, where their submission's results are.
    fn write_feedback(&self, out: &Path, course: &Course) -> Result<()> {
        let grades = &self.grades;
        for student in grades.listed() {
            let Some(main) = student.main_record() else { continue };
            let mut verdicts = Vec::new();
            for index in student.records.iter().filter(|index| !grades.records[**index].lessons.is_empty()) {
                let verdict = json::read(&self.files[*index])?;
                verdicts.extend(verdict.map(|verdict| (*index, believed(&grades.records[*index], verdict))));
            }
            let letter = Letter::of(grades, student, &verdicts, course);
            let folder = out.join(&grades.records[main].folder);
            let write = |ending: &str, text: &str| {
                formats::write(&folder.join(student.feedback_file(ending)), text.as_bytes())
            };
            write("html", &page::text(&letter)?)?;
            write("md", &plain::text(&letter))?;
        }
        Ok(())
    }

    fn write_summary(&self, out: &Path) -> Result<()> {
        let advisory = self.grades.records.iter().any(|record| record.advisory);
        let text = formats::summary::text(advisory, self.readable(out).map(|(_, verdict)| verdict))?;
        formats::write(&out.join("summary.md"), text.as_bytes())?;
        if let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY") {
            let page = File::options().create(true).append(true).open(&file);
            // The same is in `summary.md`, and the verdicts are more important than a page about them.
            if let Err(error) = page.and_then(|mut page| page.write_all(text.as_bytes())) {
                anstream::eprintln!("cannot write {}: {error}", file.display());
            }
        }
        Ok(())
    }
}

/// The verdict of this record; nothing of what it says, if it is not the grader's.
fn believed(record: &Record, verdict: SubmissionVerdict) -> SubmissionVerdict {
    match &record.fault {
        Some(fault) => verdict.voided(fault),
        None => verdict,
    }
}
