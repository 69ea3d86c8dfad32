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
use rustix::param::{clock_ticks_per_second, page_size};

use super::disk;
use super::spec::{Isolation, Spec};
use super::usage;

/// A process that the program has started, or the program itself.
pub struct Process {
    pub id: i32,
    /// Not ended yet. A process that has ended stays in the list until its parent has waited for it.
    pub runs: bool,
    /// A thread that has not ended, if one has not: the first one may end before others, and then shows nothing of what
    /// they use together.
    thread: i32,
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

/// What the kernel keeps at most of what nobody has read yet, for a pipe and for a socket.
const PIPE: u64 = 64 << 10;
const SOCKET: u64 = 208 << 10;

/// # Errors
///
/// When the system does not show it.
pub fn used(spec: &Spec) -> io::Result<Used> {
    let (processes, written) = if spec.isolation == Isolation::None {
        // Tier C writes to a disk that other programs use, too.
        (descendants()?, disk::used(&spec.scratch))
    } else {
        let disk = statvfs(&spec.scratch)?;
        (inside()?, (disk.blocks() - disk.blocks_free()).saturating_mul(disk.fragment_size()))
    };
    let ended = usage::of_children().milliseconds;
    let ticks: u64 = processes.iter().map(|process| process.ticks).sum();
    let pages: u64 = processes.iter().map(|process| process.pages).sum();
    Ok(Used {
        processor: Duration::from_millis(ended + ticks * 1000 / clock_ticks_per_second()),
        processes: processes.iter().map(|process| process.threads).sum(),
        memory: pages * page_size() as u64 + in_buffers(&processes)?,
        written,
    })
}

/// What may be in the pipes and sockets of these processes: memory of the kernel's, which no process is said to have.
fn in_buffers(processes: &[Process]) -> io::Result<u64> {
    let mut open = HashSet::new();
    for process in processes.iter().filter(|process| process.runs) {
        let files = fs::read_dir(format!("/proc/{}/fd", process.thread));
        let Some(files) = while_it_lives(files, process.id)? else { continue };
        for file in files {
            // The folder goes with the process.
            let Some(file) = while_it_lives(file, process.id)? else { break };
            match fs::read_link(file.path()) {
                // Neither a pipe nor a socket has a name that is longer than the system can show.
                Err(error) if error.raw_os_error() == Some(libc::ENAMETOOLONG) => {}
                link => open.extend(while_it_lives(link, process.id)?),
            }
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
    let second = |text: Vec<u8>| number(text.split(|byte| *byte == b' ').nth(1)?).map(Duration::from_nanos);
    let Ok(own) = fs::read("/proc/self/schedstat") else { return Ok(None) };
    if second(own).is_none() {
        return Ok(None);
    }
    let processes = if spec.isolation == Isolation::None { descendants()? } else { inside()? };
    let mut threads = Vec::new();
    for process in processes {
        for id in threads_of(process.id) {
            let waited = fs::read(format!("/proc/{}/task/{id}/schedstat", process.id)).ok().and_then(second);
            threads.extend(waited.map(|waited| (id, waited)));
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
        let Some(text) = if_there(fs::read(format!("/proc/{id}/stat")))? else { continue };
        let unclear =
            || io::Error::new(io::ErrorKind::InvalidData, format!("/proc/{id}/stat has another form"));
        let first = process(id, id, &text).ok_or_else(unclear)?;
        let is_left_to_others = !first.runs && first.threads > 1;
        let other = if is_left_to_others { of_another_thread(id) } else { None };
        processes.push(other.unwrap_or(first));
    }
    Ok(processes)
}

/// The process as a thread of it shows it that has not ended. Those that end meanwhile show nothing.
fn of_another_thread(id: i32) -> Option<Process> {
    let of_thread = |thread: i32| process(id, thread, &fs::read(format!("/proc/{thread}/stat")).ok()?);
    threads_of(id).into_iter().filter_map(of_thread).find(|process| process.runs)
}

fn threads_of(process: i32) -> Vec<i32> {
    let entries = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// What `/proc/…/stat` says of a thread, and of its process. The text is bytes: the program's name is in it.
fn process(id: i32, thread: i32, text: &[u8]) -> Option<Process> {
    // The name is in parentheses, and may hold anything.
    let end = text.windows(2).rposition(|two| two == b") ")?;
    let fields: Vec<_> = text[end + 2..].split(|byte| byte.is_ascii_whitespace()).collect();
    let number = |index: usize| number(fields.get(index)?);
    Some(Process {
        id,
        runs: !matches!(fields.first(), Some(&(b"Z" | b"X"))),
        thread,
        parent: i32::try_from(number(1)?).ok()?,
        threads: number(17)?.max(1),
        pages: number(21)?,
        ticks: (11..15).filter_map(number).sum(),
    })
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.trim_end().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_may_have_any_name() {
        let fields = "S 1 7 7 0 -1 4194304 10 0 0 0 30 4 2 1 20 0 3 0 99 1000 250 18446744073709551615";
        for name in ["gate", ") S 1", "", "\u{fffd}\n) "] {
            let mut text = format!("7 ({name}) {fields}\n").into_bytes();
            text.iter_mut().filter(|byte| **byte == 0xef).for_each(|byte| *byte = 0xff);
            let process = process(7, 7, &text).unwrap();
            assert!(process.runs);
            assert_eq!((process.parent, process.threads, process.pages, process.ticks), (1, 3, 250, 37));
        }
        assert!(process(7, 7, b"7 (gate) S").is_none());
    }
}
