//! What a rule has found.

use std::path::PathBuf;

/// An explanation that is longer is no longer read.
pub const MOST_LINES: usize = 8;

/// The lines of an explanation, and its place where that is not the error's own.
pub struct Found {
    pub lines: Vec<String>,
    pub place: Option<(PathBuf, usize)>,
}

impl Found {
    pub fn new(lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { lines: lines.into_iter().map(Into::into).collect(), place: None }
    }

    pub fn at(self, file: impl Into<PathBuf>, line: usize) -> Self {
        Self { place: Some((file.into(), line)), ..self }
    }
}
