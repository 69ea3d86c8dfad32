//! What platforms that run the grader themselves take: an archive for Gradescope, and a folder for Classroom 50. Both
//! contain the complete course.
//!
//! sources: gradescope/autograder_samples, af5dee4 (docs/specs.md); foundation50/classroom50, 0b4bcc0
//! (wiki/Advanced-Autograding.md).

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use kata::course::{Course, version};
use kata::export::{Exported, export};
use kata::files;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::class::policy::Policy;
use crate::sandbox::Tier;

const SETUP: &str = include_str!("../platforms/gradescope/setup.sh");
const RUN: &str = include_str!("../platforms/gradescope/run_autograder.sh");
const AUTOGRADER: &str = include_str!("../platforms/classroom50/autograder.py");

/// The folder with the course, in what is written.
const COURSE: &str = "course";
/// The least that a verdict needs to count.
const MIN_TIER: Tier = Tier::A;
/// Gradescope stops after 600 s, if nobody has raised that, and Classroom 50 after 900 s, which include what is done
/// before and after.
const GRADESCOPE_SECONDS: u32 = 570;
const CLASSROOM50_SECONDS: u32 = 780;

/// Writes `to`, the archive that Gradescope takes as an autograder. Without `lessons`, it grades all.
///
/// # Errors
///
/// When there is something at `to`, or a file cannot be written.
pub fn gradescope(
    course: &Course,
    to: &Path,
    lessons: &[String],
    policy: Option<&Policy>,
) -> Result<Exported> {
    if to.symlink_metadata().is_ok() {
        bail!("{} is there already; nothing was written", to.display());
    }
    let scratch = tempfile::tempdir().context("cannot make a temporary folder")?;
    let exported = export(course, &scratch.path().join(COURSE), false)?;
    let folder = std::path::absolute(to)?.parent().context("an archive has a folder")?.to_owned();
    let new = tempfile::Builder::new().prefix(".new-").tempfile_in(&folder);
    let new = new.with_context(|| format!("cannot write to {}", folder.display()))?;
    let mut archive = ZipWriter::new(BufWriter::new(new.as_file()));
    let mut add = |path: &str, permissions: u32, content: &[u8]| -> Result<()> {
        archive.start_file(path, SimpleFileOptions::default().unix_permissions(permissions))?;
        archive.write_all(content).with_context(|| format!("cannot write {path}"))
    };
    add("setup.sh", 0o755, SETUP.as_bytes())?;
    add("run_autograder", 0o755, RUN.as_bytes())?;
    add("settings.sh", 0o644, settings(course, lessons)?.as_bytes())?;
    if let Some(source) = policy.and_then(|policy| policy.source.as_ref()) {
        add("policy.toml", 0o600, source.text.as_bytes())?;
    }
    for inside in files::below(&exported.folder)? {
        let file = exported.folder.join(&inside);
        let content = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        add(&format!("{COURSE}/{}", parts.join("/")), 0o644, &content)?;
    }
    archive.finish()?.flush().context("cannot write the archive")?;
    persist(new, to)?;
    Ok(exported)
}

/// Writes `to`, the folder that Classroom 50 packs as the autograder of an assignment.
///
/// # Errors
///
/// When the folder is not empty, or a file cannot be written.
pub fn classroom50(course: &Course, to: &Path, lessons: &[String]) -> Result<Exported> {
    if to.symlink_metadata().is_ok() && !to.read_dir().is_ok_and(|mut entries| entries.next().is_none()) {
        bail!("{} is not an empty folder; nothing was written", to.display());
    }
    let exported = export(course, &to.join(COURSE), false)?;
    let settings = json!({
        "lessons": lessons, "min_tier": MIN_TIER.to_string(), "seconds": CLASSROOM50_SECONDS,
    });
    let runtime = json!({ "runs-on": "ubuntu-latest", "rust": version::rust(&course.root)? });
    files::write(&to.join("autograder.py"), AUTOGRADER)?;
    for (name, value) in [("settings.json", settings), ("runtime.json", runtime)] {
        files::write(&to.join(name), format!("{value:#}\n"))?;
    }
    Ok(exported)
}

/// What an instructor may change without exporting again, for bash. The names of lessons are letters, digits and `-`.
fn settings(course: &Course, lessons: &[String]) -> Result<String> {
    Ok(format!(
        "# What this autograder grades, and how. After a change, pack the archive again.\n\
         # All lessons, if it is empty.\n\
         lessons='{}'\n\
         # The lowest tier of sandbox to accept: see \"Where to run it\" in course/scripts/grade/README.md.\n\
         min_tier='{MIN_TIER}'\n\
         # When the grader gives up: 30 seconds before Gradescope does.\n\
         seconds={GRADESCOPE_SECONDS}\n\
         # The version of Rust to install, if there is none.\n\
         rust='{}'\n",
        lessons.join(","),
        version::rust(&course.root)?
    ))
}

/// Puts the archive where it belongs, readable as any other file.
fn persist(new: tempfile::NamedTempFile, to: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        new.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    let persisted = new.persist_noclobber(to).map_err(|error| error.error);
    persisted.map(drop).with_context(|| format!("cannot write {}", to.display()))
}
