//! Which files rustc has read, by its own list of them: whatever macro or attribute has named one.
//!
//! A list has a rule for each file that comes of the source, a line for each file that was read, `src/lib.rs:`, and
//! notes on variables. Anything else was made to look like something else, and counts as a file outside.

use std::path::{Component, Path, PathBuf};

/// Where rustc may read.
pub struct Allowed<'a> {
    /// The folder in which rustc ran.
    pub folder: &'a Path,
    /// Into which it wrote.
    pub out: &'a Path,
    /// Below which every file has to be.
    pub inside: Vec<PathBuf>,
}

impl Allowed<'_> {
    /// The first file in rustc's list that is elsewhere, as the list has it.
    pub fn first_outside(&self, list: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(list);
        let outside = text.split('\n').find(|line| !self.is_harmless(line));
        outside.map(|line| line.strip_suffix(':').unwrap_or(line).replace("\\ ", " "))
    }

    fn is_harmless(&self, line: &str) -> bool {
        let is_rule = || {
            let target = line.split_once(": ").map(|(target, _)| target).or(line.strip_suffix(':'));
            target.is_some_and(|target| self.is_made(target))
        };
        let is_inside = |path: &str| self.is_inside(&path.replace("\\ ", " "));
        line.is_empty()
            || line.starts_with("# env-dep:")
            || line.strip_suffix(':').is_some_and(is_inside)
            || is_rule()
    }

    /// Whether this is a file that rustc makes: it lies directly in its folder, where no source is.
    fn is_made(&self, path: &str) -> bool {
        Path::new(&path.replace("\\ ", " ")).parent() == Some(self.out)
    }

    fn is_inside(&self, path: &str) -> bool {
        // No link is in a submission, so what `..` leads to can be seen in the path.
        let mut whole = PathBuf::new();
        for part in self.folder.join(path).components() {
            match part {
                Component::ParentDir => drop(whole.pop()),
                Component::CurDir => {}
                part => whole.push(part),
            }
        }
        self.inside.iter().any(|inside| whole.starts_with(inside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_outside(list: &[u8]) -> Option<String> {
        let inside = vec![PathBuf::from("/course/lessons/05-crud")];
        Allowed { folder: Path::new("/course"), out: Path::new("/out"), inside }.first_outside(list)
    }

    #[test]
    fn a_lesson_may_read_its_own_files() {
        let list = "/out/libstep-1.rmeta: lessons/05-crud/src/lib.rs lessons/05-crud/src/my\\ books.rs\n\n\
                    /out/step-1.d: lessons/05-crud/src/lib.rs\n\n\
                    lessons/05-crud/src/lib.rs:\nlessons/05-crud/src/my\\ books.rs:\n\
                    lessons/05-crud/src/../README.md:\n/course/lessons/05-crud/migrations/1/up.sql:\n\n\
                    # env-dep:CARGO_MANIFEST_DIR=/course/lessons/05-crud\n";
        assert_eq!(first_outside(list.as_bytes()), None);
        assert_eq!(first_outside(b""), None);
    }

    #[test]
    fn reading_a_file_outside_of_the_lesson_is_found() {
        for line in [
            "/usr/lib/os-release:",
            "lessons/05-crud/src/../../../tests/gates/05_crud.rs:",
            "lessons/05-crud-of-ann/src/lib.rs:",
            "lessons/05-crud/../04-relationships/src/lib.rs:",
            "/course/lessons/05-crud/../../../usr/src/ann.rs:",
            // A name with a line end in it.
            "/usr/lib/os",
            "/usr/lib/os: \\",
            "-release:",
            "#/os-release:",
            "# env-depx:",
            "/out/deep/x: y",
            "/out/../etc/passwd: y",
        ] {
            let list = format!("lessons/05-crud/src/lib.rs:\n{line}\nlessons/05-crud/src/books.rs:\n");
            let expected = line.strip_suffix(':').unwrap_or(line);
            assert_eq!(first_outside(list.as_bytes()).as_deref(), Some(expected), "{line}");
        }
        assert!(first_outside(b"/usr/lib/\xff:\n").is_some());
    }
}
