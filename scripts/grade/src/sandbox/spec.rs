//! What is to run in a sandbox, and within which bounds.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
use super::libraries::libraries_of;
use super::shared::{Access, Shared};
use crate::limits::Limits;

/// How well a sandbox holds; `A` is better than `C`. (`B`, Linux without namespaces, has its place between.)
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Tier {
    /// A separate process with limits. It can reach the files and the network of the person who grades.
    C,
    /// Linux's namespaces, Landlock, seccomp and limits.
    A,
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::C => "C",
        })
    }
}

/// How tier A keeps the program apart from other people's processes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Isolation {
    /// Tier C.
    None,
    /// Started by root: each sandbox has a user of its own, which owns nothing else.
    OwnUser(u32),
    /// Started by anybody: a user namespace, with its own count of processes.
    UserNamespace,
}

impl Isolation {
    pub fn tier(self) -> Tier {
        if self == Self::None { Tier::C } else { Tier::A }
    }

    /// For a grader that root has started.
    pub fn of_root() -> Self {
        Self::OwnUser(own_user(0))
    }

    /// The same for another worker, so that no sandbox counts another's processes.
    #[must_use]
    pub fn of_worker(self, worker: u16) -> Self {
        match self {
            Self::OwnUser(_) => Self::OwnUser(own_user(worker)),
            other => other,
        }
    }
}

/// The number of a user that does not exist: this grader's, for this worker.
///
/// It is drawn. Graders in two containers may have the same process number, and the kernel counts a user's processes
/// in both together.
fn own_user(worker: u16) -> u32 {
    const FIRST: u32 = 1 << 30;
    const WORKERS: u32 = 64;
    const GRADERS: u32 = 1 << 25;
    static GRADER: OnceLock<u32> = OnceLock::new();
    let grader = GRADER.get_or_init(|| getrandom::u32().unwrap_or_else(|_| std::process::id()) % GRADERS);
    FIRST + grader * WORKERS + u32::from(worker) % WORKERS
}

/// What is to run, and within which bounds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Spec {
    pub isolation: Isolation,
    /// An empty folder outside, on which tier A builds what the program sees as `/`.
    pub root: PathBuf,
    pub shared: Vec<Shared>,
    /// Folders outside that the program does not see, also where they lie in one that is shared.
    pub hidden: Vec<PathBuf>,
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// What it can read from standard input, once.
    pub input: String,
    /// All of them: nothing is inherited.
    pub variables: BTreeMap<String, String>,
    pub folder: PathBuf,
    /// Where it may write, as it sees it. In tier A it is gone afterwards.
    pub scratch: PathBuf,
    /// Folders to make in there.
    pub make: Vec<PathBuf>,
    /// The folder inside `scratch` whose files come back.
    pub collect: Option<PathBuf>,
    /// A file inside `scratch` whose text comes back.
    pub trace: Option<PathBuf>,
    pub limits: Limits,
}

impl Spec {
    /// To run a compiled program that sees nothing but itself and the libraries that it is linked with. `folder` is the
    /// caller's to remove.
    ///
    /// # Errors
    ///
    /// When nothing can be written in `folder`, or a library of the program is nowhere.
    pub fn of_program(isolation: Isolation, program: &Path, folder: &Path, limits: Limits) -> Result<Self> {
        let root = folder.join("root");
        fs::create_dir_all(&root).context("cannot make a folder")?;
        let (program, scratch, shared) = match isolation.tier() {
            Tier::A => {
                let inside = PathBuf::from("/program");
                let mut shared = libraries_of(program)?;
                let access = Access::Execute;
                shared.push(Shared { from: program.to_owned(), to: inside.clone(), access });
                (inside, PathBuf::from("/scratch"), shared)
            }
            Tier::C => (program.to_owned(), folder.join("scratch"), Vec::new()),
        };
        Ok(Self {
            isolation,
            root,
            shared,
            hidden: Vec::new(),
            program,
            arguments: Vec::new(),
            input: String::new(),
            variables: BTreeMap::new(),
            folder: scratch.clone(),
            scratch,
            make: Vec::new(),
            collect: None,
            trace: None,
            limits,
        })
    }
}

#[cfg(not(target_os = "linux"))]
fn libraries_of(_program: &Path) -> Result<Vec<Shared>> {
    Ok(Vec::new())
}
