//! Builds what later lessons depend on while the student reads, so that no lesson begins with a wait.
//!
//! It runs as a process of its own, at the lowest priority, and makes way: it ends when what it reads
//! from is closed, and it stops building while another command builds. Two files tell of each other:
//! who builds holds `wanted.lock`, who warms holds `warming.lock`.

use std::fs::{self, File, TryLockError};
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::build::{gate_command, place};
use crate::course::Course;
use crate::watch::run::{end_group, in_group_of_its_own};
use crate::{Database, PASSED};

/// How often it looks whether it is in the way.
const TURN: Duration = Duration::from_millis(20);

fn lock_file(root: &Path, name: &str) -> Result<File> {
    // Copies of the course that build into one folder wait for each other.
    let folder = place::shared(root);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(name);
    File::create(&path).with_context(|| format!("cannot write {}", path.display()))
}

/// While it lives, nothing is built in the background.
pub struct Quiet {
    _wanted: File,
}

/// Stops what is built in the background, here and in other terminals, until the result is dropped.
pub fn quiet(root: &Path) -> Result<Quiet> {
    let wanted = lock_file(root, "wanted.lock")?;
    wanted.lock_shared().context("cannot lock wanted.lock")?;
    // Whoever warms has this until its build has ended.
    lock_file(root, "warming.lock")?.lock_shared().context("cannot lock warming.lock")?;
    Ok(Quiet { _wanted: wanted })
}

/// The hidden command that builds for `lessons`, one after the other. Prints each one's name when it is
/// done with it.
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
            if build(course, &lesson.package(), database, &is_over)? {
                eprintln!("{name}");
                break;
            }
            thread::sleep(TURN);
        }
    }
    Ok(PASSED)
}

/// Builds one lesson's gate, and says whether it came to an end. What does not compile is the student's
/// to mend: what it depends on is built all the same.
fn build(course: &Course, package: &str, database: Database, is_over: &AtomicBool) -> Result<bool> {
    let warming = lock_file(&course.root, "warming.lock")?;
    let wanted = lock_file(&course.root, "wanted.lock")?;
    if warming.try_lock().is_err() || is_wanted(&wanted) {
        return Ok(false);
    }
    let mut command = gate_command(&course.root, package, database)?;
    command.arg("--quiet").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    in_group_of_its_own(&mut command);
    let mut child = command.spawn().context("cannot start cargo")?;
    loop {
        if child.try_wait()?.is_some() {
            return Ok(true);
        }
        if is_over.load(Ordering::SeqCst) || is_wanted(&wanted) {
            end_group(&mut child);
            return Ok(false);
        }
        thread::sleep(TURN);
    }
}

/// Whether another command builds.
fn is_wanted(wanted: &File) -> bool {
    match wanted.try_lock() {
        Ok(()) => wanted.unlock().is_err(),
        Err(TryLockError::WouldBlock) => true,
        // Where files cannot be locked, better not to warm.
        Err(TryLockError::Error(_)) => true,
    }
}

#[cfg(unix)]
fn lowest_priority() {
    let _ = rustix::process::nice(19);
}

#[cfg(not(unix))]
fn lowest_priority() {}
