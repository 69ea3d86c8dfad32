//! The processes of a sandbox, as Linux shows them in `/proc`.
//!
//! Where `/proc` cannot be read, the run fails: "no processes" would be what a submission wants the watch to see.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::PathBuf;
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

/// What the kernel keeps at most of what nobody has read yet, for a pipe and for a socket.
const PIPE: u64 = 64 << 10;
const SOCKET: u64 = 208 << 10;

/// # Errors
///
/// When the system does not show it.
pub fn used(spec: &Spec) -> io::Result<Used> {
    let (processes, written) = if spec.isolation == Isolation::None {
        (descendants()?, of_folder(spec))
    } else {
        let disk = statvfs(&spec.scratch)?;
        (inside()?, (disk.blocks() - disk.blocks_free()).saturating_mul(disk.fragment_size()))
    };
    let ended = usage::of_children().milliseconds;
    let ticks: u64 = processes.iter().map(|process| process.ticks).sum();
    let pages: u64 = processes.iter().map(|process| process.pages).sum();
    Ok(Used {
        processor: Duration::from_millis(ended + ticks * 1000 / TICKS),
        processes: processes.iter().map(|process| process.threads).sum(),
        memory: pages * 4096 + in_buffers(&processes)?,
        written,
    })
}

/// What may be in the pipes and sockets of these processes: memory of the kernel's, which no process is said to have.
fn in_buffers(processes: &[Process]) -> io::Result<u64> {
    let mut open = HashSet::new();
    for process in processes.iter().filter(|process| process.runs) {
        let files = fs::read_dir(format!("/proc/{}/fd", process.id));
        let Some(files) = while_it_lives(files, process.id)? else { continue };
        for file in files {
            // The folder goes with the process.
            let Some(file) = while_it_lives(file, process.id)? else { break };
            open.extend(while_it_lives(fs::read_link(file.path()), process.id)?);
        }
    }
    let of_file = |file: &PathBuf| match file.as_os_str().as_encoded_bytes() {
        name if name.starts_with(b"pipe:") => PIPE,
        name if name.starts_with(b"socket:") => SOCKET,
        _ => 0,
    };
    Ok(open.iter().map(of_file).sum())
}

/// `None` for what belonged to a process that has ended meanwhile.
fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.raw_os_error() == Some(libc::ESRCH) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same for what nobody but root may look at while a process ends: between giving its memory back and being gone.
/// A process that lives and hides its files is an error.
fn while_it_lives<T>(result: io::Result<T>, process: i32) -> io::Result<Option<T>> {
    let is_refused = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    if !result.as_ref().is_err_and(is_refused) {
        return if_there(result);
    }
    match processes()?.into_iter().find(|one| one.id == process) {
        Some(one) if one.runs && one.pages > 0 => result.map(Some),
        _ => Ok(None),
    }
}

/// For each thread of the program, how long it could have gone on and got no processor. `None` where the
/// kernel does not count that.
///
/// # Errors
///
/// When the system does not show the processes.
pub fn starved(spec: &Spec) -> io::Result<Option<Vec<(i32, Duration)>>> {
    // The first field is the time on a processor, the second the time of waiting for one.
    let second = |text: String| text.split(' ').nth(1)?.parse().ok().map(Duration::from_nanos);
    let Ok(own) = fs::read_to_string("/proc/self/schedstat") else { return Ok(None) };
    if second(own).is_none() {
        return Ok(None);
    }
    let processes = if spec.isolation == Isolation::None { descendants()? } else { inside()? };
    let mut threads = Vec::new();
    for process in processes {
        let folder = format!("/proc/{}/task", process.id);
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let id = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let waited = fs::read_to_string(entry.path().join("schedstat")).ok().and_then(second);
            threads.extend(id.zip(waited));
        }
    }
    Ok(Some(threads))
}

/// All processes of the namespace but its first, which is this one.
///
/// # Errors
///
/// When the system does not show them.
pub fn inside() -> io::Result<Vec<Process>> {
    Ok(processes()?.into_iter().filter(|process| process.id != 1).collect())
}

/// All processes that come from this one.
///
/// # Errors
///
/// When the system does not show them.
pub fn descendants() -> io::Result<Vec<Process>> {
    let mut all = processes()?;
    let mut ancestors = vec![std::process::id().cast_signed()];
    let mut found = Vec::new();
    loop {
        let (children, others): (Vec<_>, _) =
            all.into_iter().partition(|process| ancestors.contains(&process.parent));
        if children.is_empty() {
            return Ok(found);
        }
        ancestors.extend(children.iter().map(|process| process.id));
        found.extend(children);
        all = others;
    }
}

/// How many processes and threads this user has.
///
/// # Errors
///
/// When the system does not show them.
pub fn of_this_user() -> io::Result<u64> {
    let is_ours = |process: &Process| {
        let folder = fs::metadata(format!("/proc/{}", process.id));
        folder.is_ok_and(|folder| std::os::unix::fs::MetadataExt::uid(&folder) == geteuid().as_raw())
    };
    Ok(processes()?.iter().filter(|process| is_ours(process)).map(|process| process.threads).sum())
}

fn processes() -> io::Result<Vec<Process>> {
    let mut processes = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Some(text) = if_there(fs::read_to_string(format!("/proc/{id}/stat")))? else { continue };
        let unclear =
            || io::Error::new(io::ErrorKind::InvalidData, format!("/proc/{id}/stat has another form"));
        processes.push(process(id, &text).ok_or_else(unclear)?);
    }
    Ok(processes)
}

/// What `/proc/…/stat` says.
fn process(id: i32, text: &str) -> Option<Process> {
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
