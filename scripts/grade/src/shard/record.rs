//! `shard.json`: what a shard leaves beside its verdicts, so that a merge knows what belongs together.

use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Shard;
use crate::formats;
use crate::grader::Grader;
use crate::key::Key;
use crate::limits::Limits;
use crate::sandbox::Tier;
use crate::untrusted;
use crate::verdict::Seeds;

pub const NAME: &str = "shard.json";
const SCHEMA: &str = "kata-shard/v1";
/// The names of a hundred thousand submissions.
const LARGEST: u64 = 16 << 20;
/// What the seal is about. No submission has this name.
const SEALED: &str = "shard/";

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

/// What a verdict depends on, besides the course, the seeds and the submission.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Options {
    lesson: Vec<String>,
    build_limits: Limits,
    gate_limits: Limits,
    scan: bool,
    tier: Tier,
    repetition: bool,
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
    pub fn of(grader: &Grader, shard: Shard, (tier, repetition): (Tier, bool), names: Vec<String>) -> Self {
        let setup = &grader.setup;
        let canonical = &setup.canonical;
        let lessons = canonical.lessons.iter().map(|step| canonical.lesson(step).name.clone());
        Self {
            shard,
            is_done: false,
            course_version: canonical.version.clone(),
            canonical: canonical.digest.clone(),
            seeds: setup.seeds.clone(),
            options: Options {
                lesson: lessons.collect(),
                build_limits: setup.build_limits,
                gate_limits: setup.gate_limits,
                scan: grader.scan,
                tier,
                repetition,
            },
            submissions: names,
        }
    }

    /// The names of this shard's submissions.
    pub fn own(&self) -> impl Iterator<Item = &String> {
        self.submissions.iter().filter(|name| self.shard.holds(name))
    }

    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, out: &Path, key: &Key) -> Result<()> {
        let seal = key.seal(SEALED, &serde_json::to_string(self)?);
        let sealed = Sealed { schema: SCHEMA.to_owned(), seal, record: self.clone() };
        formats::write(&out.join(NAME), &serde_json::to_vec_pretty(&sealed)?)
    }

    /// The one in this folder, made with this key.
    ///
    /// # Errors
    ///
    /// When there is none, or somebody else has made it.
    pub fn read(folder: &Path, key: &Key) -> Result<Self, Fault> {
        let text = untrusted::read(&folder.join(NAME), LARGEST)?;
        let sealed: Sealed = serde_json::from_slice(&text).map_err(|_| Fault::NotARecord)?;
        if sealed.schema != SCHEMA {
            return Err(Fault::NotARecord);
        }
        // A field that this version does not know is not sealed, and not read.
        let text = serde_json::to_string(&sealed.record).map_err(|_| Fault::NotARecord)?;
        if sealed.seal != key.seal(SEALED, &text) {
            return Err(Fault::OtherKey);
        }
        Ok(sealed.record)
    }
}

impl Options {
    /// The first option that differs, as `--help` calls it, and its two values.
    pub fn difference(&self, other: &Self) -> Option<(String, String, String)> {
        let (one, other) = (self.fields(), other.fields());
        let differs = |(name, value): (&String, &Value)| {
            let others = other.get(name).unwrap_or(&Value::Null);
            (value != others).then(|| (shown_name(name), value.to_string(), others.to_string()))
        };
        one.iter().find_map(differs)
    }

    fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
}

fn shown_name(field: &str) -> String {
    match field {
        "build_limits" => "--build-time".to_owned(),
        "gate_limits" => "--gate-time or --gate-memory".to_owned(),
        "scan" => "--no-scan".to_owned(),
        "repetition" => "--seed".to_owned(),
        "tier" => "tier of the sandbox".to_owned(),
        field => format!("--{field}"),
    }
}
