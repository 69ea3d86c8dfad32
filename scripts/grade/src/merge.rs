//! Puts the verdicts of all shards of a batch into one folder, as one grader would have written them.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use kata::course::version;

use crate::batch::Done;
use crate::formats;
use crate::key::Key;
use crate::sealed;
use crate::shard::record::{Fault, File, Record, is_there};
use crate::text::line;
use crate::verdict::SubmissionVerdict;

/// How many shards or submissions a message names.
const MOST_NAMED: usize = 10;

/// Why these folders do not make a whole.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "{} is not the folder of a shard: {fault} (shard.json). Name the folders that `--shard` wrote", .folder.display()
    )]
    NotAShard { folder: PathBuf, fault: Fault },
    #[error(
        "{} was graded with a different key, or its shard.json has changed since: every shard and the merge need a copy \
         of the same file for `--key`",
        .0.display()
    )]
    OtherKey(PathBuf),
    #[error(
        "{} is where the merged verdicts go and one of the shards: choose a different folder for `--out`", .0.display()
    )]
    OutIsAShard(PathBuf),
    #[error("{} and {} are both {shard}: leave one of them out", .first.display(), .second.display())]
    Twice { shard: String, first: PathBuf, second: PathBuf },
    #[error(
        "{} is {second_shard}, and {} is {first_shard}: they are not of one batch", .second.display(), .first.display()
    )]
    OtherCount { first: PathBuf, first_shard: String, second: PathBuf, second_shard: String },
    #[error(
        "{} was graded with {second_course}, and {} with {first_course}: grade all shards with the same course, \
         dependencies and compiler",
        .second.display(), .first.display()
    )]
    OtherCourse { first: PathBuf, first_course: String, second: PathBuf, second_course: String },
    #[error("{} was graded with other options than {}: {option}", .second.display(), .first.display())]
    OtherOptions { first: PathBuf, second: PathBuf, option: String },
    #[error(
        "{} was graded on other seeds than {}: grade all shards with the same `--seeds`",
        .second.display(), .first.display()
    )]
    OtherSeeds { first: PathBuf, second: PathBuf },
    #[error(
        "{} saw other submissions than {}: {which}. Every machine needs the whole folder of submissions",
        .second.display(), .first.display()
    )]
    OtherSubmissions { first: PathBuf, second: PathBuf, which: String },
    #[error("{0}: name the folders of all shards")]
    Missing(String),
    #[error(
        "{} was cut short, or is still being graded: {shard} has no verdict on {what}. To continue it, repeat its \
         command with `--resume`",
        .folder.display()
    )]
    CutShort { folder: PathBuf, shard: String, what: String },
    #[error(
        "the verdict on {} in {} has changed since it was graded: grade that shard again",
        quoted(.name), .folder.display()
    )]
    Changed { folder: PathBuf, name: String },
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// A shard that has left its record.
struct Part {
    folder: PathBuf,
    record: Record,
}

/// Writes the verdicts of the shards in `folders` into `out`, in the order in which one grader would have graded them.
/// Nothing is written unless all of them are there.
///
/// # Errors
///
/// When the folders are not all shards of one batch, or a verdict is not theirs.
pub fn merge(folders: &[PathBuf], key: &Key, out: &Path) -> Result<Vec<Done>, Error> {
    let parts = folders.iter().map(|folder| part(folder, key)).collect::<Result<Vec<_>, _>>()?;
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if let Some(part) = parts.iter().find(|part| real(&part.folder) == real(out)) {
        return Err(Error::OutIsAShard(part.folder.clone()));
    }
    let Some((first, others)) = parts.split_first() else { return Ok(Vec::new()) };
    for (index, part) in others.iter().enumerate() {
        fits(first, part)?;
        // They fit the first, and so each other.
        if let Some(twin) = parts[..=index].iter().find(|other| other.record.shard == part.record.shard) {
            let (first, second) = (twin.folder.clone(), part.folder.clone());
            return Err(Error::Twice { shard: part.record.shard.to_string(), first, second });
        }
    }
    let count = first.record.shard.count;
    let is_there = |index: &u32| parts.iter().any(|part| part.record.shard.index == *index);
    let missing: Vec<_> = (1..=count).filter(|index| !is_there(index)).collect();
    if !missing.is_empty() {
        return Err(Error::Missing(missing_shards(&missing, count)));
    }
    parts.iter().try_for_each(is_complete)?;

    let names = &first.record.submissions;
    let of = |name: &String| parts.iter().find(|part| part.record.shard.holds(name));
    // Before the first file is written, all are read.
    for name in names {
        let part = of(name).context("every name is in a shard")?;
        verdict(part, name, key)?;
    }
    let done = names.iter().map(|name| -> Result<Done, Error> {
        let part = of(name).context("every name is in a shard")?;
        let (text, verdict) = verdict(part, name, key)?;
        let file = sealed::write(&out.join(name), name, &verdict, &text, key)?;
        Ok(Done { file, exit_code: verdict.exit_code() })
    });
    let done = done.collect::<Result<_, _>>()?;
    let seeds = serde_json::to_vec_pretty(&first.record.seeds).context("cannot write the seeds")?;
    formats::write(&out.join(crate::SEEDS), &seeds)?;
    first.record.of_whole().write(out, File::Run, key)?;
    Ok(done)
}

