//! `cargo kata grade`: verdicts on work that nobody has reviewed.
//!
//! `scripts/grade/README.md` describes what it promises and how it is built.

#![warn(clippy::missing_errors_doc)]

pub mod autograders;
pub mod batch;
pub mod book;
pub mod builder;
pub mod bundle;
pub mod canonical;
pub mod class;
pub mod dolos;
pub mod environment;
pub mod explaining;
pub mod formats;
pub mod grader;
pub mod intake;
pub mod key;
pub mod limits;
pub mod machine_paths;
pub mod merge;
pub mod named;
pub mod open;
pub mod options;
mod own_process;
pub mod probes;
pub mod reading;
pub mod reason;
pub mod run;
pub mod sandbox;
mod sealed;
pub mod shard;
pub mod text;
mod untrusted;
pub mod verdict;
pub mod work;

/// In the folder of results: the seeds of the batch, and the lock of who writes there.
pub const SEEDS: &str = "seeds.json";
pub const LOCK: &str = ".lock";

/// A submission cannot be read, and all that can be is graded. A command that makes no sense ends so, too.
pub const UNREADABLE: u8 = kata::USAGE_ERROR;
/// A submission holds what no lesson allows, or has tried to write its own verdict.
pub const FOUL: u8 = 4;
