//! A copy of the course in which a test may break things.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Copies are in a few folders and build into one, and a folder is one test's at a time: what was compiled for it is
/// fresh for the next, as far as nothing has changed.
pub struct Copy {
    folder: PathBuf,
    /// The folder is gone with it.
    _made: Option<TempDir>,
    _alone: Option<(MutexGuard<'static, ()>, File)>,
}

/// So each test runs in a folder whose name means something to a shell or in an address, or looks different in
/// another encoding.
const FOLDER: &str = "Ann's kata-course é #1 100% & $HOME";

/// Copies of the small course, of which tests have as many at once. Their names take the same place on a screen.
static SMALL: [(&str, Mutex<()>); 3] =
    [("(small)", Mutex::new(())), ("(other)", Mutex::new(())), ("(third)", Mutex::new(()))];

/// Copies of the whole course, of which there is one at a time: each compiles all lessons.
static WHOLE: Mutex<()> = Mutex::new(());

/// Waits until one of the small course's folders is nobody's.
fn small() -> (&'static str, MutexGuard<'static, ()>) {
    loop {
        for (name, mutex) in &SMALL {
            match mutex.try_lock() {
                Ok(alone) => return (name, alone),
                // A test that has failed has left it.
                Err(TryLockError::Poisoned(alone)) => return (name, alone.into_inner()),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// The same lines, ended with CR LF.
pub fn crlf(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).expect("all files of the course are text");
    text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()
}

/// What a command printed, its paths with slashes on Windows, too. JSON escapes with backslashes.
fn with_slashes(text: String, is_windows: bool) -> String {
    let is_json = text.trim_start().starts_with('{');
    if is_windows && !is_json { text.replace('\\', "/") } else { text }
}

/// What a command printed, and its exit code.
pub struct Ran {
    pub text: String,
    pub code: i32,
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Makes `to` a copy of the course at `root`, without what is built and what is a person's own, each file as
/// `saved` would have it. Files that are right already keep their age, by which cargo judges.
fn copy_files(root: &Path, to: &Path, saved: impl Fn(&Path, Vec<u8>) -> Vec<u8>) {
    let is_wanted = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_str().unwrap_or_default();
        !matches!(name, "target" | ".git" | ".env" | ".kata") && !name.starts_with(".kata-progress")
    };
    let mut wanted = BTreeSet::new();
    for entry in walkdir::WalkDir::new(root).into_iter().filter_entry(is_wanted) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(root).unwrap();
        wanted.insert(path.to_owned());
        let copy = to.join(path);
        if entry.file_type().is_dir() {
            fs::create_dir_all(copy).unwrap();
            continue;
        }
        let bytes = saved(path, fs::read(entry.path()).unwrap());
        if fs::read(&copy).ok().as_ref() != Some(&bytes) {
            fs::write(&copy, bytes).unwrap();
            fs::set_permissions(&copy, entry.metadata().unwrap().permissions()).unwrap();
        }
    }
    // What another test has left behind.
    for entry in walkdir::WalkDir::new(to).contents_first(true) {
        let entry = entry.unwrap();
        if !wanted.contains(entry.path().strip_prefix(to).unwrap()) {
            match entry.file_type().is_dir() {
                true => fs::remove_dir(entry.path()).unwrap(),
                false => fs::remove_file(entry.path()).unwrap(),
            }
        }
    }
}

/// A file of the copy whose packages have this version: so cargo does not take what it has built for the
/// workspace, or for another copy, for this one's.
fn versioned(path: &Path, bytes: Vec<u8>, version: &str) -> Vec<u8> {
    if path != Path::new("Cargo.toml") {
        return bytes;
    }
    let text = String::from_utf8(bytes).unwrap();
    text.replace("version = \"0.0.0\"", &format!("version = \"{version}\"")).into_bytes()
}

impl Copy {
    pub fn new() -> Self {
        Self::whole(FOLDER, |path, bytes| versioned(path, bytes, "0.0.0-copy"))
    }

    /// A copy of the small course in `tests/fixture`, about which a test may know everything.
    pub fn of_fixture() -> Self {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture");
        let (name, alone) = small();
        let version = format!("0.0.0-{}-fixture", name.trim_matches(['(', ')']));
        let folder = format!("{FOLDER} {name}");
        Self::saved(&fixture, &folder, alone, |path, bytes| versioned(path, bytes, &version))
    }

    /// The course as Git for Windows checks it out, or a zip made from that: all lines end with CR LF.
    pub fn with_crlf() -> Self {
        Self::whole("kata-course-crlf", |path, bytes| crlf(&versioned(path, bytes, "0.0.0-crlf")))
    }

    /// The course of somebody who has changed `core.autocrlf` in between: every other file has CR LF, and
    /// every third line of the rest.
    pub fn with_mixed_line_ends() -> Self {
        Self::whole("kata-course-mixed", |path, bytes| {
            let bytes = versioned(path, bytes, "0.0.0-mixed");
            match path.as_os_str().len() % 2 {
                0 => crlf(&bytes),
                _ => {
                    let lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
                    lines
                        .flat_map(|(at, line)| if at % 3 == 0 { crlf(line) } else { line.to_vec() })
                        .collect()
                }
            }
        })
    }

    /// A copy of the whole course in the folder of this name, each file as `saved` would have it.
    fn whole(name: &str, saved: impl Fn(&Path, Vec<u8>) -> Vec<u8>) -> Self {
        let alone = WHOLE.lock().unwrap_or_else(PoisonError::into_inner);
        Self::saved(&workspace(), name, alone, saved)
    }

    /// A copy of the course at `root` in the folder of this name, each file as `saved` would have it.
    fn saved(
        root: &Path,
        name: &str,
        alone: MutexGuard<'static, ()>,
        saved: impl Fn(&Path, Vec<u8>) -> Vec<u8>,
    ) -> Self {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
        // Nor another run of the tests.
        let lock = File::create(place.join(format!("{name}.lock"))).unwrap();
        lock.lock().unwrap();
        let folder = place.join(name);
        fs::create_dir_all(&folder).unwrap();
        copy_files(root, &folder, saved);
        let copy = Self { folder, _made: None, _alone: Some((alone, lock)) };
        // A maintainer's own, half-done work does not disturb: lessons are as they are handed out.
        assert_eq!(copy.kata(&["derive", "--force"]).code, 0);
        copy
    }

    /// Another one with the same files, to be changed and read, beside this one.
    pub fn twin(&self) -> Self {
        self.twin_with(|bytes| bytes)
    }

    /// Another one, each file as `saved` would have it.
    pub fn twin_with(&self, saved: impl Fn(Vec<u8>) -> Vec<u8>) -> Self {
        let made = tempfile::Builder::new().prefix("kata-course-").tempdir().unwrap();
        copy_files(&self.folder, made.path(), |_, bytes| saved(bytes));
        // The course is as it was handed out; what somebody has written in this one is not in that one.
        let twin = Self { folder: made.path().to_owned(), _made: Some(made), _alone: None };
        assert_eq!(twin.kata(&["derive", "--force"]).code, 0);
        twin
    }

    /// What this course was exported to.
    pub fn exported(&self, folder: PathBuf) -> Self {
        let exported = Self { folder, _made: None, _alone: None };
        // It builds where this one builds.
        let manifest = exported.read("Cargo.toml");
        let manifest =
            manifest.replace("-copy\"", "-exported\"").replace("-fixture\"", "-exported-fixture\"");
        exported.write("Cargo.toml", &manifest);
        exported
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
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        [("CARGO_MANIFEST_DIR", self.path("scripts/kata")), ("CARGO_TARGET_DIR", target.to_owned())]
    }

    pub fn kata(&self, arguments: &[&str]) -> Ran {
        self.kata_with(arguments, &[])
    }

    /// The same with more variables.
    pub fn kata_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        self.kata_by(Command::new(env!("CARGO_BIN_EXE_kata")).args(arguments).envs(variables.iter().copied()))
    }

    /// The same by a command that somebody has prepared.
    pub fn kata_by(&self, command: &mut Command) -> Ran {
        let variables = self.variables().into_iter();
        let set: Vec<_> = command.get_envs().map(|(name, _)| name.to_owned()).collect();
        // On a terminal the tests run the guide as it runs for a person. Builds with other variables share nothing.
        if !set.iter().any(|set| set == "CI") {
            command.env_remove("CI");
        }
        command.envs(variables.filter(|(name, _)| !set.iter().any(|set| set == name)));
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        Ran { text: with_slashes(self.masked(&text), cfg!(windows)), code: output.status.code().unwrap() }
    }
}
