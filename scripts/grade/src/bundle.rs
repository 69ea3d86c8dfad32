//! `bundle.json`: a submission with its verdict, its seeds, and what its gates left, to be repeated on another machine.
//!
//! A bundle comes from somebody else. So its files are read as any submission is, and its texts are cleaned.

mod checks;
mod comparison;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kata::course::Course;
use serde::{Deserialize, Serialize};

use crate::canonical::given;
use crate::formats::{self, json};
use crate::intake::Intake;
use crate::intake::taken::{self, Taken};
use crate::intake::uploads::Upload;
use crate::key::Key;
use crate::reading::Reader;
use crate::sealed;
use crate::text::{clean, line};
use crate::untrusted;
use crate::verdict::SubmissionVerdict;
pub use comparison::{Difference, compare};

pub const NAME: &str = "bundle.json";
const SCHEMA: &str = "kata-bundle/v1";
/// Ten lessons of the largest size, in digits, and their verdict.
const LARGEST: u64 = 96 << 20;

#[derive(Deserialize, Serialize)]
pub struct Bundle {
    schema: String,
    /// The folder of its results.
    #[serde(default)]
    name: String,
    /// Of the grader's key, for all of it.
    #[serde(default)]
    seal: Option<String>,
    pub verdict: SubmissionVerdict,
    /// What was handed in of each lesson that could be graded, by path in it.
    files: BTreeMap<String, BTreeMap<String, Content>>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Content {
    Text(String),
    /// What is not text, such as a picture.
    Hex(String),
}

/// Why a bundle cannot be repeated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot read {}: {error}", .file.display())]
    Unreadable { file: PathBuf, error: std::io::Error },
    #[error(
        "{} is not a bundle of this version of the grader: name a {NAME}, which `--format bundle` writes",
        .0.display()
    )]
    NotABundle(PathBuf),
    #[error("{} contains nothing that was graded", .0.display())]
    Nothing(PathBuf),
    #[error("{} is refused: {what}", .bundle.display())]
    Refused { bundle: PathBuf, what: String },
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Writes a bundle beside the verdict of each submission. What was handed in has to be as it was graded.
///
/// # Errors
///
/// When a verdict is missing, something else was handed in since, or a file cannot be written.
pub fn write(out: &Path, reader: &Reader<'_>, uploads: &[Upload]) -> Result<()> {
    let of_course = |index: &usize| {
        let names = given::skeleton(reader.course, &reader.course.lessons[*index])?;
        anyhow::Ok((*index, names))
    };
    let key = Key::of(&std::path::absolute(out).context("cannot find the folder")?)?;
    let skeletons: BTreeMap<_, _> = reader.lessons.iter().map(of_course).collect::<Result<_>>()?;
    for upload in uploads {
        let folder = out.join(&upload.name);
        let gone = || format!("{} has no verdict: grade it first", line(&upload.name));
        let text = json::text_at(&folder.join(json::NAME))?.with_context(gone)?;
        if key.as_ref().is_some_and(|key| !sealed::is_sealed(&folder, &upload.name, &text, key)) {
            bail!("the verdict on {} has changed since it was graded: grade it again", line(&upload.name));
        }
        let verdict = json::of(&text).with_context(gone)?;
        let handed = reader.read(&upload.path);
        let mut files = BTreeMap::new();
        for (index, skeleton) in &skeletons {
            let lesson = &reader.course.lessons[*index];
            let own = verdict.lessons.iter().find(|own| own.lesson == lesson.name);
            let Some(digest) = own.and_then(|own| own.digest.as_ref()) else { continue };
            let taken = match handed.lesson(lesson).map(|lesson| &lesson.intake) {
                Some(Intake::Taken(taken)) => taken::with_course_names(taken, skeleton.keys()),
                _ => Taken::new(),
            };
            let changed = || {
                format!("{} is not what was graded, in {}: grade it again", line(&upload.name), lesson.name)
            };
            Some(()).filter(|()| digest_of(&taken) == *digest).with_context(changed)?;
            files.insert(lesson.name.clone(), contents(taken));
        }
        let mut bundle =
            Bundle { schema: SCHEMA.to_owned(), name: upload.name.clone(), seal: None, verdict, files };
        bundle.seal = key.as_ref().map(|key| bundle.seal_of(key)).transpose()?;
        formats::write(&folder.join(NAME), &serde_json::to_vec_pretty(&bundle)?)?;
    }
    Ok(())
}

