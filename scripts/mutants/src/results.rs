//! What became of the mutants, kept from one run to the next.
//!
//! A line for each verdict, with a key of all that it depends on. What has changed has another key,
//! and is judged again.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use kata::build::place;
use kata::course::{Course, USED_BY_ALL};
use kata::digest::hex;
use kata::files;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::likely::{self, Likely};
use crate::mutant::Mutant;
use crate::subject::Subject;
use crate::verdict::{Outcome, Verdict};

/// What is kept of one mutant.
#[derive(Clone, Deserialize, Serialize)]
pub struct Record {
    pub key: String,
    /// Which of an app's own tests it depends on, as a digest of them.
    #[serde(default)]
    tests: String,
    pub outcome: Outcome,
    /// The gates or tests that noticed it.
    #[serde(with = "names")]
    pub by: Vec<String>,
    pub seconds: f64,
    /// For a person who reads the file.
    pub mutant: String,
}

/// In a record, names are one text with blanks between them.
mod names {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(names: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&names.join(" "))
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        let names = String::deserialize(deserializer)?;
        Ok(names.split_whitespace().map(str::to_owned).collect())
    }
}

/// The verdicts on disk.
pub struct Results {
    records: HashMap<String, Record>,
    /// How each mutant ended last, by what a record calls it.
    last: HashMap<String, Outcome>,
    file: Mutex<File>,
}

impl Results {
    /// Reads the verdicts of earlier runs.
    ///
    /// # Errors
    ///
    /// When their file cannot be written.
    pub fn open(root: &Path) -> Result<Self> {
        let path = place::target(root).join("mutants/results.jsonl");
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        let text = files::text_if_there(&path)?.unwrap_or_default();
        // The last line may have been cut off when a run was ended.
        let records = text.lines().filter_map(|line| serde_json::from_str::<Record>(line).ok());
        let (mut by_key, mut last) = (HashMap::new(), HashMap::new());
        for record in records {
            last.insert(record.mutant.clone(), record.outcome);
            by_key.insert(record.key.clone(), record);
        }
        let file = File::options().create(true).append(true).open(&path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { records: by_key, last, file: Mutex::new(file) })
    }

    pub fn get(&self, state: &State, mutant: &Mutant) -> Option<&Record> {
        let record = self.records.get(&state.key(mutant))?;
        Some(record).filter(|record| record.tests == state.tests(record.outcome, &record.by))
    }

    /// Whether it was missed when it was last judged.
    pub fn was_missed(&self, mutant: &Mutant) -> bool {
        self.last.get(&likely::name(mutant)) == Some(&Outcome::Missed)
    }

    /// What has noticed each mutant, in all runs so far.
    pub fn likely(&self) -> Likely {
        let likely = Likely::default();
        for record in self.records.values() {
            likely.noticed_before(&record.mutant, &record.by);
        }
        likely
    }

    /// # Errors
    ///
    /// When it cannot be written.
    pub fn add(&self, state: &State, mutant: &Mutant, verdict: &Verdict, seconds: f64) -> Result<()> {
        let record = Record {
            key: state.key(mutant),
            tests: state.tests(verdict.outcome(), verdict.by()),
            outcome: verdict.outcome(),
            by: verdict.by().to_vec(),
            seconds,
            mutant: likely::name(mutant),
        };
        let line = serde_json::to_string(&record)?;
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(file, "{line}").context("cannot write the results")
    }
}

/// All that a verdict on the step's mutants depends on, but for the mutant itself.
pub struct State {
    /// Its sources, its gates and what they rely on.
    step: String,
    own: Option<OwnTests>,
}

/// The tests of an app that are not gates.
struct OwnTests {
    /// What is not a test, and serves them all.
    shared: String,
    /// Those with tests, by the name of the module.
    modules: BTreeMap<String, String>,
}

