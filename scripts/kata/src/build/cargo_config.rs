//! Cargo's settings as cargo itself finds them: variables first, then the `config.toml` files from the
//! workspace upwards, then the one in cargo's home folder.
//!
//! Cargo has no stable command that prints them, so the rules of its reference are repeated here:
//! <https://doc.rust-lang.org/cargo/reference/config.html>.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// What cargo's settings depend on. A test hands over another system's.
pub struct Facts {
    /// The folder that cargo is started in.
    pub folder: PathBuf,
    pub variables: BTreeMap<OsString, OsString>,
    /// The person's home folder.
    pub home: Option<PathBuf>,
    pub is_windows: bool,
}

impl Facts {
    /// Those of this process, for a cargo that it starts in `folder`.
    pub fn of_this_process(folder: &Path) -> Self {
        Self {
            folder: std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()),
            variables: std::env::vars_os().collect(),
            home: std::env::home_dir(),
            is_windows: cfg!(windows),
        }
    }

    /// The value of a variable. Windows does not distinguish `Path` from `PATH`.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        let is_named = |other: &OsStr| other == name || self.is_windows && other.eq_ignore_ascii_case(name);
        self.variables.iter().find(|(other, _)| is_named(other)).map(|(_, value)| value.as_os_str())
    }

    /// The folder that a variable names, or else the one of this name in the home folder.
    fn home_of(&self, variable: &str, folder: &str) -> Option<PathBuf> {
        let named = self.variable(variable).filter(|value| !value.is_empty());
        let named = named.map(|value| self.folder.join(value));
        named.or_else(|| Some(self.home.as_ref()?.join(folder)))
    }

    pub fn cargo_home(&self) -> Option<PathBuf> {
        self.home_of("CARGO_HOME", ".cargo")
    }

    pub fn rustup_home(&self) -> Option<PathBuf> {
        self.home_of("RUSTUP_HOME", ".rustup")
    }

    /// The file of a program that is called by a name or by a path.
    pub fn program(&self, program: &Path) -> Option<PathBuf> {
        if program.components().count() > 1 || program.is_absolute() {
            return Some(self.folder.join(program));
        }
        let folders = std::env::split_paths(self.variable("PATH")?).collect::<Vec<_>>();
        let suffixes = if self.is_windows { &["", ".exe"][..] } else { &[""] };
        let files = folders.iter().flat_map(|folder| {
            suffixes.iter().map(move |suffix| {
                let mut name = program.as_os_str().to_owned();
                name.push(suffix);
                folder.join(name)
            })
        });
        files.into_iter().find(|file| file.is_file())
    }
}

/// One `config.toml`.
struct ConfigFile {
    path: PathBuf,
    bytes: Vec<u8>,
    /// Empty when it cannot be read as TOML; cargo says so when it runs.
    table: toml::Table,
}

impl ConfigFile {
    /// The folder that relative paths in the file begin at.
    fn base(&self) -> &Path {
        self.path.parent().and_then(Path::parent).unwrap_or(Path::new(""))
    }
}

/// The settings that hold in a folder.
pub struct CargoConfig<'a> {
    facts: &'a Facts,
    /// A file wins over those behind it.
    files: Vec<ConfigFile>,
}

impl<'a> CargoConfig<'a> {
    pub fn read(facts: &'a Facts) -> Self {
        let mut config = Self { facts, files: Vec::new() };
        let mut seen = BTreeSet::new();
        let folders = facts.folder.ancestors().map(|folder| folder.join(".cargo"));
        for folder in folders.chain(facts.cargo_home()) {
            // Cargo prefers the old name where both are there.
            let file = ["config", "config.toml"].map(|name| folder.join(name));
            if let Some(file) = file.into_iter().find(|file| file.is_file()) {
                config.add(file, &mut seen);
            }
        }
        config
    }

