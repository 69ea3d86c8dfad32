//! `cargo kata export`: a copy of the course to hand out.

mod prose;

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::build::cargo;
use crate::course::layout::{self, Contents};
use crate::course::{Course, Lesson};
use crate::files::text::normalized;
use crate::files::tracked::tracked;
use crate::record::Record;
use crate::{PASSED, derive, files, process};

/// What gives solutions away, or is of no use without them.
const NOT_HANDED_OUT: [&str; 10] = [
    "solutions",
    "order-up",
    "tests/mistakes",
    "tests/submissions",
    "scripts/bench",
    "scripts/grade",
    "scripts/mutants",
    "scripts/kata/tests",
    ".ci",
    ".github",
];

/// # Errors
///
/// When the folder is not empty, or a file cannot be copied.
pub fn export(course: &Course, to: &Path, no_solutions: bool) -> Result<u8> {
    course.check_solutions("export", "makes untouched lessons from them")?;
    let root = fs::canonicalize(&course.root).context("the course's folder is gone")?;
    make_empty(to)?;
    let to = fs::canonicalize(to)?;
    if to.starts_with(&root) {
        bail!("{} is inside the course; choose a folder outside of it", to.display());
    }
    let Contents { files: mut copied, others } = layout::tracked_contents(&root)?;
    // Lessons are handed out untouched, whatever was edited in them here.
    let mut derived = derive::derived(course)?;
    derived.retain(|path, _| !others.contains(&source(course, path)));
    if no_solutions {
        copied.retain(|file| !is_gone(file));
    }
    copied.retain(|file| {
        let is_lessons = course.lessons.iter().any(|lesson| file.starts_with(lesson.folder()));
        !is_lessons || file.extension().is_some_and(|extension| extension == "md")
    });
    for file in &copied {
        copy(&root.join(file), &to.join(file))?;
    }
    let lessons = derived.iter().filter(|(path, _)| !no_solutions || path.starts_with("lessons"));
    let mut count = copied.len();
    for (path, text) in lessons {
        files::write(&to.join(path), text)?;
        count += 1;
    }
    let mut record = Record::read(&root)?;
    record.update(&derived, |_| false);
    record.write(&to)?;
    if no_solutions {
        let manifest = to.join("Cargo.toml");
        let text = files::read_text(&manifest)?;
        files::write(&manifest, &without_solutions(&text)?)?;
        // Those that students read.
        let is_read = |file: &&PathBuf| {
            file.ends_with("README.md") && (file.starts_with("lessons") || file.components().count() == 1)
        };
        for readme in copied.iter().filter(is_read) {
            let path = to.join(readme);
            let text = files::read_text(&path)?;
            files::write(&path, prose::for_students(&text, |path| is_gone(path)))?;
        }
        shorten_lock_file(&to)?;
    }
    anstream::println!("{count} files are in {}", to.display());
    if !others.is_empty() {
        anstream::println!(
            "Left out, because they are not part of the course{}:\n{}",
            match tracked(&root) {
                Some(_) => " or git does not track them (`git add` what is to be handed out)",
                None => "",
            },
            layout::named(&others)
        );
    }
    if no_solutions {
        anstream::println!(
            "Solutions, Order Up and typical mistakes are left out, too. `cargo kata` works there; `diff` and `demo` \
             say what is missing."
        );
    }
    Ok(PASSED)
}

/// The file of a solution that a derived file is made from or is.
fn source(course: &Course, derived: &Path) -> PathBuf {
    let inside =
        |lesson: &Lesson| Some(lesson.solution_folder().join(derived.strip_prefix(lesson.folder()).ok()?));
    course.lessons.iter().find_map(inside).unwrap_or_else(|| derived.to_owned())
}

/// Copies a file; text gets the line ends that it has in git, wherever the copy was made.
fn copy(from: &Path, to: &Path) -> Result<()> {
    files::copy(from, to)?;
    let bytes = fs::read(to).with_context(|| format!("cannot read {}", to.display()))?;
    match normalized(&bytes) {
        Cow::Owned(text) => files::write(to, text),
        Cow::Borrowed(_) => Ok(()),
    }
}

/// Whether this path is not handed out.
fn is_gone(path: impl AsRef<Path>) -> bool {
    NOT_HANDED_OUT.iter().any(|gone| path.as_ref().starts_with(gone))
}

fn make_empty(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    if entries.next().is_some() {
        bail!("{} is not empty; nothing is copied", folder.display());
    }
    Ok(())
}

/// Removes from `Cargo.lock` what no package in the copy depends on. Cargo would do so with the first build, and
/// students would find a file changed that they have not touched.
fn shorten_lock_file(copy: &Path) -> Result<()> {
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
fn without_solutions(text: &str) -> Result<String> {
    let mut lists = 0;
    let mut lines = Vec::new();
    for line in text.lines().take_while(|line| *line != REST) {
        let (key, rest) = line.split_once(" = ").unwrap_or((line, ""));
        let list = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match (key, list) {
            ("members" | "default-members", Some(list)) => {
                lists += 1;
                let members = list.split(", ").filter(|member| !is_gone(member.trim_matches('"')));
                lines.push(format!("{key} = [{}]", members.collect::<Vec<_>>().join(", ")));
            }
            // A dependency that only they have.
            _ if rest
                .strip_prefix("{ path = \"")
                .is_some_and(|rest| is_gone(rest.split('"').next().unwrap_or_default())) => {}
            _ => lines.push(line.to_owned()),
        }
    }
    if lists != 2 {
        bail!("Cargo.toml does not list `members` and `default-members` on one line each");
    }
    Ok(lines.join("\n").trim_end().to_owned() + "\n")
}

#[cfg(test)]
mod tests {
    use super::without_solutions;

    #[test]
    fn members_that_are_not_handed_out_are_gone_and_others_stay() {
        let text = "[workspace]\nmembers = [\"lessons/*\", \"solutions/*\", \"order-up\", \"tests\"]\ndefault-members = \
                    [\"solutions/*\", \"tests\"]\n[workspace.dependencies]\ngates = { path = \"tests\" }\norder-up = { path \
                    = \"order-up\" }\n";
        let expected = "[workspace]\nmembers = [\"lessons/*\", \"tests\"]\ndefault-members = [\"tests\"]\n\
                        [workspace.dependencies]\ngates = { path = \"tests\" }\n";
        assert_eq!(without_solutions(text).unwrap(), expected);
    }

    #[test]
    fn settings_for_packages_that_are_not_handed_out_are_gone() {
        let text = without_solutions(include_str!("../../../Cargo.toml")).unwrap();
        let packages: Vec<_> =
            text.lines().filter_map(|line| line.strip_prefix("[profile.dev.package.")).collect();
        assert!(packages.contains(&"lesson-08-order-up]") && packages.contains(&"argon2]"), "{packages:?}");
        for gone in ["order-up]", "grade]", "seccompiler]"] {
            assert!(!packages.contains(&gone), "{packages:?}");
        }
    }

    #[test]
    fn another_form_of_manifest_is_an_error() {
        assert!(without_solutions("[workspace]\nmembers = [\n    \"tests\",\n]\n").is_err());
    }
}
