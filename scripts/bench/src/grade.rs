//! How many submissions the grader gets through, beside a fresh clone and `cargo test` for each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use kata::build::{cargo, place};
use kata::course::{Course, find_root};
use kata::{derive, files};
use serde_json::Value;

use crate::{finished, process, report};

/// How often memory is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// What grading a number of submissions took.
struct Run {
    submissions: usize,
    seconds: f64,
    /// Seconds of the processor: compiling, running, and what is around them.
    cpu: [f64; 3],
    /// MiB: of the grader's own process, and of all processes together.
    peak: [f64; 2],
}

/// # Errors
///
/// When the grader does not compile, or cannot grade.
pub fn measure(submissions: usize, clones: usize) -> Result<()> {
    let root = find_root()?;
    let course = Course::read(&root)?;
    let built = cargo().args(["build", "--locked", "--package", "grade"]).current_dir(&root).status()?;
    if !built.success() {
        bail!("cannot build the grader");
    }
    let folder = tempfile::Builder::new().prefix("bench-grade-").tempdir_in(place::target(&root))?;
    let mut runs = Vec::new();
    for count in [submissions.div_ceil(10), submissions] {
        let all = folder.path().join(format!("submissions-{count}"));
        for number in 0..count {
            generate(&course, number, &all.join(format!("submission-{number:03}")))?;
        }
        runs.push(grade(&root, &all, &folder.path().join(format!("verdicts-{count}")), count)?);
    }
    println!(
        "All {} lessons of each submission, two processors; the first run has a tenth of them.\n",
        course.lessons.len()
    );
    let rows: Vec<[String; 8]> = runs
        .iter()
        .map(|run| {
            let each = |seconds: f64| report::number(seconds / run.submissions as f64);
            [
                run.submissions.to_string(),
                report::number(run.seconds),
                report::number(run.submissions as f64 * 60.0 / run.seconds),
                each(run.cpu[0]),
                each(run.cpu[1]),
                each(run.cpu[2]),
                report::number(run.peak[0]),
                report::number(run.peak[1]),
            ]
        })
        .collect();
    let heading = [
        "submissions",
        "s",
        "each minute",
        "CPU-s each: compiling",
        "running",
        "sandbox",
        "MiB: grader",
        "with all it starts",
    ];
    report::print(heading, &rows);

    let mut seconds = Vec::new();
    for number in 0..clones {
        seconds.push(clone(&root, &course, number, folder.path())?);
    }
    let Some(last) = runs.last().filter(|_| !seconds.is_empty()) else { return Ok(()) };
    let each = last.seconds / last.submissions as f64;
    let clone = seconds.iter().sum::<f64>() / seconds.len() as f64;
    println!(
        "A fresh clone and `cargo test` of every lesson takes {} s ({}), the grader {} s for each: {}.",
        report::number(clone),
        report::spread(&seconds),
        report::number(each),
        report::times(clone / each)
    );
    Ok(())
}

/// Right answers to all lessons, the skeletons, or right answers to some; no two alike.
fn generate(course: &Course, number: usize, folder: &Path) -> Result<()> {
    for (index, lesson) in course.lessons.iter().enumerate() {
        let is_done = match number % 4 {
            0 => true,
            1 => false,
            _ => index < number % (course.lessons.len() + 1),
        };
        let files = match is_done {
            true => finished::of_student(course, lesson, number)?,
            false => derive::handed_out(course, lesson)?,
        };
        for (path, mut text) in files {
            if path.ends_with("src/lib.rs") {
                text.push_str(&format!("\npub const SUBMISSION: usize = {number};\n"));
            }
            files::write(&folder.join(path), text)?;
        }
    }
    Ok(())
}

fn grade(root: &Path, all: &Path, out: &Path, submissions: usize) -> Result<Run> {
    let begun = Instant::now();
    let mut child = Command::new(place::target(root).join("debug/grade"))
        .arg(all)
        .arg("--out")
        .arg(out)
        .args(["--jobs", "2"])
        .stdout(Stdio::null())
        .spawn()
        .context("cannot start the grader")?;
    let mut peak = [0.0f64; 2];
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let (own, all) = process::resident_memory(child.id())?;
        peak = [peak[0].max(own), peak[1].max(all)];
        sleep(PAUSE);
    };
    let seconds = begun.elapsed().as_secs_f64();
    // Some are not done, unless the only one is.
    if !matches!(status.code(), Some(0 | 1)) {
        bail!("the grader ended with {status}");
    }
    let mut cpu = [0.0; 3];
    for number in 0..submissions {
        let file = out.join(format!("submission-{number:03}/verdict.json"));
        let verdict: Value = serde_json::from_slice(&fs::read(&file)?)?;
        for (sum, name) in cpu.iter_mut().zip(["compiling", "running", "sandbox"]) {
            *sum += verdict["cpu"][name].as_f64().context("a verdict without its processor time")? / 1000.0;
        }
    }
    Ok(Run { submissions, seconds, cpu, peak })
}

/// How many seconds it takes without a grader.
fn clone(root: &Path, course: &Course, number: usize, folder: &Path) -> Result<f64> {
    let place: PathBuf = folder.join(format!("clone-{number}"));
    let begun = Instant::now();
    let run = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().context("cannot start a program")
    };
    run(Command::new("git").args(["clone", "--quiet"]).arg(root).arg(&place))?;
    generate(course, number, &place)?;
    for lesson in &course.lessons {
        // Whether it passes is not the question here.
        run(cargo()
            .args(["test", "--locked", "--test", "gate", "--package", &lesson.package()])
            .env("CARGO_TARGET_DIR", place.join("target"))
            .current_dir(&place))?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    fs::remove_dir_all(&place)?;
    Ok(seconds)
}
