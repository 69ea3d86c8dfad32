//! What `tests/gates/NN_topic.toml` says about a lesson.

use std::path::PathBuf;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

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
    /// The stages of a lesson that is worked through in several, in order.
    #[serde(rename = "stage", default)]
    pub stages: Vec<Stage>,
    /// What a student hands in: files, and folders with all that is in them (`src/**`).
    pub handed_in: Vec<String>,
    /// Files and folders of the solution that later lessons use: `lessons/groundwork` has a copy of them.
    #[serde(default)]
    pub shared: Vec<PathBuf>,
    /// In the order of learning.
    #[serde(rename = "gate")]
    pub gates: Vec<Gate>,
}

/// A part of a lesson with gates of its own and something to see at its end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The module of its gates: `board` is `NN_board.rs`, a module of `NN_topic.rs`.
    pub name: String,
    pub title: String,
    /// How long it takes.
    pub minutes: u32,
    /// The parts of the finished step that solve it.
    pub reference: Vec<Piece>,
    /// A question for somebody who has passed the lesson and reads the finished step.
    pub review: String,
}

/// A file of the finished step, or an item in it: `src/app.rs`, `src/app.rs#App::new`.
#[derive(Deserialize)]
#[serde(from = "String")]
pub struct Piece {
    /// Its path in the folder of the finished step.
    pub file: PathBuf,
    /// The name of an item.
    pub item: Option<String>,
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        match text.split_once('#') {
            Some((file, item)) => Self { file: file.into(), item: Some(item.to_owned()) },
            None => Self { file: text.into(), item: None },
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The test's name, as in `board::no_order_is_open_yet` where the lesson has stages.
    pub name: String,
    /// The heading of its task in the lesson's README, or its line in the card of its stage.
    pub title: String,
    /// The texts of the `Task:` markers that lead to it.
    #[serde(default)]
    pub tasks: Vec<String>,
    /// From a direction to the shape of the code.
    #[serde(deserialize_with = "three")]
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

/// Says how many there are where there are not three.
fn three<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[String; 3], D::Error> {
    let hints = Vec::<String>::deserialize(deserializer)?;
    let count = hints.len();
    hints
        .try_into()
        .map_err(|_| D::Error::custom(format!("a gate has three hints, and this one has {count}")))
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
    use super::{Gate, Manifest, Stage};

    /// The keys that a table may have, as serde lists them where it refuses one.
    fn keys<T: serde::de::DeserializeOwned>() -> Vec<String> {
        let refused = toml::from_str::<T>("unheard-of = 1").err().expect("unknown keys are refused");
        let (_, expected) = refused.message().split_once("expected one of ").expect("serde lists the keys");
        expected.split(", ").map(str::to_owned).collect()
    }

    #[test]
    fn a_wrong_number_of_hints_is_refused_with_a_message() {
        let gate = |hints: &str| {
            toml::from_str::<Gate>(&format!("name = 'a'\ntitle = 'b'\nlearnt = 'c'\nhints = [{hints}]\n"))
        };
        assert!(gate("'1', '2', '3'").is_ok());
        let refused = gate("'1', '2'").err().unwrap();
        assert_eq!(refused.message(), "a gate has three hints, and this one has 2");
    }

    #[test]
    fn every_key_is_documented() {
        let readme = include_str!("../../../../tests/README.md");
        let all = [keys::<Manifest>(), keys::<Stage>(), keys::<Gate>()].concat();
        // These two are tables of their own.
        for key in all.iter().filter(|key| !["`gate`", "`stage`"].contains(&key.as_str())) {
            let is_row = |line: &str| {
                line.strip_prefix("| ")
                    .and_then(|row| row.split(" | ").next())
                    .is_some_and(|cell| cell.contains(key))
            };
            assert!(readme.lines().any(is_row), "tests/README.md lacks a row for {key}");
        }
    }
}
