//! Submissions made from the descriptions in `tests/submissions`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kata::course::{Course, Lesson};
use kata::derive;
use serde::Deserialize;

use crate::pack::Pack;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

pub fn course() -> Course {
    Course::read(&root()).unwrap()
}

/// The grader's command, away from what the environment of a test says.
pub fn grade(arguments: &[&str]) -> Output {
    grade_with(arguments, &[])
}

/// The same with these variables.
pub fn grade_with(arguments: &[&str], variables: &[(&str, &Path)]) -> Output {
    run(Command::new(env!("CARGO_BIN_EXE_grade")).args(arguments).envs(variables.iter().copied()))
}

/// The same where no namespace can be made, and so there is no sandbox.
#[cfg(target_os = "linux")]
pub fn grade_without_namespaces(arguments: &[&str]) -> Output {
    let script = "echo 0 > /proc/sys/user/max_user_namespaces; echo 0 > /proc/sys/user/max_mnt_namespaces; exec \"$@\"";
    in_namespaces(&[], script, arguments)
}

/// The same in a user's namespace and these others, where `script` runs first.
#[cfg(target_os = "linux")]
pub fn in_namespaces(others: &[&str], script: &str, arguments: &[&str]) -> Output {
    run(Command::new("unshare")
        .args(["--user", "--map-root-user"])
        .args(others)
        .args(["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_grade")])
        .args(arguments))
}

fn run(command: &mut Command) -> Output {
    let output = command.env_remove("GITHUB_STEP_SUMMARY").output().unwrap();
    println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output
}

/// `submission.toml` of a submission that the grader has a verdict on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    #[serde(rename = "says")]
    _says: String,
    pub lesson: String,
    /// What it begins with: `solution`, or `skeleton`.
    #[serde(default = "solution")]
    base: String,
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

fn solution() -> String {
    "solution".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub verdict: String,
    /// The first gate that does not pass.
    pub gate: Option<String>,
    /// A part of the reason.
    pub reason: Option<String>,
    /// The verdict where the source is not looked at before it is compiled.
    pub unscanned: Option<String>,
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
        self.pack.is_some() && self.base == "solution" && self.expect.verdict == "PASS" && !is_changed
    }

    /// Makes the submission in `folder`.
    pub fn make(&self, course: &Course, folder: &Path) {
        let lesson = course.lesson(&self.lesson).unwrap();
        let base = match self.base.as_str() {
            "solution" => completed(course, lesson),
            "skeleton" => untouched(course, lesson),
            other => panic!("no base is called {other}"),
        };
        write(folder, &base);
        for edit in &self.edits {
            let file = folder.join(lesson.folder()).join(&edit.file);
            let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", edit.file));
            let (find, replace) = (edit.find.trim_matches('\n'), edit.replace.trim_end_matches('\n'));
            assert!(text.contains(find), "{} does not hold `{find}`", edit.file);
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
    }
}

pub fn bytes(hex: &str) -> Vec<u8> {
    let digits = (0..hex.len() / 2).map(|index| &hex[index * 2..index * 2 + 2]);
    digits.map(|digits| u8::from_str_radix(digits, 16).unwrap()).collect()
}

pub fn place(folder: &Path, path: &str, content: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

pub fn completed(course: &Course, lesson: &Lesson) -> derive::Files {
    derive::completed(course, lesson).unwrap()
}

pub fn untouched(course: &Course, lesson: &Lesson) -> derive::Files {
    derive::skeleton(course, lesson, &mut derive::tasks::todo).unwrap()
}

pub fn write(folder: &Path, files: &derive::Files) {
    for (path, text) in files {
        place(folder, path.to_str().unwrap(), text.as_bytes());
    }
}
