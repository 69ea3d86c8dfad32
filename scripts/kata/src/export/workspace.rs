//! The workspace's manifest and its lock file in a copy that leaves packages out.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::front::{FRONT, front_for_students};
use crate::build::cargo;
use crate::course::layout;
use crate::files::text::{decode, is_same};
use crate::process;

/// Takes from `Cargo.lock` what nobody in the copy depends on. Cargo would do so with the first build, and
/// students would find a file changed that they have not touched.
pub fn shorten_lock_file(copy: &Path) -> Result<()> {
    let resolve = |options: &[&str]| {
        process::output(cargo().args(["metadata", "--format-version=1"]).args(options).current_dir(copy))
    };
    // What is downloaded already is enough where the course has been compiled.
    resolve(&["--offline"]).or_else(|_| resolve(&[])).context("cargo cannot read the copy")?;
    Ok(())
}

/// What stands below this line of the workspace's manifest would have cargo warn of packages that are gone.
const REST: &str = "# From here on it is about what is not handed out to students.";

/// The workspace's manifest without the members that are not handed out.
pub fn without_left_out(text: &str) -> Result<String> {
    let mut lists = 0;
    let mut lines = Vec::new();
    for line in text.lines().take_while(|line| *line != REST) {
        let (key, rest) = line.split_once(" = ").unwrap_or((line, ""));
        let list = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match (key, list) {
            ("members" | "default-members", Some(list)) => {
                lists += 1;
                let members =
                    list.split(", ").filter(|member| !layout::is_left_out(member.trim_matches('"')));
                lines.push(format!("{key} = [{}]", members.collect::<Vec<_>>().join(", ")));
            }
            // A dependency that only they have.
            _ if rest
                .strip_prefix("{ path = \"")
                .is_some_and(|rest| layout::is_left_out(rest.split('"').next().unwrap_or_default())) => {}
            _ => lines.push(line.to_owned()),
        }
    }
    if lists != 2 {
        bail!("Cargo.toml does not list `members` and `default-members` on one line each");
    }
    Ok(lines.join("\n").trim_end().to_owned() + "\n")
}

/// Whether a file of a copy is as an export made it. `path` is its path in the course, where its content is `ours`.
pub fn is_as_exported(path: &str, ours: &[u8], theirs: &[u8]) -> bool {
    if is_same(ours, theirs) {
        return true;
    }
    let (Ok(our_text), Ok(their_text)) = (decode(ours), decode(theirs)) else { return false };
    match path {
        "Cargo.toml" => without_left_out(&our_text).is_ok_and(|exported| exported == their_text),
        FRONT => front_for_students(&our_text) == their_text,
        // Cargo shortens it; what is left is what was there.
        "Cargo.lock" => match (locked(&our_text), locked(&their_text)) {
            (Ok(ours), Ok(theirs)) => theirs.is_subset(&ours),
            _ => false,
        },
        _ => false,
    }
}

/// A package in a lock file.
#[derive(Deserialize, Eq, Ord, PartialEq, PartialOrd)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

fn locked(text: &str) -> Result<BTreeSet<Locked>, toml::de::Error> {
    #[derive(Deserialize)]
    struct LockFile {
        package: BTreeSet<Locked>,
    }
    toml::from_str(text).map(|file: LockFile| file.package)
}

#[cfg(test)]
mod tests {
    use super::{is_as_exported, without_left_out};

    #[test]
    fn members_that_are_not_handed_out_are_dropped_and_others_stay() {
        let text = "[workspace]\nmembers = [\"lessons/*\", \"solutions/*\", \"order-up\", \"tests\"]\ndefault-members = \
                    [\"solutions/*\", \"tests\"]\n[workspace.dependencies]\ngates = { path = \"tests\" }\norder-up = { path \
                    = \"order-up\" }\n";
        let expected = "[workspace]\nmembers = [\"lessons/*\", \"tests\"]\ndefault-members = [\"tests\"]\n\
                        [workspace.dependencies]\ngates = { path = \"tests\" }\n";
        assert_eq!(without_left_out(text).unwrap(), expected);
    }

    #[test]
    fn settings_for_packages_that_are_not_handed_out_are_dropped() {
        let text = without_left_out(include_str!("../../../../Cargo.toml")).unwrap();
        let packages: Vec<_> =
            text.lines().filter_map(|line| line.strip_prefix("[profile.dev.package.")).collect();
        assert!(packages.contains(&"lesson-08-order-up]") && packages.contains(&"argon2]"), "{packages:?}");
        for gone in ["order-up]", "grade]", "seccompiler]"] {
            assert!(!packages.contains(&gone), "{packages:?}");
        }
    }

    #[test]
    fn another_form_of_manifest_is_an_error() {
        assert!(without_left_out("[workspace]\nmembers = [\n    \"tests\",\n]\n").is_err());
    }

    const LOCKED: &str = "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n[[package]]\nname = \"b\"\n\
                          version = \"1.0.0\"\nsource = \"registry\"\nchecksum = \"12\"\ndependencies = [\"a\"]\n";

    #[test]
    fn exported_workspace_files_do_not_count_as_changed() {
        let manifest = include_str!("../../../../Cargo.toml");
        let exported = without_left_out(manifest).unwrap();
        let is_same =
            |path, ours: &str, theirs: &str| is_as_exported(path, ours.as_bytes(), theirs.as_bytes());
        assert!(is_same("Cargo.toml", manifest, manifest));
        assert!(is_same("Cargo.toml", manifest, &exported.replace('\n', "\r\n")));
        assert!(!is_same("Cargo.toml", manifest, &(exported + "more = 1\n")));
        let page = "# A\n\n| b | [c](INSTRUCTOR.md) |\n";
        assert!(is_same("README.md", page, "# A\n\n") && !is_same("README.md", page, "# B\n\n"));
        assert!(!is_same("lessons/README.md", page, "# A\n\n"));
        let short = LOCKED.split("[[package]]\nname = \"b\"").next().unwrap();
        assert!(is_same("Cargo.lock", LOCKED, short));
        assert!(!is_same("lessons/05-crud/Cargo.lock", LOCKED, short));
        assert!(is_same("Cargo.lock", LOCKED, &LOCKED.replace("dependencies = [\"a\"]\n", "")));
        for other in
            ["checksum = \"13\"", "checksum = \"12\"\n[[package]]\nname = \"c\"\nversion = \"1.0.0\""]
        {
            assert!(!is_same("Cargo.lock", LOCKED, &LOCKED.replace("checksum = \"12\"", other)), "{other}");
        }
    }
}
