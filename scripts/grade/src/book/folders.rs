//! The folders that a grader has written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use kata::files;

use crate::class::record::Record;
use crate::formats::json;
use crate::key::Key;
use crate::sealed;
use crate::shard::record::{Fault, File, Record as RunRecord};
use crate::text::line;

/// The name of the folder in which a verdict lies.
pub fn folder_of(file: &Path) -> String {
    let folder = file.parent().and_then(Path::file_name);
    folder.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The files `verdict.json` of a grader's folder, in the order of their names.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn verdicts(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut found = Vec::new();
    for entry in files::unless_missing(fs::read_dir(folder)).with_context(cannot)?.into_iter().flatten() {
        let entry = entry.with_context(cannot)?;
        let file = entry.path().join(json::NAME);
        if entry.file_type().with_context(cannot)?.is_dir() && fs::symlink_metadata(&file).is_ok() {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

/// What a gradebook needs of the verdict in `file`: nothing, if it is not the grader's.
///
/// # Errors
///
/// None: a verdict that cannot be read has a record, too.
pub fn record(file: &Path, name: &str, key: Option<&Key>) -> Result<Record> {
    let broken = |why| Ok(Record::broken(name, why));
    let Ok(Some(text)) = json::text_at(file) else { return broken("its verdict.json cannot be read") };
    let Some(verdict) = json::of(&text) else {
        return broken("its verdict.json is not a verdict of this version of the grader");
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let is_changed = key.is_some_and(|key| !sealed::is_sealed(folder, name, &text, key));
    let fault = is_changed.then(|| "its verdict.json has changed since it was graded".to_owned());
    let Some(fault) = fault.or_else(|| Record::of(name, &verdict).fault) else {
        return Ok(Record::of(name, &verdict));
    };
    Ok(Record { fault: Some(fault.clone()), ..Record::of(name, &verdict.voided(&fault)) })
}

/// What the run that has left a folder says about it.
#[derive(Default)]
pub struct Run {
    /// The verdicts that it has written and that are not there any more.
    pub gone: Vec<(PathBuf, bool)>,
    /// What whoever grades should know.
    pub note: Option<String>,
}

impl Run {
    /// Of the run in `folder`, where these verdicts are.
    pub fn of(folder: &Path, key: &Key, found: &[PathBuf]) -> Self {
        let note = |what: &str| Some(format!("{}: {what}", line(&folder.display().to_string())));
        let record = match RunRecord::read(folder, File::Run, key) {
            Ok(record) => record,
            // A shard, or a run of an earlier version.
            Err(Fault::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => return Self::default(),
            Err(_) => {
                let what =
                    "its run.json has changed or is damaged, so nobody knows whether verdicts are missing";
                return Self { gone: Vec::new(), note: note(what) };
            }
        };
        let is_found = |file: &PathBuf| found.contains(file);
        let all = record.submissions.iter().map(|name| folder.join(name).join(json::NAME));
        // What is not graded yet is not gone.
        let gone: Vec<_> = all.filter(|file| !is_found(file)).map(|file| (file, true)).collect();
        if record.is_done {
            return Self { gone, note: None };
        }
        let what = format!(
            "this run was cut short, or is still grading: {} of {} submissions have no verdict. Continue it with \
             `--resume`",
            gone.len(),
            record.submissions.len()
        );
        Self { gone: Vec::new(), note: note(&what) }
    }
}