    /// Adds a file, and behind it those that it includes.
    fn add(&mut self, path: PathBuf, seen: &mut BTreeSet<PathBuf>) {
        let Ok(bytes) = fs::read(&path) else { return };
        if !seen.insert(path.clone()) {
            return;
        }
        let table: toml::Table =
            std::str::from_utf8(&bytes).ok().and_then(|text| toml::from_str(text).ok()).unwrap_or_default();
        let included = included(&table);
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        self.files.push(ConfigFile { path, bytes, table });
        // The last one of a list wins over those before it.
        for file in included.iter().rev() {
            self.add(folder.join(file), seen);
        }
    }

    /// All files that were read, with what they hold.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.files.iter().map(|file| (file.path.as_path(), file.bytes.as_slice()))
    }

    /// The value of `build.<key>`, and the folder that a relative path in it begins at.
    fn of_build(&self, key: &str) -> Option<(OsString, &Path)> {
        let variable = format!("CARGO_BUILD_{}", key.to_uppercase().replace('-', "_"));
        if let Some(value) = self.facts.variable(&variable) {
            return Some((value.to_owned(), &self.facts.folder));
        }
        self.files.iter().find_map(|file| {
            let value = file.table.get("build")?.get(key)?.as_str()?;
            Some((value.into(), file.base()))
        })
    }

    /// The folder that cargo builds in: `CARGO_TARGET_DIR`, `build.target-dir`, or `target`.
    pub fn target_folder(&self) -> PathBuf {
        let facts = self.facts;
        let by_variable = facts.variable("CARGO_TARGET_DIR").map(|value| facts.folder.join(value));
        let by_setting = || self.of_build("target-dir").map(|(value, base)| base.join(value));
        by_variable.or_else(by_setting).unwrap_or_else(|| facts.folder.join("target"))
    }

    /// The program that cargo starts in place of rustc: `RUSTC_WRAPPER` or `build.rustc-wrapper`.
    pub fn wrapper(&self) -> Option<PathBuf> {
        self.tool("RUSTC_WRAPPER", "rustc-wrapper")
    }

    /// The same for the workspace's own packages.
    pub fn workspace_wrapper(&self) -> Option<PathBuf> {
        self.tool("RUSTC_WORKSPACE_WRAPPER", "rustc-workspace-wrapper")
    }

    /// The compiler, before rustup decides which one is meant: `RUSTC`, `build.rustc`, or `rustc`.
    pub fn rustc(&self) -> PathBuf {
        self.tool("RUSTC", "rustc").unwrap_or_else(|| "rustc".into())
    }

    fn tool(&self, variable: &str, key: &str) -> Option<PathBuf> {
        let by_variable = self.facts.variable(variable).map(|value| (value.to_owned(), &*self.facts.folder));
        let (value, base) = by_variable.or_else(|| self.of_build(key))?;
        // An empty value turns a wrapper off. A bare name is looked up in PATH.
        let is_path = value.to_string_lossy().contains(['/', '\\']);
        let program = if is_path { base.join(&value) } else { PathBuf::from(&value) };
        Some(program).filter(|_| !value.is_empty())
    }
}