impl State {
    /// # Errors
    ///
    /// When one of the files cannot be read.
    pub fn of(course: &Course, subject: &Subject<'_>, gates_only: bool) -> Result<Self> {
        let lesson = subject.lesson;
        let is_app = lesson.manifest.app.is_some();
        let mut digest = Sha256::new();
        if gates_only && is_app {
            digest.update("gates only");
        }
        let root = &course.root;
        let step = root.join(subject.folder());
        let is_step = |file: &PathBuf| {
            ["src", "migrations", "templates", "static"].iter().any(|folder| file.starts_with(folder))
        };
        let mut files: Vec<_> =
            files::below(&step)?.into_iter().filter(is_step).map(|file| step.join(file)).collect();
        for folder in USED_BY_ALL.map(|folder| root.join(folder)) {
            files.extend(files::below(&folder)?.into_iter().map(|file| folder.join(file)));
        }
        let gates = root.join("tests/gates");
        let (number, snapshots) = (&lesson.name[..2], format!("gate__{}__", lesson.topic()));
        let is_gate = |file: &PathBuf| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(number) && name.ends_with(".rs") || name.starts_with(&snapshots)
        };
        files.extend(files::below(&gates)?.into_iter().filter(is_gate).map(|file| gates.join(file)));
        files.push(root.join("Cargo.lock"));
        for file in files {
            digest.update(file.strip_prefix(root)?.display().to_string());
            digest.update(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
        }
        let own = if is_app && !gates_only { Some(OwnTests::below(&step.join("tests"))?) } else { None };
        Ok(Self { step: hex(&digest.finalize()), own })
    }

    /// The key of the verdict on a mutant.
    fn key(&self, mutant: &Mutant) -> String {
        let mut digest = Sha256::new();
        for part in [&self.step, &mutant.file.display().to_string(), &mutant.text] {
            digest.update(part);
            digest.update([0]);
        }
        hex(&digest.finalize())[..32].to_owned()
    }

    /// The app's own tests that a verdict depends on. What has noticed a mistake notices it whatever other
    /// tests there are; that nothing has noticed it depends on them all.
    fn tests(&self, outcome: Outcome, by: &[String]) -> String {
        let Some(own) = &self.own else { return String::new() };
        let by = by.first();
        let module = by.and_then(|test| own.modules.get(test.split("::").next().unwrap_or_default()));
        let mut digest = Sha256::new();
        match (outcome, by, module) {
            (Outcome::Unviable, ..) | (Outcome::Caught, Some(_), None) => return String::new(),
            (Outcome::Caught, Some(_), Some(module)) => digest.update(module),
            _ => own.modules.values().for_each(|module| digest.update(module)),
        }
        digest.update(&own.shared);
        hex(&digest.finalize())[..32].to_owned()
    }
}

impl OwnTests {
    fn below(folder: &Path) -> Result<Self> {
        let (mut shared, mut modules) = (Sha256::new(), BTreeMap::<String, String>::new());
        // `main.rs` names the modules, so it changes with each that is added.
        for file in files::below(folder)?.into_iter().filter(|file| !file.ends_with("main.rs")) {
            let path = folder.join(&file);
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let module = match file.extension().is_some_and(|extension| extension == "snap") {
                // `it__bill__adds.snap`: the program, the module and the test.
                true => name.split("__").nth(1).map(str::to_owned),
                false => Some(name).filter(|_| String::from_utf8_lossy(&bytes).contains("#[test]")),
            };
            if let Some(module) = module {
                modules.entry(module).or_default().push_str(&hex(&Sha256::digest(&bytes)));
            } else {
                shared.update(file.display().to_string());
                shared.update(bytes);
            }
        }
        Ok(Self { shared: hex(&shared.finalize()), modules })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_that_a_test_caught_stays_caught_when_another_test_is_added() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let noticed = || {
            let own = Some(OwnTests::below(folder.path()).unwrap());
            let state = State { step: String::new(), own };
            let caught = |by: &str| state.tests(Outcome::Caught, &[by.to_owned()]);
            [caught("bill::adds"), caught("a_gate"), state.tests(Outcome::Missed, &[])]
        };
        write("helper.rs", "fn open() {}");
        write("bill.rs", "#[test] fn adds() {}");
        let first = noticed();
        write("menu.rs", "#[test] fn sorts() {}");
        let with_another = noticed();
        assert_eq!(with_another[..2], first[..2]);
        assert_ne!(with_another[2], first[2]);
        write("bill.rs", "#[test] fn adds() { assert!(true) }");
        let with_change = noticed();
        assert_ne!(with_change[0], first[0]);
        assert_eq!(with_change[1], first[1]);
        write("helper.rs", "fn open() { panic!() }");
        assert_ne!(noticed()[0], with_change[0]);
        assert_eq!(noticed()[1], first[1]);
        let before = noticed();
        write("it__bill__adds.snap", "0");
        assert_ne!(noticed()[0], before[0]);
        let with_snapshot = noticed();
        write("it__menu__sorts.snap", "0");
        assert_eq!(noticed()[0], with_snapshot[0]);
    }
}
