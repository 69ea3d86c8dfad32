//! When a step's build script has to run again, as the script has told cargo.

use std::fs;
use std::path::{Path, PathBuf};

use super::rustc::Rustc;
use super::surroundings;

/// The files and folders whose change makes the build script of this crate's package run again. `None` when
/// only cargo can judge that: the script has named none, so each file of the package counts.
pub fn watched(command: &Rustc) -> Option<Vec<PathBuf>> {
    let Some(out) = command.variables.get("OUT_DIR") else { return Some(Vec::new()) };
    let package = Path::new(command.variables.get("CARGO_MANIFEST_DIR")?);
    // Cargo keeps what the script has printed beside the folder that it writes into.
    let printed = fs::read_to_string(Path::new(out).with_file_name("output")).ok()?;
    let value = |line: &str, key: &str| {
        let line = line.strip_prefix("cargo::").or_else(|| line.strip_prefix("cargo:"))?;
        Some(line.strip_prefix(key)?.strip_prefix('=')?.trim().to_owned())
    };
    let values = |key: &str| printed.lines().filter_map(|line| value(line, key)).collect::<Vec<_>>();
    let (files, variables) = (values("rerun-if-changed"), values("rerun-if-env-changed"));
    let is_known = !files.is_empty() || !variables.is_empty();
    let all_count = variables.iter().all(|name| surroundings::counts(name));
    (is_known && all_count).then(|| files.into_iter().map(|file| package.join(file)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_scripts_rerun_instructions_are_followed() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("build/step-1f/out");
        let watched = |printed: Option<&str>| {
            if let Some(printed) = printed {
                crate::files::write(&out.with_file_name("output"), printed).unwrap();
            }
            let variables = [("OUT_DIR", out.to_str().unwrap()), ("CARGO_MANIFEST_DIR", "/course/step")];
            watched(&Rustc {
                wrappers: Vec::new(),
                program: "rustc".into(),
                arguments: Vec::new(),
                variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
                folder: "/course".into(),
            })
        };
        assert_eq!(watched(None), None, "nothing is known of what it has printed");
        assert_eq!(watched(Some("")), None);
        assert_eq!(watched(Some("cargo::rustc-env=ONE=1\nhello\n")), None);
        let files = ["/course/step/migrations", "/course/step/../one file"].map(PathBuf::from).to_vec();
        let printed = "cargo::rerun-if-changed=migrations\ncargo:rerun-if-changed=../one file\n";
        assert_eq!(watched(Some(printed)), Some(files));
        assert_eq!(watched(Some("cargo::rerun-if-env-changed=CC\n")), Some(Vec::new()));
        // A variable that the guide does not look at.
        assert_eq!(watched(Some("cargo::rerun-if-env-changed=COLUMNS\n")), None);
    }
}
