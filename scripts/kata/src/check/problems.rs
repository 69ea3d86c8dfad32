//! The problems that the checks find.

use std::fmt::Display;
use std::path::Path;
use std::sync::Mutex;

use anstream::println;

/// The problems found so far, by all checks.
#[derive(Default)]
pub struct Problems(Mutex<Vec<String>>);

impl Problems {
    /// `what` is wrong with the file at `path`, and how it is fixed.
    pub fn add(&self, path: &Path, what: impl Display) {
        let problem = format!("{}: {what}", path.display());
        println!("  ✗ {problem}");
        self.0.lock().expect("no check panics while it holds this").push(problem);
    }

    pub fn count(&self) -> usize {
        self.0.lock().expect("no check panics while it holds this").len()
    }
}