impl Bundle {
    /// `key`: that of the grader, if somebody has it.
    ///
    /// # Errors
    ///
    /// When it is not one, or says what no grader of this course would.
    pub fn read(file: &Path, key: Option<&Key>, course: &Course) -> Result<Self, Error> {
        let unreadable = |error| Error::Unreadable { file: file.to_owned(), error };
        let mut text = Vec::new();
        let opened = untrusted::open_named(file).map_err(unreadable)?;
        opened.take(LARGEST + 1).read_to_end(&mut text).map_err(unreadable)?;
        if text.len() as u64 > LARGEST {
            return Err(unreadable(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "it is too large")));
        }
        let not_one = || Error::NotABundle(file.to_owned());
        let mut bundle: Self = serde_json::from_slice(&text).map_err(|_| not_one())?;
        let text = json::text(&bundle.verdict)?;
        bundle.verdict = json::of(&text).filter(|_| bundle.schema == SCHEMA).ok_or_else(not_one)?;
        if bundle.files.is_empty() || bundle.verdict.seeds.fresh.is_empty() {
            return Err(Error::Nothing(file.to_owned()));
        }
        let of_seal = || key.and_then(|key| bundle.fault_of_seal(file, key));
        let fault = match bundle.fault().or_else(of_seal) {
            None => bundle.fault_in(course)?,
            fault => fault,
        };
        match fault {
            Some(what) => Err(Error::Refused { bundle: file.to_owned(), what }),
            None => Ok(bundle),
        }
    }

    /// Whether a grader with this key has written it, for the folder in which it is.
    fn fault_of_seal(&self, file: &Path, key: &Key) -> Option<String> {
        let folder = file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        match &self.seal {
            None => Some("it has no seal: write it again with `--format bundle`".to_owned()),
            Some(seal) if self.seal_of(key).ok().as_ref() != Some(seal) => Some(
                "its seal does not fit the key: it has changed, or another grader has written it".to_owned(),
            ),
            // Where the grader's key is beside the results, a bundle is in the folder of its submission.
            Some(_) if Key::is_beside_results_of(file) && folder.as_ref() != Some(&self.name) => {
                Some(format!("it is about another submission, `{}`", line(&self.name)))
            }
            Some(_) => None,
        }
    }

    fn seal_of(&self, key: &Key) -> Result<String> {
        // No submission has this name.
        Ok(key.seal("bundle/", &serde_json::to_string(&(&self.name, &self.verdict, &self.files))?))
    }

    /// The lessons that its verdict is about.
    pub fn lessons(&self) -> Vec<String> {
        self.verdict.lessons.iter().map(|lesson| lesson.lesson.clone()).collect()
    }

    /// Packs its files as a student would hand them in.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or a student cannot hand in one of its paths.
    pub fn pack(&self, archive: &Path) -> Result<()> {
        let file = File::create(archive).with_context(|| format!("cannot write {}", archive.display()))?;
        let mut packed = tar::Builder::new(file);
        for (lesson, files) in &self.files {
            for (path, bytes) in bytes(files).context("its files are not in hexadecimal digits")? {
                let mut header = tar::Header::new_gnu();
                header.set_size(bytes.len() as u64);
                header.set_mode(0o644);
                let path = format!("lessons/{lesson}/{path}");
                let cannot = || format!("cannot pack `{}`", clean(&path));
                packed.append_data(&mut header, &path, &bytes[..]).with_context(cannot)?;
            }
        }
        packed.into_inner().and_then(|file| file.sync_all()).context("cannot write the files of the bundle")
    }
}

fn digest_of(taken: &Taken) -> String {
    taken::digest(taken.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
}

fn contents(taken: Taken) -> BTreeMap<String, Content> {
    let content = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) => Content::Text(text),
        Err(error) => Content::Hex(kata::digest::hex(error.as_bytes())),
    };
    taken.into_iter().map(|(path, bytes)| (path, content(bytes))).collect()
}

/// The files as they were, unless the content of one is not valid.
fn bytes(files: &BTreeMap<String, Content>) -> Option<Taken> {
    let bytes = |content: &Content| match content {
        Content::Text(text) => Some(text.clone().into_bytes()),
        Content::Hex(digits) => of_hex(digits),
    };
    files.iter().map(|(path, content)| Some((path.clone(), bytes(content)?))).collect()
}

fn of_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_not_text_round_trip() {
        let taken = Taken::from([
            ("src/lib.rs".to_owned(), b"fn main() {}\n".to_vec()),
            ("static/a.png".to_owned(), vec![0x89, b'P', 0xff, 0]),
            ("empty".to_owned(), Vec::new()),
        ]);
        let files = contents(taken.clone());
        assert!(matches!(files["static/a.png"], Content::Hex(_)));
        assert_eq!(bytes(&files), Some(taken));
        for digits in ["a", "zz", "é", "0 "] {
            assert_eq!(of_hex(digits), None, "{digits}");
        }
    }
}