fn part(folder: &Path, key: &Key) -> Result<Part, Error> {
    let folder = folder.to_owned();
    match Record::read(&folder, File::Shard, key) {
        Ok(record) if record.submissions.iter().all(|name| is_name(name)) => Ok(Part { folder, record }),
        Ok(_) => Err(Error::NotAShard { folder, fault: Fault::NotARecord }),
        Err(Fault::OtherKey) => Err(Error::OtherKey(folder)),
        Err(fault) => Err(Error::NotAShard { folder, fault }),
    }
}

/// Whether it is the name of a folder, and no way out of one.
fn is_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
}

/// Whether two shards are of one batch.
fn fits(one: &Part, other: &Part) -> Result<(), Error> {
    let (first, second) = (one.folder.clone(), other.folder.clone());
    let (a, b) = (&one.record, &other.record);
    if a.shard.count != b.shard.count {
        let (first_shard, second_shard) = (a.shard.to_string(), b.shard.to_string());
        return Err(Error::OtherCount { first, first_shard, second, second_shard });
    }
    if a.canonical != b.canonical || a.course_version != b.course_version {
        return Err(Error::OtherCourse { first, first_course: course(a), second, second_course: course(b) });
    }
    if let Some((option, before, now)) = a.options.difference(&b.options) {
        let option = format!("{option} was {} and not {}", line(&now), line(&before));
        return Err(Error::OtherOptions { first, second, option });
    }
    if a.seeds != b.seeds {
        return Err(Error::OtherSeeds { first, second });
    }
    let names = |record: &Record| record.submissions.iter().cloned().collect::<HashSet<_>>();
    let mut differing: Vec<_> = names(a).symmetric_difference(&names(b)).cloned().collect();
    differing.sort();
    if !differing.is_empty() {
        let which = format!("{} only in one of them", list(&differing));
        return Err(Error::OtherSubmissions { first, second, which });
    }
    if a.submissions != b.submissions {
        let which = "they are in a different order".to_owned();
        return Err(Error::OtherSubmissions { first, second, which });
    }
    Ok(())
}

/// A course, for a person: the version alone may be the same.
fn course(record: &Record) -> String {
    let digest: String = record.canonical.chars().take(12).collect();
    format!("{} (digest {})", version::named(record.course_version.as_deref()), line(&digest))
}

fn missing_shards(missing: &[u32], count: u32) -> String {
    let shown: Vec<_> = missing.iter().take(MOST_NAMED).map(u32::to_string).collect();
    let more = if missing.len() > MOST_NAMED { ", …" } else { "" };
    let text = format!("{}{more}", shown.join(", "));
    let (shards, are) = if missing.len() == 1 { ("shard", "is") } else { ("shards", "are") };
    format!("{shards} {text} of {count} {are} missing")
}

fn is_complete(part: &Part) -> Result<(), Error> {
    let missing: Vec<_> =
        part.record.own().filter(|name| !is_there(&part.folder.join(name))).cloned().collect();
    let what = match missing.is_empty() {
        true if part.record.is_done => return Ok(()),
        true => "some of its submissions".to_owned(),
        false => list(&missing),
    };
    Err(Error::CutShort { folder: part.folder.clone(), shard: part.record.shard.to_string(), what })
}

/// The text of a verdict, and the verdict: a grader with this key has written it for this batch.
fn verdict(part: &Part, name: &str, key: &Key) -> Result<(String, SubmissionVerdict), Error> {
    let is_own = |(_, verdict): &(String, SubmissionVerdict)| {
        verdict.adds_up() && verdict.canonical == part.record.canonical && verdict.seeds == part.record.seeds
    };
    let verdict = sealed::read(&part.folder.join(name), name, key).filter(is_own);
    verdict.ok_or_else(|| Error::Changed { folder: part.folder.clone(), name: name.to_owned() })
}

fn quoted(name: &str) -> String {
    format!("`{}`", line(name))
}

fn list(names: &[String]) -> String {
    let shown: Vec<_> = names.iter().take(MOST_NAMED).map(|name| quoted(name)).collect();
    let more = names.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_folder_name_is_the_name_of_a_submission() {
        for good in ["ann", "Zoë 2", "=1+1", "---", "a_.._b", "_"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", ".", "..", "/", "/etc", "a/b", "../a", "a/", "./a", "a/."] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn missing_shards_are_named() {
        assert_eq!(missing_shards(&[3], 6), "shard 3 of 6 is missing");
        assert_eq!(missing_shards(&[3, 5], 6), "shards 3, 5 of 6 are missing");
    }
}
