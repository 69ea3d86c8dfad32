//! Builds what later lessons depend on while the student reads, so that no lesson begins with a wait.
//!
//! It runs as a process of its own, at the lowest priority, and makes way: it ends when what it reads
//! from is closed, and it stops building while another command builds. Two lock files coordinate them:
//! a build for a verdict holds `wanted.lock`, a build ahead holds `warming.lock`.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::build::gate_command;
use crate::build_folder;
use crate::course::Course;
use crate::locks::{Lock, Tried, try_alone, wait_shared};
use crate::process::{end_group, in_its_own_group};
use crate::{Database, PASSED};

/// How often to check whether another command wants to build.
const TURN: Duration = Duration::from_millis(20);

/// The lock of a build for a verdict.
const WANTED: &str = "wanted.lock";
/// The lock of a build ahead.
const WARMING: &str = "warming.lock";

/// While it lives, nothing is built in the background.
pub struct Quiet {
    _wanted: Lock,
}

/// Stops what is built in the background, here and in other terminals, until the result is dropped.
///
/// # Errors
///
/// When the folder that cargo builds into cannot be written.
pub fn quiet(root: &Path) -> Result<Quiet> {
    build_folder::check(root)?;
    let folder = build_folder::own(root)?;
    let wanted = wait_shared(&folder.join(WANTED))?;
    // A build ahead holds this until it has ended.
    wait_shared(&folder.join(WARMING))?;
    Ok(Quiet { _wanted: wanted })
}

/// The hidden command that builds for `lessons`, one after the other. Prints each one's name when it is
/// done with it.
///
/// # Errors
///
/// When no such lesson exists, or cargo cannot be started.
pub fn warm(course: &Course, lessons: &[String], database: Database) -> Result<u8> {
    lowest_priority();
    let is_over = Arc::new(AtomicBool::new(false));
    let sees_end = Arc::clone(&is_over);
    thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        sees_end.store(true, Ordering::SeqCst);
    });
    for name in lessons {
        let lesson = course.lesson(name)?;
        while !is_over.load(Ordering::SeqCst) {
            match build(course, &lesson.package(), database, &is_over)? {
                Built::Done => {
                    eprintln!("{name}");
                    break;
                }
                Built::InTheWay => thread::sleep(TURN),
                // Without locks, no command could ask it to stop.
                Built::Never => return Ok(PASSED),
            }
        }
    }
    Ok(PASSED)
}

/// What came of building ahead.
enum Built {
    Done,
    /// Another command builds.
    InTheWay,
    /// The file system has no locks.
    Never,
}

/// Builds one lesson's gate. What does not compile is the student's to fix: what it depends on is built all
/// the same.
fn build(course: &Course, package: &str, database: Database, is_over: &AtomicBool) -> Result<Built> {
    let folder = build_folder::own(&course.root)?;
    let wanted = folder.join(WANTED);
    let _warming = match try_alone(&folder.join(WARMING))? {
        Tried::Held(lock) => lock,
        Tried::Taken => return Ok(Built::InTheWay),
        Tried::Impossible => return Ok(Built::Never),
    };
    if is_wanted(&wanted)? {
        return Ok(Built::InTheWay);
    }
    let mut command = gate_command(&course.root, package, database)?;
    command.arg("--quiet").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    in_its_own_group(&mut command);
    let mut child = command.spawn().context("cannot start cargo")?;
    loop {
        if child.try_wait()?.is_some() {
            return Ok(Built::Done);
        }
        if is_over.load(Ordering::SeqCst) || is_wanted(&wanted).unwrap_or(true) {
            end_group(&mut child);
            return Ok(Built::InTheWay);
        }
        thread::sleep(TURN);
    }
}

/// Whether another command builds.
fn is_wanted(wanted: &Path) -> Result<bool> {
    Ok(!matches!(try_alone(wanted)?, Tried::Held(_)))
}

#[cfg(unix)]
fn lowest_priority() {
    let _ = rustix::process::nice(19);
}

#[cfg(not(unix))]
fn lowest_priority() {}
