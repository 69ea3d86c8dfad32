//! `cargo kata page`: how soon it is there, how soon it shows a verdict, its memory, what a browser loads, and what it
//! costs the guide.

mod served;

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{fs, thread};

use anyhow::{Context, Result, ensure};
use kata::course::Lesson;
use kata::process::output;
use tempfile::TempDir;

use crate::process::own_memory;
use crate::report::{highest, median, number, print, spread, times};
use crate::verdict::course::SolvedCourse;
use crate::verdict::{EDITS_A_TURN, by_guide};
use served::{Events, Page};

/// So many verdicts are shown.
const VERDICTS: u32 = 20;
/// So often the page is started when it has been compiled.
const STARTS: u32 = 5;
/// The lesson whose page is open.
const LESSON: &str = "05-crud";

/// # Errors
///
/// When a gate does not pass, or a program fails.
pub fn measure(edits: u32, is_cold: bool) -> Result<()> {
    let course = SolvedCourse::new(None)?;
    let lesson = course.course.lesson(LESSON)?;
    // Has cargo settle what it locks, and makes a verdict to show.
    output(&mut course.kata(&["test", LESSON]))?;
    let cold = if is_cold { Some(cold_start(&course)?) } else { None };
    println!("Start");
    drop(Page::start(course.kata(&["page"]), LESSON)?);
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let page = Page::start(course.kata(&["page"]), LESSON)?;
        starts.push(page.seconds * 1000.0);
    }
    println!("Verdicts");
    let page = Page::start(course.kata(&["page"]), LESSON)?;
    let (shown, memory) = show_verdicts(&course, &page)?;
    let loaded = loaded(&course, &page)?;
    drop(page);
    let (shut, open) = edits_open_and_shut(&course, lesson, edits)?;

    println!();
    let start = |name: &str, figures: &[f64]| [name.to_owned(), number(median(figures)), spread(figures)];
    let mut rows = Vec::new();
    if let Some(seconds) = cold {
        rows.push(start("from `cargo kata page` to the page, not compiled yet", &[seconds * 1000.0]));
    }
    rows.push(start("from `cargo kata page` to the page, compiled", &starts));
    rows.push(start("from a verdict to the page", &shown));
    rows.push(start("from an edit to its verdict, no page", &shut));
    rows.push(start("from an edit to its verdict, the page open", &open));
    print(["ms", "median", "fastest and slowest"], &rows);
    println!("The page makes a verdict take {} as long.\n", times(median(&open) / median(&shut)));
    let memory = [["memory (PSS), MiB".to_owned(), number(median(&memory)), number(highest(&memory))]];
    print(["", "median", "peak"], &memory);
    print(["A page with all that it loads", "bytes"], &loaded);
    Ok(())
}

/// Seconds from the command to the page for somebody who has used the guide, and not the page.
fn cold_start(course: &SolvedCourse) -> Result<f64> {
    println!("Start, not compiled yet: a few minutes");
    let target = TempDir::with_prefix("bench-page-")?;
    output(course.kata(&["test", LESSON]).env("CARGO_TARGET_DIR", target.path()))?;
    let mut command = course.kata(&["page"]);
    command.env("CARGO_TARGET_DIR", target.path());
    Ok(Page::start(command, LESSON)?.seconds)
}

/// Milliseconds from a verdict, as the guide writes it, to the last byte of the page that shows it; and the page's
/// memory after each.
fn show_verdicts(course: &SolvedCourse, page: &Page) -> Result<(Vec<f64>, Vec<f64>)> {
    let file = verdict_file(course)?;
    let verdict = fs::read(&file).context("there is no verdict")?;
    let events = Events::listen(page)?;
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    // The first two warm up.
    for round in 0..VERDICTS + 2 {
        // What the one before has caused is over.
        thread::sleep(std::time::Duration::from_millis(300));
        events.forget();
        let new = file.with_extension("bench");
        fs::write(&new, &verdict)?;
        let start = Instant::now();
        fs::rename(&new, &file)?;
        events.wait_for_verdict()?;
        ensure!(page.get(&format!("{LESSON}/"))?.contains("id=\"verdict\""), "the page shows no verdict");
        if round > 1 {
            times.push(start.elapsed().as_secs_f64() * 1000.0);
            memory.push(own_memory(page.pid())?);
        }
    }
    Ok((times, memory))
}

/// The newest verdict on the lesson.
fn verdict_file(course: &SolvedCourse) -> Result<PathBuf> {
    let name = Path::new("verdicts/sqlite").join(format!("{LESSON}.json"));
    let kept = course.target().join("kata");
    let mut found = vec![kept.join(&name)];
    for folder in fs::read_dir(&kept).with_context(|| format!("cannot read {}", kept.display()))? {
        found.push(folder?.path().join(&name));
    }
    let time = |file: &PathBuf| fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    let newest = found.into_iter().filter(|file| file.is_file()).max_by_key(time);
    newest.context("the guide has kept no verdict")
}

/// How much a browser loads for the map and for each lesson.
fn loaded(course: &SolvedCourse, page: &Page) -> Result<Vec<[String; 2]>> {
    let assets = page.get("static/style.css")?.len() + page.get("static/page.js")?.len();
    let lessons = course.course.lessons.iter().map(|lesson| lesson.name.as_str());
    let row = |name: &str| {
        let path = if name.is_empty() { String::new() } else { format!("{name}/") };
        let bytes = page.get(&path)?.len() + assets;
        let name = if name.is_empty() { "the map" } else { name };
        Ok([name.to_owned(), bytes.to_string()])
    };
    [""].into_iter().chain(lessons).map(row).collect()
}

/// Milliseconds from an edit to its verdict in the guide, without a page and with one, in turns.
fn edits_open_and_shut(course: &SolvedCourse, lesson: &Lesson, edits: u32) -> Result<(Vec<f64>, Vec<f64>)> {
    let (mut shut, mut open) = (Vec::new(), Vec::new());
    let mut left = edits;
    while left > 0 {
        let turn = EDITS_A_TURN.min(left);
        left -= turn;
        println!("Edits: {left} to go");
        shut.extend(by_guide(course, lesson, turn)?.0);
        let page = Page::start(course.kata(&["page"]), LESSON)?;
        let events = Events::listen(&page)?;
        open.extend(by_guide(course, lesson, turn)?.0);
        ensure!(events.count()? > 0, "the page has not heard of any verdict");
    }
    let milliseconds = |seconds: Vec<f64>| seconds.into_iter().map(|seconds| seconds * 1000.0).collect();
    Ok((milliseconds(shut), milliseconds(open)))
}
