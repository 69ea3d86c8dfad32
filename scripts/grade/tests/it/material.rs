//! The course, the grader's command, and files to hand in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kata::course::{Course, Lesson};
use kata::derive;

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

/// The same with mounts of its own, which `script` changes first. The grader stays the user that it is.
#[cfg(target_os = "linux")]
pub fn with_mounts(script: &str, arguments: &[&str]) -> Output {
    let as_user = ["--user", "--map-current-user", "--keep-caps"];
    let is_root = nix::unistd::geteuid().is_root();
    run(Command::new("unshare")
        .args(if is_root { &[] } else { &as_user[..] })
        .args(["--mount", "sh", "-c", &format!("{script} && exec \"$@\""), "sh", env!("CARGO_BIN_EXE_grade")])
        .args(arguments))
}

fn run(command: &mut Command) -> Output {
    let output = command.env_remove("GITHUB_STEP_SUMMARY").output().unwrap();
    println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output
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
    derive::handed_out(course, lesson).unwrap()
}

pub fn write(folder: &Path, files: &derive::Files) {
    for (path, text) in files {
        place(folder, path.to_str().unwrap(), text.as_bytes());
    }
}

/// A key that only its owner can read.
pub fn place_key(folder: &Path, name: &str, text: &str) {
    place(folder, name, text.as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
}
