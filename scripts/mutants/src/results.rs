//! What became of the mutants, kept from one run to the next.
//!
//! A line for each verdict, with a key of all that it depends on. What has changed has another key,
//! and is judged anew.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use kata::content::hex;
use kata::course::{Course, Lesson};
use kata::files;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::likely::{self, Likely};
use crate::mutant::Mutant;
use crate::stand::{Outcome, Verdict};

/// What is kept of one mutant.
#[derive(Clone, Deserialize, Serialize)]
pub struct Record {
    pub key: String,
    pub outcome: Outcome,
    /// The gates or tests that saw the difference.
    pub by: String,
    pub seconds: f64,
    /// For who reads the file.
    pub mutant: String,
}

/// The verdicts on disk.
pub struct Results {
    known: HashMap<String, Record>,
    file: Mutex<File>,
}

impl Results {
    pub fn open(root: &Path) -> Result<Self> {
        let path = root.join("target/mutants/results.jsonl");
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        let text = fs::read_to_string(&path).unwrap_or_default();
        // The last line may have been cut off when a run was ended.
        let records = text.lines().filter_map(|line| serde_json::from_str::<Record>(line).ok());
        let known = records.map(|record| (record.key.clone(), record)).collect();
        let file = File::options().create(true).append(true).open(&path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { known, file: Mutex::new(file) })
    }

    pub fn get(&self, key: &str) -> Option<&Record> {
        self.known.get(key)
    }

    /// Who has noticed what, in all runs so far.
    pub fn likely(&self) -> Likely {
        let likely = Likely::default();
        for record in self.known.values() {
            likely.noticed_before(&record.mutant, &record.by);
        }
        likely
    }

    pub fn add(&self, key: &str, mutant: &Mutant, verdict: &Verdict, seconds: f64) -> Result<()> {
        let record = Record {
            key: key.to_owned(),
            outcome: verdict.outcome,
            by: verdict.by.clone(),
            seconds,
            mutant: likely::name(mutant),
        };
        let line = serde_json::to_string(&record)?;
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(file, "{line}").context("cannot write the results")
    }
}

/// The state of all that a verdict on the step's mutants depends on, but for the mutant itself.
pub fn state(course: &Course, lesson: &Lesson, gates_only: bool) -> Result<String> {
    let mut digest = Sha256::new();
    if gates_only && lesson.manifest.app.is_some() {
        digest.update("gates only");
    }
    let root = &course.root;
    let step = root.join(lesson.solution_folder());
    let is_step =
        |file: &PathBuf| ["src", "migrations", "templates", "static"].iter().any(|f| file.starts_with(f));
    let mut files: Vec<_> =
        files::below(&step)?.into_iter().filter(is_step).map(|file| step.join(file)).collect();
    files.extend(
        files::below(&root.join("tests/src"))?.into_iter().map(|file| root.join("tests/src").join(file)),
    );
    let gates = root.join("tests/gates");
    let (number, snapshots) = (&lesson.name[..2], format!("gate__{}__", lesson.topic()));
    let is_gate = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(number) && name.ends_with(".rs") || name.starts_with(&snapshots)
    };
    files.extend(files::below(&gates)?.into_iter().filter(is_gate).map(|file| gates.join(file)));
    if lesson.manifest.app.is_some() {
        let own = step.join("tests");
        files.extend(files::below(&own)?.into_iter().map(|file| own.join(file)));
    }
    files.push(root.join("Cargo.lock"));
    for file in files {
        digest.update(file.strip_prefix(root)?.display().to_string());
        digest.update(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    Ok(hex(&digest.finalize()))
}

/// The key of the verdict on a mutant.
pub fn key(state: &str, mutant: &Mutant) -> String {
    let mut digest = Sha256::new();
    for part in [state, &mutant.file.display().to_string(), &mutant.text] {
        digest.update(part);
        digest.update([0]);
    }
    hex(&digest.finalize())[..32].to_owned()
}
