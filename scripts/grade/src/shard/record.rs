//! `run.json` and `shard.json`: what a run leaves beside its verdicts, so that a book misses none, and a merge knows
//! what belongs together.

use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::Shard;
use crate::formats::{self, json};
use crate::grader::Grader;
use crate::key::Key;
use crate::options::Options;
use crate::sandbox::Tier;
use crate::untrusted;
use crate::verdict::Seeds;

/// The names of a hundred thousand submissions.
const LARGEST: u64 = 16 << 20;

/// Which record it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum File {
    /// `shard.json`, of one machine.
    Shard,
    /// `run.json`, of a whole run: a verdict that is deleted later is missed.
    Run,
}

impl File {
    pub fn name(self) -> &'static str {
        match self {
            Self::Shard => "shard.json",
            Self::Run => "run.json",
        }
    }

    fn schema(self) -> &'static str {
        match self {
            Self::Shard => "kata-shard/v1",
            Self::Run => "kata-run/v1",
        }
    }

    /// What the seal is about. No submission has this name.
    fn sealed(self) -> &'static str {
        match self {
            Self::Shard => "shard/",
            Self::Run => "run/",
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Record {
    pub shard: Shard,
    /// Whether every one of its submissions has a verdict. It is written twice.
    pub is_done: bool,
    pub course_version: Option<String>,
    pub canonical: String,
    pub seeds: Seeds,
    pub options: Options,
    /// All of the batch, those of other shards too, in order.
    pub submissions: Vec<String>,
}

#[derive(Deserialize, Serialize)]
struct Sealed {
    schema: String,
    seal: String,
    record: Record,
}

/// Why there is no record of a shard.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("cannot read it: {0}")]
    Io(#[from] std::io::Error),
    #[error("it is not one of this version of the grader")]
    NotARecord,
    #[error("its seal does not fit the key")]
    OtherKey,
}

impl Record {
    /// Of a run that grades all of `names`, or its shard of them.
    pub fn of(
        grader: &Grader,
        shard: Option<Shard>,
        (tier, repetition): (Tier, bool),
        names: Vec<String>,
    ) -> Self {
        let canonical = &grader.setup.canonical;
        Self {
            shard: shard.unwrap_or(Shard::WHOLE),
            is_done: false,
            course_version: canonical.version.clone(),
            canonical: canonical.digest.clone(),
            seeds: grader.setup.seeds.clone(),
            options: grader.options(tier, repetition),
            submissions: names,
        }
    }

    /// The record of the whole, of which this is a shard.
    #[must_use]
    pub fn of_whole(&self) -> Self {
        Self { shard: Shard::WHOLE, is_done: true, ..self.clone() }
    }

    /// Adds what earlier runs have left in a folder: somebody grades one student again, and the others stay.
    pub fn add_earlier(&mut self, earlier: &Self, out: &Path) {
        let is_left = |name: &&String| !self.submissions.contains(name) && is_there(&out.join(name));
        let left: Vec<_> = earlier.submissions.iter().filter(is_left).cloned().collect();
        self.submissions.extend(left);
    }

    /// The names of this shard's submissions.
    pub fn own(&self) -> impl Iterator<Item = &String> {
        self.submissions.iter().filter(|name| self.shard.holds(name))
    }

    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, out: &Path, file: File, key: &Key) -> Result<()> {
        let seal = key.seal(file.sealed(), &serde_json::to_string(self)?);
        let sealed = Sealed { schema: file.schema().to_owned(), seal, record: self.clone() };
        formats::write(&out.join(file.name()), &serde_json::to_vec_pretty(&sealed)?)
    }

    /// The one in this folder, made with this key.
    ///
    /// # Errors
    ///
    /// When there is none, or somebody else has made it.
    pub fn read(folder: &Path, file: File, key: &Key) -> Result<Self, Fault> {
        let text = untrusted::read(&folder.join(file.name()), LARGEST)?;
        let sealed: Sealed = serde_json::from_slice(&text).map_err(|_| Fault::NotARecord)?;
        if sealed.schema != file.schema() {
            return Err(Fault::NotARecord);
        }
        // A field that this version does not know is not sealed, and not read.
        let text = serde_json::to_string(&sealed.record).map_err(|_| Fault::NotARecord)?;
        if sealed.seal != key.seal(file.sealed(), &text) {
            return Err(Fault::OtherKey);
        }
        Ok(sealed.record)
    }
}

/// Whether a verdict lies in this folder, where no link leads.
pub fn is_there(folder: &Path) -> bool {
    folder.symlink_metadata().is_ok_and(|folder| folder.is_dir())
        && folder.join(json::NAME).symlink_metadata().is_ok_and(|file| file.is_file())
}
