//! Ends a build that nobody waits for any longer: `cargo kata run` is asked to end while it compiles.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::locks::{Lock, Tried, try_alone, wait_alone};
use crate::process::ask_to_end;

/// How often to try a lock that another command holds.
const TURN: Duration = Duration::from_millis(20);

/// The compilers that this program has started.
struct Compilers {
    is_over: bool,
    /// Those that run, by the numbers of their processes.
    running: Vec<u32>,
}

static COMPILERS: Mutex<Compilers> = Mutex::new(Compilers { is_over: false, running: Vec::new() });

fn compilers() -> MutexGuard<'static, Compilers> {
    COMPILERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks the compilers that run to end, as Ctrl-C does. This program starts none after that.
pub fn interrupt() {
    let mut compilers = compilers();
    compilers.is_over = true;
    for process in &compilers.running {
        ask_to_end(*process);
    }
}

/// A compiler that runs, until this is dropped.
pub(super) struct Running(u32);

impl Drop for Running {
    fn drop(&mut self) {
        compilers().running.retain(|process| *process != self.0);
    }
}

/// Starts a compiler, unless the build was interrupted.
pub(super) fn spawn(command: &mut Command) -> io::Result<(Child, Running)> {
    // Held meanwhile, so that none starts unseen.
    let mut compilers = compilers();
    if compilers.is_over {
        return Err(io::Error::new(ErrorKind::Interrupted, "the build was interrupted"));
    }
    let child = command.spawn()?;
    compilers.running.push(child.id());
    let running = Running(child.id());
    Ok((child, running))
}

/// Waits for the exclusive lock at `path`, unless the build is interrupted.
pub(super) fn wait_for_lock(path: &Path) -> Result<Lock> {
    loop {
        match try_alone(path)? {
            Tried::Held(lock) => return Ok(lock),
            Tried::Impossible => return wait_alone(path),
            Tried::Taken if compilers().is_over => bail!("the build was interrupted"),
            Tried::Taken => thread::sleep(TURN),
        }
    }
}
