//! What a lesson's verdict depends on, as one digest: the student's files and what judges them.

use std::cell::OnceCell;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::course::{Course, Lesson, USED_BY_ALL};
use crate::digest::hex;
use crate::files;
use crate::leftovers::is_in_leftovers;

/// Digests of lessons. What all lessons share is read once.
pub struct Content<'a> {
    course: &'a Course,
    shared: OnceCell<String>,
}

impl<'a> Content<'a> {
    pub fn new(course: &'a Course) -> Self {
        Self { course, shared: OnceCell::new() }
    }

    /// The digest of a lesson: the same content, the same verdict.
    ///
    /// # Errors
    ///
    /// When a gate, a manifest or a snapshot cannot be read.
    pub fn of(&self, lesson: &Lesson) -> Result<String> {
        let root = &self.course.root;
        let mut digest = Sha256::new();
        digest.update(self.shared());
        add_folder(&mut digest, &root.join(lesson.folder()));
        for (_, source) in lesson.gate_sources() {
            add(&mut digest, root, &source)?;
        }
        add(&mut digest, root, &lesson.gate_file("rs"))?;
        add(&mut digest, root, &lesson.gate_file("toml"))?;
        for gate in &lesson.manifest.gates {
            add(&mut digest, root, &lesson.snapshot_file(&gate.name))?;
        }
        // Half of it is enough to tell contents apart, and easier to read.
        Ok(hex(&digest.finalize()[..16]))
    }

    fn shared(&self) -> &str {
        self.shared.get_or_init(|| {
            let mut digest = Sha256::new();
            for folder in USED_BY_ALL {
                add_folder(&mut digest, &self.course.root.join(folder));
            }
            hex(&digest.finalize())
        })
    }
}

/// Adds the files that matter. One that cannot be read counts as such: a build will say so.
fn add_folder(digest: &mut Sha256, folder: &Path) {
    for file in sources(folder) {
        if add(digest, folder, &file).is_err() {
            digest.update(format!("{} cannot be read\n", file.display()));
        }
    }
}

/// The files at or below `folder` that can change a verdict, by path in it, in order.
pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = files::of_work(folder);
    files.retain(|file| is_source(file));
    files
}

/// What the sources in `folder` hold, as a number that changes with them: for a process that compares it with its own
/// earlier one.
pub fn fingerprint(folder: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    for file in sources(folder) {
        (fs::read(folder.join(&file)).ok(), file).hash(&mut hasher);
    }
    hasher.finish()
}

/// Whether a file of a lesson can change its verdict: a README does not, nor does what others leave behind.
/// The path is the one inside the lesson's folder.
pub fn is_source(file: &Path) -> bool {
    file.extension().is_none_or(|extension| extension != "md") && !is_in_leftovers(file)
}

fn add(digest: &mut Sha256, folder: &Path, file: &Path) -> Result<()> {
    let path = folder.join(file);
    let bytes = files::unless_missing(fs::read(&path));
    let bytes = bytes.with_context(|| format!("cannot read {}", path.display()))?;
    // It may have gone this moment; then the lesson is another one.
    let Some(bytes) = bytes else { return Ok(()) };
    // The same text has the same digest, whatever ends its lines.
    let text = files::text::normalized(&bytes);
    digest.update(format!("{} {}\n", file.display(), text.len()));
    digest.update(&text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::add_folder;
    use crate::digest::hex;
    use crate::files::write;

    #[test]
    fn a_digest_covers_what_can_change_the_verdict_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let digest = || {
            let mut digest = Sha256::new();
            add_folder(&mut digest, folder.path());
            hex(&digest.finalize())
        };
        write(&folder.path().join("src/lib.rs"), "pub mod books;\n").unwrap();
        let before = digest();
        for name in
            [".DS_Store", "#lib.rs#", "lib (Ann's conflicted copy).rs", "lib.rs.new", "notes.md", "shop.db"]
        {
            write(&folder.path().join("src").join(name), "x").unwrap();
            assert_eq!(digest(), before, "{name}");
        }
        write(&folder.path().join("pgdata/base/1/1259"), "x").unwrap();
        write(&folder.path().join("volume/PG_VERSION"), "17\n").unwrap();
        assert_eq!(digest(), before);
        for name in
            ["src/books.rs", "migrations/sqlite/1_a/up.sql", "templates/home.html", ".env", "setup.sql"]
        {
            let before = digest();
            write(&folder.path().join(name), "x").unwrap();
            assert_ne!(digest(), before, "{name}");
        }
    }
}
