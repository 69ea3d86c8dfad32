//! `cargo kata verify`: grades what is in a bundle once more, and reports what differs.

use std::path::Path;

use anyhow::{Context, Result};
use grade::bundle::{Bundle, compare};
use grade::formats::json;
use grade::key::Key;
use grade::limits::Limits;
use grade::options::Options;
use grade::text::{line, say};
use kata::course::{self, Course};
use kata::{INTERNAL_ERROR, NOT_PASSED, PASSED};

use crate::arguments::{Arguments, Nonsense};

/// The limits of the bundle's run, where the command line names none.
fn with_limits(arguments: Arguments, options: Option<&Options>) -> Arguments {
    let Some(options) = options else { return arguments };
    let (build, gate) = (&options.build_limits, &options.gate_limits);
    let other = |own: u64, usual: u64| Some(own).filter(|own| *own != usual && *own > 0);
    Arguments {
        build_time: arguments.build_time.or(other(build.cpu_seconds, Limits::BUILD.cpu_seconds)),
        gate_time: arguments.gate_time.or(other(gate.cpu_seconds, Limits::GATE.cpu_seconds)),
        gate_memory: arguments.gate_memory.or(other(gate.memory >> 20, Limits::GATE.memory >> 20)),
        ..arguments
    }
}

/// Has `run` grade the files of a bundle, and compares.
///
/// # Errors
///
/// When it is not a bundle, or cannot be graded here.
pub fn verify(file: &Path, arguments: Arguments, run: &dyn Fn(&Arguments) -> Result<u8>) -> Result<u8> {
    let course = Course::read(&course::find_root()?)?;
    let results = std::path::absolute(file)?.parent().and_then(Path::parent).map(Path::to_owned);
    let key = match (&arguments.key, results) {
        (Some(key), _) => Some(Key::read(key).map_err(Nonsense::from)?),
        (None, Some(results)) if Key::is_beside_results_of(&std::path::absolute(file)?) => {
            Key::of(&results).map_err(Nonsense::from)?
        }
        (None, _) => None,
    };
    let bundle = Bundle::read(file, key.as_ref(), &course).map_err(Nonsense::from)?;
    if key.is_some() {
        say(format_args!("Its seal fits the key."));
    }
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (archive, out) = (folder.path().join("bundle.tar"), folder.path().join("verdicts"));
    bundle.pack(&archive)?;
    let again = Arguments {
        paths: vec![archive],
        lesson: bundle.lessons(),
        seed: bundle.verdict.seeds.fresh.clone(),
        out: Some(out.clone()),
        verify: None,
        key: None,
        no_scan: arguments.no_scan || bundle.verdict.options.as_ref().is_some_and(|options| !options.scan),
        ..arguments
    };
    let again = with_limits(again, bundle.verdict.options.as_ref());
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
