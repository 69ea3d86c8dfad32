//! What a server and the processes it has started cost: processor time and memory.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use anyhow::{Context, Result};

/// Ticks in a second, as `/proc` counts for programs; the same on every machine that Rust runs on.
const TICKS: f64 = 100.0;

/// How often memory is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// The processor time that the process and its children have taken so far, in seconds.
///
/// # Errors
///
/// When one of them has ended meanwhile.
pub fn processor_time(pid: u32) -> Result<f64> {
    let ticks = tree(pid)?.into_iter().map(|pid| {
        let stat = Stat::read(pid).with_context(|| format!("process {pid} is gone"))?;
        Ok(stat.ticks)
    });
    Ok(ticks.sum::<Result<u64>>()? as f64 / TICKS)
}

/// Runs `work` and notes again and again how much memory the process and its children take, in MiB.
///
/// # Errors
///
/// When `work` fails, or the memory cannot be read.
pub fn watch_memory<T>(pid: u32, work: impl FnOnce() -> Result<T>) -> Result<(T, Vec<f64>)> {
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut samples = Vec::new();
            while !is_done.load(Ordering::Relaxed) {
                sleep(PAUSE);
                samples.push(memory(pid)?);
            }
            Ok(samples)
        });
        let done = work();
        is_done.store(true, Ordering::Relaxed);
        let samples: Result<_> = watcher.join().expect("the watcher does not panic");
        Ok((done?, samples?))
    })
}

/// MiB of the process, and of it and its children. Those that end meanwhile count as nothing.
///
/// # Errors
///
/// When there is no `/proc`.
pub fn resident_memory(pid: u32) -> Result<(f64, f64)> {
    let mib = |pid: &u32| Stat::read(*pid).map_or(0.0, |stat| stat.pages as f64 / 256.0);
    Ok((mib(&pid), tree(pid)?.iter().map(mib).sum()))
}

/// The proportional set size of all processes: what they share is counted once.
fn memory(pid: u32) -> Result<f64> {
    tree(pid)?.into_iter().map(own_memory).sum()
}

/// MiB of the process alone, as its proportional set size.
///
/// # Errors
///
/// When it has ended.
pub fn own_memory(pid: u32) -> Result<f64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"));
    let rollup = rollup.with_context(|| format!("cannot read the memory of process {pid}"))?;
    let size = rollup.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB"));
    Ok(size.context("smaps_rollup has no Pss")?.parse::<f64>()? / 1024.0)
}

/// The process and all that descend from it.
fn tree(root: u32) -> Result<Vec<u32>> {
    let processes = fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    // A process that ends meanwhile has no `stat` any more, and is not one of ours.
    let parents: Vec<(u32, u32)> = processes.filter_map(|pid| Some((pid, Stat::read(pid)?.parent))).collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    Ok(found)
}

struct Stat {
    parent: u32,
    /// Memory that is in use, in pages of 4 KiB.
    pages: u64,
    /// Of the program and of the system on its behalf.
    ticks: u64,
}

impl Stat {
    fn read(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name, in parentheses, may hold anything.
        let fields: Vec<_> = stat.rsplit_once(") ")?.1.split(' ').collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            parent: number(1)?.try_into().ok()?,
            pages: number(21)?,
            ticks: number(11)? + number(12)?,
        })
    }
}
