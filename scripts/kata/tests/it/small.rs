//! A course of one small lesson without dependencies, which compiles in a moment. Its gate writes down what
//! the lesson was compiled with, so that the guide's program can be compared with cargo's.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A home folder with the course in it, a folder of programs in front of all others in PATH, and the
/// variables that both cargo and the guide run with.
pub struct Small {
    place: TempDir,
    /// Where the real compiler and the real cargo are.
    tools: PathBuf,
    pub variables: BTreeMap<OsString, OsString>,
}

const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"lessons/*\", \"tests\"]\n";
const LESSON: &str = "[package]\nname = \"lesson-01-one\"\nedition = \"2024\"\n
[dev-dependencies]\ngates = { path = \"../../tests\" }\n";
const GATES: &str = "[package]\nname = \"gates\"\nedition = \"2024\"\n";
const MANIFEST: &str = "title = \"One\"\nminutes = 1\nhanded_in = [\"src/**\"]\n
[[gate]]\nname = \"shows\"\ntitle = \"It shows\"\nlearnt = \"That it shows.\"\nhints = [\"a\", \"b\", \"c\"]\n";
const LIBRARY: &str = "//! What this was compiled with.\n
pub fn built() -> String {
    let outside = include_str!(\"../../../outside.txt\").trim();
    let seen = option_env!(\"SEEN\");
    format!(\"flag={} seen={seen:?} checks={} outside={outside}\", cfg!(flag), cfg!(debug_assertions))
}\n";
const GATE: &str = "#[test]\nfn shows() {
    eprintln!(\"built: {} fixture={}\", lesson_01_one::built(), gates::FIXTURE);
}\n";

const FILES: [(&str, &str); 10] = [
    ("Cargo.toml", WORKSPACE),
    ("outside.txt", "before"),
    ("lessons/01-one/Cargo.toml", LESSON),
    ("lessons/01-one/src/lib.rs", LIBRARY),
    ("lessons/01-one/tests/gate.rs", "#[path = \"../../../tests/gates/01_one.rs\"]\nmod one;\n"),
    ("tests/Cargo.toml", GATES),
    ("tests/src/lib.rs", "pub const FIXTURE: &str = \"before\";\n"),
    ("tests/gates/01_one.rs", GATE),
    ("tests/gates/01_one.toml", MANIFEST),
    ("tests/gates/snapshots/gate__one__shows.snap", "---\n---\nnothing\n"),
];

impl Small {
    pub fn new() -> Self {
        let place = tempfile::Builder::new().prefix("kata small ").tempdir().unwrap();
        let is_of_tools =
            |name: &str| ["CARGO", "RUST", "KATA", "INSTA"].iter().any(|start| name.starts_with(start));
        let mut variables: BTreeMap<_, _> =
            std::env::vars_os().filter(|(name, _)| !is_of_tools(&name.to_string_lossy())).collect();
        let compiler = output(Command::new("rustc").args(["--print", "sysroot"]));
        let tools = Path::new(text(&compiler.stdout).trim()).join("bin");
        let small = Self { place, tools, variables: BTreeMap::new() };
        let mut path = OsString::from(small.at("home/bin"));
        path.push(":");
        path.push(variables.get(&OsString::from("PATH")).unwrap());
        variables.extend([("HOME".into(), small.at("home").into()), ("PATH".into(), path)]);
        variables.insert("CARGO".into(), small.at("home/bin/cargo").into());
        let small = Self { variables, ..small };
        small.rustc("");
        let log = small.at("cargo.log");
        let cargo = small.tools.join("cargo");
        small.script(
            "cargo",
            &format!("echo \"$@\" >> '{}'\nexec '{}' \"$@\"", log.display(), cargo.display()),
        );
        for (path, text) in FILES {
            small.write(path, text);
        }
        small
    }

    /// A path beside the course.
    pub fn at(&self, path: &str) -> PathBuf {
        self.place.path().join(path)
    }

    /// A path in the course.
    pub fn path(&self, path: &str) -> PathBuf {
        self.at("home/code/course").join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    /// Makes a program in front of all others in PATH.
    pub fn script(&self, name: &str, text: &str) {
        let file = self.at("home/bin").join(name);
        write(&file, &format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Saves the student's file once more, with another text.
    pub fn edit(&self) {
        let file = self.path("lessons/01-one/src/lib.rs");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text + "// edited\n").unwrap();
    }

    /// What the program that the guide runs was compiled with.
    pub fn by_guide(&self) -> String {
        let output = self.kata(&["test", "1", "--json"]);
        let text = text(&output.stdout);
        let said = || format!("{text}{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}", said()));
        let log = report["gates"][0]["log"].as_array().unwrap().iter().filter_map(|line| line.as_str());
        built(log).unwrap_or_else(|| panic!("{}", said()))
    }

    /// The same for cargo's.
    pub fn by_cargo(&self) -> String {
        let arguments = ["test", "--offline", "-p", "lesson-01-one", "--test", "gate", "--", "--nocapture"];
        let output = output(self.command(&self.at("home/bin/cargo")).args(arguments));
        let text = text(&output.stderr);
        built(text.lines()).unwrap_or_else(|| panic!("{text}"))
    }

    pub fn kata(&self, arguments: &[&str]) -> Output {
        self.command(Path::new(env!("CARGO_BIN_EXE_kata"))).args(arguments).output().unwrap()
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.variables).current_dir(self.path(""));
        command
    }

    /// How often a cargo was started.
    pub fn cargos(&self) -> usize {
        fs::read_to_string(self.at("cargo.log")).unwrap_or_default().lines().count()
    }

    pub fn set(&mut self, variable: &str, value: impl Into<OsString>) {
        self.variables.insert(variable.into(), value.into());
    }

    /// Everything but the student's file as it was at first.
    pub fn restore(&mut self, variables: &BTreeMap<OsString, OsString>) {
        self.variables.clone_from(variables);
        for folder in ["home/.cargo", "home/code/.cargo", "home/code/course/.cargo"] {
            let _ = fs::remove_dir_all(self.at(folder));
        }
        let _ = fs::remove_file(self.path("lessons/01-one/build.rs"));
        for (path, text) in FILES {
            if path != "lessons/01-one/src/lib.rs" && fs::read_to_string(self.path(path)).unwrap() != text {
                self.write(path, text);
            }
        }
        self.rustc("");
    }

    /// Makes the `rustc` in PATH one that adds `options`.
    pub fn rustc(&self, options: &str) {
        self.script("rustc", &format!("exec '{}' \"$@\" {options}", self.tools.join("rustc").display()));
    }

    /// Makes the `rustc` in PATH one that first runs `command` of a shell.
    pub fn rustc_after(&self, command: &str) {
        let rustc = self.tools.join("rustc");
        self.script("rustc", &format!("{command}\nexec '{}' \"$@\"", rustc.display()));
    }
}

pub fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn built<'a>(mut lines: impl Iterator<Item = &'a str>) -> Option<String> {
    lines.find_map(|line| line.strip_prefix("built: ")).map(str::to_owned)
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
