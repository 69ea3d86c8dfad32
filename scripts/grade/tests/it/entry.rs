//! Submissions made from the descriptions in `tests/submissions`.

use std::fs;
use std::path::Path;

use grade::verdict::Verdict;
use kata::course::Course;
use kata::submission::Submission;
use serde::Deserialize;

use crate::material::{bytes, completed, place, untouched, write};
use crate::pack::Pack;

/// `submission.toml` of a submission that the grader has a verdict on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    #[serde(rename = "says")]
    _says: String,
    pub lesson: String,
    /// What it begins with.
    #[serde(default)]
    base: Base,
    pub expect: Expect,
    #[serde(default, rename = "edit")]
    edits: Vec<Edit>,
    #[serde(default, rename = "file")]
    files: Vec<NewFile>,
    #[serde(default, rename = "link")]
    links: Vec<Link>,
    #[serde(default, rename = "bytes")]
    bytes: Vec<Bytes>,
    /// How all of this is handed in, where that is not as a copy of the course.
    pack: Option<Pack>,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(from = "String")]
enum Base {
    #[default]
    Solution,
    Skeleton,
    /// Another right answer, by its name.
    Submission(String),
}

impl From<String> for Base {
    fn from(name: String) -> Self {
        match name.as_str() {
            "solution" => Self::Solution,
            "skeleton" => Self::Skeleton,
            _ => Self::Submission(name),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub verdict: Verdict,
    /// The first gate that does not pass.
    pub gate: Option<String>,
    /// A part of the reason.
    pub reason: Option<String>,
    /// The guide's rule that explains it, where it does not compile.
    pub explains: Option<String>,
    /// The verdict where the source is not scanned before it is compiled.
    pub unscanned: Option<Verdict>,
}

/// In a file of the lesson, one text in the place of another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    find: String,
    replace: String,
}

/// Paths of these are those in the submission, not in the lesson.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFile {
    path: String,
    #[serde(default)]
    text: String,
    /// Or one line many times, with the number in the place of `#`.
    #[serde(default)]
    line: String,
    #[serde(default)]
    times: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    path: String,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bytes {
    path: String,
    hex: String,
}

impl Entry {
    pub fn read(folder: &Path) -> Self {
        let file = folder.join("submission.toml");
        toml::from_str(&fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// Whether it is the solution, and packed in a way that changes nothing about it.
    pub fn is_the_solution_packed(&self) -> bool {
        let is_changed = !self.edits.is_empty() || !self.files.is_empty() || !self.bytes.is_empty();
        self.pack.is_some()
            && self.base == Base::Solution
            && self.expect.verdict == Verdict::Pass
            && !is_changed
    }

    /// Makes the submission in `folder`, and says which edits find nothing to change there.
    #[must_use]
    pub fn make(&self, course: &Course, folder: &Path) -> Vec<String> {
        let lesson = course.lesson(&self.lesson).unwrap();
        let base = match &self.base {
            Base::Submission(name) => {
                Submission::named(course, lesson, name).unwrap().in_lesson(course, lesson).unwrap()
            }
            Base::Solution => completed(course, lesson),
            Base::Skeleton => untouched(course, lesson),
        };
        write(folder, &base);
        let mut faults = Vec::new();
        for edit in &self.edits {
            let file = folder.join(lesson.folder()).join(&edit.file);
            let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", edit.file));
            let (find, replace) = (edit.find.trim_matches('\n'), edit.replace.trim_end_matches('\n'));
            if !text.contains(find) {
                faults.push(format!("{} does not hold `{find}`", edit.file));
            }
            fs::write(&file, text.replace(find, replace.trim_start_matches('\n'))).unwrap();
        }
        for file in &self.files {
            let lines = (0..file.times).map(|number| file.line.replace('#', &number.to_string()));
            let text = format!("{}{}", file.text, lines.collect::<Vec<_>>().join("\n"));
            place(folder, &file.path, text.as_bytes());
        }
        for file in &self.bytes {
            place(folder, &file.path, &bytes(&file.hex));
        }
        for link in &self.links {
            let path = folder.join(&link.path);
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
            #[cfg(unix)]
            std::os::unix::fs::symlink(&link.to, &path).unwrap();
        }
        if let Some(pack) = &self.pack {
            pack.apply(folder);
        }
        faults
    }
}
