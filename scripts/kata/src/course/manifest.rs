//! What `tests/gates/NN_topic.toml` says about a lesson.

use std::path::PathBuf;

use serde::Deserialize;

use crate::Database;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub title: String,
    /// How long the lesson takes.
    pub minutes: u32,
    /// The folder of the finished step, where it is not `solutions/NN-topic`: the lesson is then an app
    /// that a student can run.
    pub app: Option<PathBuf>,
    /// The files of gates beside `NN_topic.rs`, which lists them as modules; `board` is `NN_board.rs`.
    #[serde(default)]
    pub phases: Vec<String>,
    /// What a student hands in: files, and folders with all that is in them (`src/**`).
    pub handed_in: Vec<String>,
    /// Files and folders of the solution that later lessons use: `lessons/groundwork` has a copy of them.
    #[serde(default)]
    pub shared: Vec<PathBuf>,
    /// In the order of learning.
    #[serde(rename = "gate")]
    pub gates: Vec<Gate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The test's name, as in `board::no_order_is_open_yet` where the lesson has phases.
    pub name: String,
    /// The heading of its task in the lesson's README.
    pub title: String,
    /// The texts of the `Task:` markers that lead to it.
    #[serde(default)]
    pub tasks: Vec<String>,
    /// From a direction to the shape of the code.
    pub hints: [String; 3],
    /// What the student is told after passing it.
    pub learnt: String,
    /// A gate before this one without which this one means nothing.
    pub needs: Option<String>,
    /// What it is worth when it is graded.
    #[serde(default = "one")]
    pub points: u32,
    /// The databases on which it makes sense; all, when empty.
    #[serde(default)]
    pub databases: Vec<Database>,
    /// Why another seed leaves the same snapshot.
    pub same_for_every_seed: Option<String>,
    /// It shows that the tools work, and so passes before anything is written.
    #[serde(default)]
    pub passes_untouched: bool,
}

fn one() -> u32 {
    1
}

impl Gate {
    pub fn runs_on(&self, database: Database) -> bool {
        self.databases.is_empty() || self.databases.contains(&database)
    }

    /// The databases on which alone it makes sense, in words.
    pub fn database_names(&self) -> String {
        let names: Vec<_> = self.databases.iter().map(|database| database.name()).collect();
        names.join(" or ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, Manifest};

    /// The keys that a table may have, as serde lists them where it refuses one.
    fn keys<T: serde::de::DeserializeOwned>() -> Vec<String> {
        let refused = toml::from_str::<T>("unheard-of = 1").err().expect("unknown keys are refused");
        let (_, expected) = refused.message().split_once("expected one of ").expect("serde lists the keys");
        expected.split(", ").map(str::to_owned).collect()
    }

    #[test]
    fn every_key_is_documented() {
        let readme = include_str!("../../../../tests/README.md");
        for key in keys::<Manifest>().into_iter().chain(keys::<Gate>()) {
            let is_row = |line: &str| {
                line.strip_prefix("| ")
                    .and_then(|row| row.split(" | ").next())
                    .is_some_and(|cell| cell.contains(&key))
            };
            assert!(key == "`gate`" || readme.lines().any(is_row), "tests/README.md lacks a row for {key}");
        }
    }
}
