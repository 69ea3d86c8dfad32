//! The processes of a sandbox, as Linux shows them in `/proc`.

use std::fs;
use std::time::Duration;

use nix::sys::statvfs::statvfs;
use nix::unistd::geteuid;

use super::spec::{Isolation, Spec};
use super::usage;

/// A process that the program has started, or the program itself.
pub struct Process {
    pub id: i32,
    /// Not ended yet. A process that has ended stays in the list until its parent has waited for it.
    pub runs: bool,
    parent: i32,
    threads: u64,
    pages: u64,
    /// The processor's time, with that of the children for which it has waited.
    ticks: u64,
}

/// What all of them use together.
pub struct Used {
    pub processes: u64,
    pub memory: u64,
    pub written: u64,
    pub processor: Duration,
}

/// How many ticks of `/proc` are a second, on every processor that Rust runs on.
const TICKS: u64 = 100;

pub fn used(spec: &Spec) -> Used {
    let (processes, written) = if spec.isolation == Isolation::None {
        (descendants(), of_folder(spec))
    } else {
        let used = statvfs(&spec.scratch)
            .map_or(0, |disk| (disk.blocks() - disk.blocks_free()).saturating_mul(disk.fragment_size()));
        (inside(), used)
    };
    let ended = usage::of_children().milliseconds;
    let ticks: u64 = processes.iter().map(|process| process.ticks).sum();
    Used {
        processor: Duration::from_millis(ended + ticks * 1000 / TICKS),
        processes: processes.iter().map(|process| process.threads).sum(),
        memory: processes.iter().map(|process| process.pages * 4096).sum(),
        written,
    }
}

/// For each thread of the program, how long it could have gone on and got no processor. `None` where the
/// kernel does not count that.
pub fn starved(spec: &Spec) -> Option<Vec<(i32, Duration)>> {
    // The first field is the time on a processor, the second the time of waiting for one.
    let second = |text: String| text.split(' ').nth(1)?.parse().ok().map(Duration::from_nanos);
    second(fs::read_to_string("/proc/self/schedstat").ok()?)?;
    let processes = if spec.isolation == Isolation::None { descendants() } else { inside() };
    let mut threads = Vec::new();
    for process in processes {
        let folder = format!("/proc/{}/task", process.id);
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let id = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let waited = fs::read_to_string(entry.path().join("schedstat")).ok().and_then(second);
            threads.extend(id.zip(waited));
        }
    }
    Some(threads)
}

/// All processes of the namespace but its first, which is this one.
pub fn inside() -> Vec<Process> {
    processes().into_iter().filter(|process| process.id != 1).collect()
}

/// All processes that come from this one.
pub fn descendants() -> Vec<Process> {
    let mut all = processes();
    let mut ancestors = vec![std::process::id().cast_signed()];
    let mut found = Vec::new();
    loop {
        let (children, others): (Vec<_>, _) =
            all.into_iter().partition(|process| ancestors.contains(&process.parent));
        if children.is_empty() {
            return found;
        }
        ancestors.extend(children.iter().map(|process| process.id));
        found.extend(children);
        all = others;
    }
}

/// How many processes and threads this user has.
pub fn of_this_user() -> u64 {
    let is_ours = |process: &Process| {
        let folder = fs::metadata(format!("/proc/{}", process.id));
        folder.is_ok_and(|folder| std::os::unix::fs::MetadataExt::uid(&folder) == geteuid().as_raw())
    };
    processes().iter().filter(|process| is_ours(process)).map(|process| process.threads).sum()
}

fn processes() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let id = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    entries.filter_map(|entry| process(id(entry.ok()?)?)).collect()
}

/// Reads `/proc/…/stat`.
fn process(id: i32) -> Option<Process> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The program's name is in parentheses, and may hold anything.
    let (_, fields) = text.rsplit_once(") ")?;
    let fields: Vec<_> = fields.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Process {
        id,
        runs: !matches!(fields.first(), Some(&("Z" | "X"))),
        parent: i32::try_from(number(1)?).ok()?,
        threads: number(17)?.max(1),
        pages: number(21)?,
        ticks: (11..15).filter_map(number).sum(),
    })
}

/// Tier C writes to a disk that other programs use, too.
fn of_folder(spec: &Spec) -> u64 {
    let entries = walkdir::WalkDir::new(&spec.scratch).into_iter().filter_map(Result::ok);
    entries
        .filter_map(|entry| entry.metadata().ok())
        .filter(|file| file.is_file())
        .map(|file| file.len())
        .sum()
}