/// The files that `include` names: a path, a list of them, or a list of tables with a `path`.
fn included(table: &toml::Table) -> Vec<PathBuf> {
    let path = |value: &toml::Value| {
        let text = value.as_str().or_else(|| value.get("path")?.as_str())?;
        Some(PathBuf::from(text))
    };
    match table.get("include") {
        Some(toml::Value::Array(values)) => values.iter().filter_map(path).collect(),
        Some(value) => path(value).into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    fn facts(folder: &Path, variables: &[(&str, &str)]) -> Facts {
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Facts {
            folder: folder.join("code/course"),
            variables: variables.collect(),
            home: Some(folder.to_owned()),
            is_windows: false,
        }
    }

    /// Where cargo itself says that it builds.
    fn by_cargo(facts: &Facts) -> PathBuf {
        let mut command = crate::build::cargo();
        command.args(["metadata", "--offline", "--no-deps", "--format-version", "1"]);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().contains("CARGO_")) {
            command.env_remove(name);
        }
        command.env("HOME", facts.home.as_ref().unwrap()).env("USERPROFILE", facts.home.as_ref().unwrap());
        let output = command.envs(&facts.variables).current_dir(&facts.folder).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let value: serde_json::Value = serde_json::from_str(&text)
            .unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
        PathBuf::from(value["target_directory"].as_str().unwrap())
    }

    #[test]
    fn the_build_folder_is_the_one_that_cargo_uses() {
        const HERE: &str = "code/course/.cargo/config.toml";
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a [(&'a str, &'a str)]);
        let cases: [Case<'_>; 11] = [
            (&[], &[]),
            (&[("CARGO_TARGET_DIR", "built")], &[]),
            (&[("CARGO_TARGET_DIR", "../built")], &[(HERE, "build.target-dir = \"elsewhere\"")]),
            (&[("CARGO_BUILD_TARGET_DIR", "built")], &[(HERE, "build.target-dir = \"elsewhere\"")]),
            (&[("CARGO_TARGET_DIR", "one"), ("CARGO_BUILD_TARGET_DIR", "two")], &[]),
            (&[], &[(HERE, "[build]\ntarget-dir = \"built\"")]),
            (&[], &[("code/.cargo/config.toml", "[build]\ntarget-dir = \"built\"")]),
            (&[], &[(".cargo/config.toml", "[build]\ntarget-dir = \"built\"")]),
            (
                &[],
                &[(".cargo/config.toml", "build.target-dir = \"one\""), (HERE, "build.target-dir = \"two\"")],
            ),
            (&[], &[("code/.cargo/config", "[build]\ntarget-dir = \"../built\"")]),
            (
                &[("CARGO_HOME", "../home of cargo")],
                &[
                    (".cargo/config.toml", "build.jobs = 1"),
                    ("code/home of cargo/config.toml", "build.target-dir = \"b\""),
                ],
            ),
        ];
        for (variables, written) in cases {
            let place = tempfile::tempdir().unwrap();
            let place = fs::canonicalize(place.path()).unwrap();
            for (path, text) in written {
                files::write(&place.join(path), text).unwrap();
            }
            files::write(
                &place.join("code/course/Cargo.toml"),
                "[package]\nname = \"x\"\n[lib]\npath = \"lib.rs\"",
            )
            .unwrap();
            files::write(&place.join("code/course/lib.rs"), "").unwrap();
            let facts = facts(&place, variables);
            let found = CargoConfig::read(&facts).target_folder();
            let resolved = |path: PathBuf| {
                fs::create_dir_all(&path).unwrap();
                fs::canonicalize(path).unwrap()
            };
            assert_eq!(resolved(found), resolved(by_cargo(&facts)), "{variables:?} {written:?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_wrapper_is_found_the_way_cargo_finds_it() {
        let place = tempfile::tempdir().unwrap();
        let found = |variables: &[(&str, &str)], config: &str| {
            files::write(&place.path().join("code/.cargo/config.toml"), config).unwrap();
            let facts = facts(place.path(), variables);
            let config = CargoConfig::read(&facts);
            [config.wrapper(), config.workspace_wrapper(), Some(config.rustc())].map(|tool| {
                tool.map(|tool| tool.display().to_string().replace(place.path().to_str().unwrap(), "~"))
            })
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(found(&[], ""), [None, None, some("rustc")]);
        let config =
            "[build]\nrustc-wrapper = 'sccache'\nrustc-workspace-wrapper = 'bin/w'\nrustc = '/opt/rustc'";
        assert_eq!(found(&[], config), [some("sccache"), some("~/code/bin/w"), some("/opt/rustc")]);
        let variables =
            [("RUSTC_WRAPPER", ""), ("CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER", "./w"), ("RUSTC", "r")];
        assert_eq!(found(&variables, config), [None, some("~/code/course/./w"), some("r")]);
    }

    #[test]
    fn on_windows_the_case_of_variables_does_not_matter() {
        let mut facts = facts(Path::new("/"), &[("Rustc_Wrapper", "sccache")]);
        assert_eq!(facts.variable("RUSTC_WRAPPER"), None);
        facts.is_windows = true;
        assert_eq!(facts.variable("RUSTC_WRAPPER"), Some(OsStr::new("sccache")));
    }
}
