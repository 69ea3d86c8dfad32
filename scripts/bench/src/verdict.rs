//! From a save to its verdict, in each lesson: by the guide that watches, by `cargo kata test`, by cargo
//! alone, and by mainmatter's `wr` where it is installed.

pub mod course;
mod guide;
mod stages;

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use kata::course::Lesson;
use kata::process::output;

use crate::report::{median, number, print, times};
use course::SolvedCourse;
use guide::Guide;
pub use stages::measure as measure_stages;

/// After so many edits the next program has its turn: a machine is faster in one minute than in another.
pub const EDITS_A_TURN: u32 = 5;

/// # Errors
///
/// When a gate does not pass, or a program fails.
pub fn measure(rounds: u32, lessons: &[String], submission: Option<&str>) -> Result<()> {
    let course = SolvedCourse::new(submission)?;
    let mut rows = Vec::new();
    for (lesson, whose) in course.course.lessons.iter().zip(&course.names) {
        let name = lesson.name.as_str();
        if !lessons.is_empty() && !lessons.iter().any(|wanted| name.contains(wanted.as_str())) {
            continue;
        }
        println!("{whose}");
        let (mut guide, mut test, mut cargo, mut wr) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut memory = 0.0_f64;
        let mut left = rounds;
        while left > 0 {
            let edits = EDITS_A_TURN.min(left);
            left -= edits;
            let (seconds, megabytes) = by_guide(&course, lesson, edits)?;
            guide.extend(seconds);
            memory = memory.max(megabytes);
            test.extend(by_command(&course, lesson, edits, || course.kata(&["test", name]))?);
            cargo.extend(by_command(&course, lesson, edits, || course.cargo(lesson))?);
            if course.has_wr {
                wr.extend(by_command(&course, lesson, edits, || course.wr(lesson))?);
            }
        }
        let wr = course.has_wr.then_some(wr);
        let milliseconds = |figures: &[f64]| number(median(figures) * 1000.0);
        let ratio = |other: &[f64]| times(median(&guide) / median(other));
        rows.push([
            whose.clone(),
            milliseconds(&guide),
            milliseconds(&test),
            milliseconds(&cargo),
            ratio(&cargo),
            wr.as_deref().map_or("–".to_owned(), milliseconds),
            wr.as_deref().map_or("–".to_owned(), ratio),
            number(memory),
        ]);
    }
    ensure!(!rows.is_empty(), "there is no lesson of that name");
    println!();
    print(
        ["ms, medians", "guide", "kata test", "cargo test", "guide/cargo", "wr", "guide/wr", "guide MB"],
        &rows,
    );
    println!("Every gate passes in each of them; an edit adds a line to the lesson's src/lib.rs.");
    if !course.has_wr {
        println!("`wr` is not installed: cargo install workshop-runner");
    }
    Ok(())
}

/// Edits, and runs a command to its end.
fn by_command(
    course: &SolvedCourse,
    lesson: &Lesson,
    rounds: u32,
    command: impl Fn() -> Command,
) -> Result<Vec<f64>> {
    let mut seconds = Vec::new();
    // The first two are for what has to be built, and for what a program notes down.
    for round in 0..rounds + 2 {
        course.edit(lesson)?;
        let start = Instant::now();
        output(&mut command())?;
        if round > 1 {
            seconds.push(start.elapsed().as_secs_f64());
        }
    }
    Ok(seconds)
}

/// Edits, and waits for the verdict on the guide's screen. Returns the seconds, and the guide's memory.
///
/// # Errors
///
/// When the guide fails, or takes too long.
pub fn by_guide(course: &SolvedCourse, lesson: &Lesson, rounds: u32) -> Result<(Vec<f64>, f64)> {
    course.forget_progress()?;
    output(&mut course.kata(&["goto", &lesson.name]))?;
    let mut guide = Guide::start(course.guide())?;
    guide.wait_for_verdict()?;
    let mut seconds = Vec::new();
    for round in 0..rounds + 2 {
        // Not while the guide is still at work on the last one.
        thread::sleep(Duration::from_millis(150));
        course.edit(lesson)?;
        let start = Instant::now();
        guide.wait_for_verdict()?;
        if round > 1 {
            seconds.push(start.elapsed().as_secs_f64());
        }
    }
    Ok((seconds, guide.memory()?))
}
