//! From a save to its verdict at the end of each stage of a project: its gates pass, and the next one does not.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use kata::process::output;

use super::course::SolvedCourse;
use super::guide::Guide;
use crate::report::{median, number, print};

/// # Errors
///
/// When the course has no project, a gate does not pass, or the guide fails.
pub fn measure(rounds: u32, submission: Option<&str>) -> Result<()> {
    let course = SolvedCourse::new(submission)?;
    let mut lessons = course.course.lessons.iter().zip(&course.names);
    let (lesson, whose) = lessons.find(|(lesson, _)| lesson.is_project()).context("there is no project")?;
    println!("{whose}");
    let mut rows = Vec::new();
    for (index, stage) in lesson.manifest.stages.iter().enumerate() {
        let next = lesson.manifest.stages.get(index + 1).and_then(|next| {
            let start = format!("{}::", next.name);
            lesson.manifest.gates.iter().find(|gate| gate.name.starts_with(&start))
        });
        // The whole app is there. What the next stage's first gate is to see is changed, so that it fails.
        let snapshot = next.map(|gate| course.course.root.join(lesson.snapshot_file(&gate.name)));
        let right = snapshot.as_ref().map(fs::read_to_string).transpose()?;
        if let (Some(snapshot), Some(right)) = (&snapshot, &right) {
            fs::write(snapshot, format!("{right}\nnot yet\n"))?;
        }
        course.forget_progress()?;
        output(&mut course.kata(&["goto", &lesson.name]))?;
        let mut guide = Guide::start(course.guide())?;
        guide.wait_for_verdict()?;
        let (mut first, mut whole) = (Vec::new(), Vec::new());
        for round in 0..rounds + 2 {
            // Not while the guide is still at work on the last one.
            thread::sleep(Duration::from_millis(150));
            course.edit(lesson)?;
            let start = Instant::now();
            let early = guide.wait_for_verdict()?;
            let all = start.elapsed();
            // The first two are for what a program notes down.
            if round > 1 {
                first.push(early.map_or(all, |early| early - start).as_secs_f64() * 1000.0);
                whole.push(all.as_secs_f64() * 1000.0);
            }
        }
        drop(guide);
        if let (Some(snapshot), Some(right)) = (&snapshot, &right) {
            fs::write(snapshot, right)?;
        }
        rows.push([stage.title.clone(), number(median(&first)), number(median(&whole))]);
    }
    println!();
    print(["ms, medians", "the gate to pass", "and those before it"], &rows);
    println!("The app is whole in each row; an edit adds a line to its src/lib.rs.");
    Ok(())
}
