//! `cargo kata verify`: grades what is in a bundle once more, and reports what differs.

use std::path::Path;

use anyhow::{Context, Result};
use grade::bundle::{Bundle, compare};
use grade::formats::json;
use grade::text::{line, say};
use kata::{INTERNAL_ERROR, NOT_PASSED, PASSED};

use crate::arguments::{Arguments, Nonsense};

/// Has `run` grade the files of a bundle, and compares.
///
/// # Errors
///
/// When it is no bundle, or cannot be graded here.
pub fn verify(file: &Path, arguments: Arguments, run: &dyn Fn(&Arguments) -> Result<u8>) -> Result<u8> {
    let bundle = Bundle::read(file).map_err(Nonsense::from)?;
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (archive, out) = (folder.path().join("bundle.tar"), folder.path().join("verdicts"));
    bundle.pack(&archive)?;
    let again = Arguments {
        paths: vec![archive],
        lesson: bundle.lessons(),
        seed: bundle.verdict.seeds.fresh.clone(),
        out: Some(out.clone()),
        verify: None,
        ..arguments
    };
    let code = run(&again)?;
    let now = json::read(&out.join("bundle").join(json::NAME))?;
    let (Some(now), false) = (now, code == INTERNAL_ERROR) else { return Ok(code.max(INTERNAL_ERROR)) };
    let (notes, differences): (Vec<_>, Vec<_>) =
        compare(&bundle.verdict, &now).into_iter().partition(|difference| difference.is_note);
    for note in &notes {
        say(format_args!("Note: {note}"));
    }
    for difference in &differences {
        say(format_args!("Differs: {difference}"));
    }
    let name = line(&bundle.verdict.submission);
    if differences.is_empty() {
        let gates = bundle.verdict.gates().count();
        say(format_args!("Equal: the verdict on `{name}` is the same here, for {gates} gates."));
        Ok(PASSED)
    } else {
        say(format_args!("The verdict on `{name}` differs here in {} places.", differences.len()));
        Ok(NOT_PASSED)
    }
}
