//! The submissions that the command line names.

use std::path::{Path, PathBuf};

use crate::intake::uploads::{Upload, Uploads};
use crate::reading::Reader;

/// Why nothing of what was named can be graded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Find(#[from] anyhow::Error),
    #[error(
        "`--out` would write into {}: choose another folder, such as `--out verdicts`",
        .0.display()
    )]
    OutInTheWay(PathBuf),
    #[error("found no submission in {count} files and folders, such as{}", .first.concat())]
    NoSubmission { count: usize, first: Vec<String> },
}

/// The submissions at `paths`; each is only one, if `is_one`. Results go to `out`.
///
/// # Errors
///
/// When a path cannot be read, when nothing in a folder is a submission, or when `out` is in the way.
pub fn uploads(paths: &[PathBuf], is_one: bool, reader: &Reader<'_>, out: &Path) -> Result<Uploads, Error> {
    let only = match reader.lessons[..] {
        [only] => Some(&reader.course.lessons[only]),
        _ => None,
    };
    let uploads = match is_one {
        true => Uploads::of_named(paths, reader.course),
        false => Uploads::find(paths, reader.course, only, out)?,
    };
    if let Some(folder) = in_the_way(paths, &uploads, out) {
        return Err(Error::OutInTheWay(folder.to_owned()));
    }
    let is_named = |upload: &Upload| paths.contains(&upload.path);
    let mut others = Vec::new();
    for upload in &uploads.all {
        match reader.read(&upload.path).is_nothing {
            Some(sentence) if !is_named(upload) => {
                others.push(format!("\n    {}: {sentence}", upload.name));
            }
            // One is enough. Those that cannot be read get a verdict with the reason.
            _ => {
                others.clear();
                break;
            }
        }
    }
    if !others.is_empty() {
        let count = others.len();
        others.truncate(5);
        return Err(Error::NoSubmission { count, first: others });
    }
    Ok(uploads)
}

/// The folder of submissions, or the submission, among whose files results would be written.
fn in_the_way<'a>(paths: &'a [PathBuf], uploads: &'a Uploads, out: &Path) -> Option<&'a Path> {
    let out = real(out);
    // Where cargo builds, nothing is handed in.
    let holds_out =
        |path: &Path| out.strip_prefix(real(path)).is_ok_and(|inside| !inside.starts_with("target"));
    let is_results = |upload: &&Upload| {
        let (path, results) = (real(&upload.path), out.join(&upload.name));
        path.starts_with(&results) || results.starts_with(&path)
    };
    let mut all = uploads.all.iter().map(|upload| upload.path.as_path());
    let batch = || paths.iter().map(PathBuf::as_path).find(|path| real(path) == out);
    let own = || uploads.all.iter().find(is_results).map(|upload| upload.path.as_path());
    all.find(|path| holds_out(path)).or_else(batch).or_else(own)
}

/// A path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let there = path.ancestors().find_map(|there| Some((there, there.canonicalize().ok()?)));
    there.map_or_else(
        || path.to_owned(),
        |(there, real)| match path.strip_prefix(there) {
            Ok(rest) if rest == Path::new("") => real,
            Ok(rest) => real.join(rest),
            Err(_) => path.to_owned(),
        },
    )
}
