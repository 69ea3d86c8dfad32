//! What a verdict keeps so that others can look for themselves.

use serde::{Deserialize, Serialize};

/// A snapshot, by its SHA-256; none, where there was none.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Left {
    pub seed: u64,
    pub snapshot: Option<String>,
}

/// A line in a student's files.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Place {
    /// In the course's folder.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
}
