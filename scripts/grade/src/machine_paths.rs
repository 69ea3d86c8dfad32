//! Paths of the grader's machine, which are nobody else's business: verdicts are sent to students.

use std::path::{Path, PathBuf};

use crate::text;

/// What stands for each folder, longest path first.
pub struct MachinePaths(Vec<Folder>);

struct Folder {
    path: String,
    /// What is shown in its place. Nothing: what follows is then relative.
    shown: &'static str,
    /// The beginning of the names of folders in it that mean nothing to a reader either, and of those in these.
    inner: &'static [&'static str],
}

impl MachinePaths {
    /// `work` is the grader's temporary folder, `course` the course's, and `toolchain` the compiler's.
    pub fn new(work: &Path, course: &Path, toolchain: &Path) -> Self {
        let home = std::env::home_dir();
        let cargo =
            std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(home.as_ref()?.join(".cargo")));
        let registry = cargo.map(|cargo| cargo.join("registry").join("src"));
        Self::of([
            (Some(work.to_owned()), "", &["run-", "course"][..]),
            (Some(course.to_owned()), "", &[]),
            // A folder for each registry, named by its address and a number.
            (registry, "", &[""]),
            (Some(toolchain.to_owned()), "", &[]),
            (Some(std::env::temp_dir()), "/tmp", &[]),
            (home, "~", &[]),
        ])
    }

    fn of<const N: usize>(folders: [(Option<PathBuf>, &'static str, &'static [&'static str]); N]) -> Self {
        let mut all = Vec::new();
        for (path, shown, inner) in folders {
            let Some(path) = path else { continue };
            let real = path.canonicalize().unwrap_or_else(|_| path.clone());
            for path in [path, real] {
                let path = path.display().to_string();
                let path = path.trim_start_matches(r"\\?\").trim_end_matches(['/', '\\']);
                // Windows' also as it stands in a string's `Debug`, and as many programs write it.
                for path in [path.to_owned(), path.replace('\\', r"\\"), path.replace('\\', "/")] {
                    if path.len() > 1 && path != shown && !all.iter().any(|other: &Folder| other.path == path)
                    {
                        all.push(Folder { path, shown, inner });
                    }
                }
            }
        }
        all.sort_by_key(|folder| std::cmp::Reverse(folder.path.len()));
        Self(all)
    }

    /// The text, harmless and without these paths.
    pub fn clean(&self, text: &str) -> String {
        let without = self.0.iter().fold(text.to_owned(), |text, folder| folder.replaced(&text));
        text::clean(&without)
    }
}

impl Folder {
    fn replaced(&self, text: &str) -> String {
        let mut replaced = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(&self.path) {
            let (before, found) = rest.split_at(at);
            let (found, mut behind) = found.split_at(self.path.len());
            replaced.push_str(before);
            let is_begun =
                replaced.chars().next_back().is_some_and(|c| c.is_alphanumeric() || "._-~".contains(c));
            if is_begun || !self.ends_before(behind) {
                replaced.push_str(found);
                rest = behind;
                continue;
            }
            for start in self.inner {
                let inside = without_separator(behind);
                let end = inside.find(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)));
                let end = end.unwrap_or(inside.len());
                if inside.len() < behind.len() && inside.starts_with(start) && end > 0 {
                    behind = &inside[end..];
                }
            }
            replaced.push_str(self.shown);
            rest = if self.shown.is_empty() { without_separator(behind) } else { behind };
        }
        replaced.push_str(rest);
        replaced
    }

    /// Whether the path is complete where this text follows it. A short one alone may be an address on a web page.
    fn ends_before(&self, text: &str) -> bool {
        let is_deep = self.path.matches(['/', '\\']).count() > 1;
        match text.chars().next() {
            Some('/' | '\\') => true,
            Some(next) => is_deep && !(next.is_alphanumeric() || matches!(next, '-' | '_')),
            None => is_deep,
        }
    }
}

fn without_separator(text: &str) -> &str {
    text.trim_start_matches(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_see_no_paths_outside_of_the_course() {
        let paths = MachinePaths::of([
            (Some("/srv/course/target/kata/grade/17".into()), "", &["run-", "course"]),
            (Some("/srv/course".into()), "", &[]),
            (Some("/home/ann/.cargo/registry/src".into()), "", &[""]),
            (Some(r"C:\Users\ann".into()), "~", &[]),
            (Some("/home/ann".into()), "~", &[]),
            (Some("/ann".into()), "~", &[]),
            (Some("/var/folders/x/T/".into()), "/tmp", &[]),
        ]);
        for (text, shown) in [
            (
                "--> /srv/course/target/kata/grade/17/run-a1B2/course/lessons/01/src/lib.rs:1",
                "--> lessons/01/src/lib.rs:1",
            ),
            ("in /srv/course/target/kata/grade/17/run-a1B2/out", "in out"),
            ("`/srv/course/lessons/01/src/lib.rs`, /srv/course", "`lessons/01/src/lib.rs`, "),
            ("/srv/course-old/x", "/srv/course-old/x"),
            (
                "--> /home/ann/.cargo/registry/src/index-1949cf8c6b5b557f/diesel-2.3.0/src/lib.rs:3",
                "--> diesel-2.3.0/src/lib.rs:3",
            ),
            ("/home/ann/.config, /home/anna, file:///home/ann", "~/.config, /home/anna, file://~"),
            (r"C:\Users\ann\x C:\\Users\\ann\\x C:/Users/ann/x", r"~\x ~\\x ~/x"),
            ("GET /ann, /ann/.bashrc", "GET /ann, ~/.bashrc"),
            ("--> lessons/ann/src/lib.rs", "--> lessons/ann/src/lib.rs"),
            ("/var/folders/x/T/log", "/tmp/log"),
            ("\u{1b}/ann/x", "\\u{1b}~/x"),
        ] {
            assert_eq!(paths.clean(text), shown, "{text}");
        }
    }
}
