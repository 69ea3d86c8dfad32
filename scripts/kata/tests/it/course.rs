//! A copy of the course in which a test may break things.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

pub struct Copy {
    folder: PathBuf,
    /// The folder is gone with it.
    _made: Option<TempDir>,
    /// All copies build into one folder, where cargo tells them apart by the age of their files.
    _alone: Option<MutexGuard<'static, ()>>,
}

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// What a command printed, and its exit code.
pub struct Ran {
    pub text: String,
    pub code: i32,
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Copies the course's files, without what is built and what is a person's own.
fn copy_files(root: &Path, to: &Path) {
    let is_wanted = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_str().unwrap_or_default();
        !matches!(name, "target" | ".git" | ".env" | ".kata") && !name.starts_with(".kata-progress")
    };
    for entry in walkdir::WalkDir::new(root).into_iter().filter_entry(is_wanted) {
        let entry = entry.unwrap();
        let to = to.join(entry.path().strip_prefix(root).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).unwrap();
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

impl Copy {
    pub fn new() -> Self {
        let alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let made = tempfile::Builder::new().prefix("kata-course-").tempdir().unwrap();
        copy_files(&workspace(), made.path());
        let copy = Self { folder: made.path().to_owned(), _made: Some(made), _alone: Some(alone) };
        // So that cargo does not take the workspace's own builds for the copy's.
        copy.edit("Cargo.toml", "version = \"0.0.0\"", "version = \"0.0.0-copy\"");
        // A maintainer's own, half-done work does not disturb: lessons are as they are handed out.
        assert_eq!(copy.kata(&["derive", "--force"]).code, 0);
        copy
    }

    /// Another one with the same files, to be changed and read, beside this one.
    pub fn twin(&self) -> Self {
        let made = tempfile::Builder::new().prefix("kata-course-").tempdir().unwrap();
        copy_files(&self.folder, made.path());
        // The course is as it was handed out; what somebody has written in this one is not in that one.
        let twin = Self { folder: made.path().to_owned(), _made: Some(made), _alone: None };
        assert_eq!(twin.kata(&["derive", "--force"]).code, 0);
        twin
    }

    /// A course that is there already.
    pub fn at(_beside: &Self, folder: PathBuf) -> Self {
        Self { folder, _made: None, _alone: None }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// Replaces `find`, which the file must hold.
    pub fn edit(&self, path: &str, find: &str, replace: &str) {
        let text = self.read(path);
        assert!(text.contains(find), "{path} does not hold {find:?}");
        self.write(path, &text.replacen(find, replace, 1));
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// The files of the solution in which there are tasks, copied over the lesson's.
    pub fn solve_all(&self, lesson: &str) {
        for file in walkdir::WalkDir::new(self.path(&format!("solutions/{lesson}"))) {
            let file = file.unwrap();
            let is_task = file.file_type().is_file()
                && fs::read_to_string(file.path()).is_ok_and(|text| text.contains(" Task: "));
            if is_task {
                let path = file.path().strip_prefix(self.path(&format!("solutions/{lesson}"))).unwrap();
                self.solve(lesson, path.to_str().unwrap());
            }
        }
    }

    /// Copies the solution's file over the lesson's.
    pub fn solve(&self, lesson: &str, file: &str) {
        self.write(&format!("lessons/{lesson}/{file}"), &self.read(&format!("solutions/{lesson}/{file}")));
    }

    /// The course's folder is called `/course`, wherever it is.
    pub fn masked(&self, text: &str) -> String {
        text.replace(self.folder.to_str().unwrap(), "/course")
    }

    /// The variables with which the copy's own tool runs.
    pub fn variables(&self) -> [(&'static str, PathBuf); 2] {
        // The first as cargo sets it.
        [("CARGO_MANIFEST_DIR", self.path("scripts/kata")), ("CARGO_TARGET_DIR", workspace().join("target"))]
    }

    pub fn kata(&self, arguments: &[&str]) -> Ran {
        self.kata_with(arguments, &[])
    }

    /// The same with more variables.
    pub fn kata_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_kata"))
            .args(arguments)
            .envs(self.variables())
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        Ran { text: self.masked(&text), code: output.status.code().unwrap() }
    }
}
