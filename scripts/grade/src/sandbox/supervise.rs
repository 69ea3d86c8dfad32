//! Starts the program, watches it, ends what is left of it, and collects what it wrote.

use std::fs;
use std::io::{PipeReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::outcome::{End, Outcome, Resource};
#[cfg(unix)]
use super::spec::Isolation;
use super::spec::Spec;
use super::usage;
use super::watch::watch;

/// How many files come back, and how large one may be.
const MOST_FILES: usize = 100;
const LARGEST_FILE: u64 = 256 << 10;
const DEEPEST: usize = 16;
const LARGEST_TRACE: u64 = 1 << 20;

/// Runs the program in the process's own surroundings.
///
/// # Errors
///
/// When the program cannot be started, or something that it started cannot be ended.
pub fn supervise(spec: &Spec) -> Result<Outcome> {
    for folder in spec.make.iter().chain([&spec.scratch]) {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        #[cfg(unix)]
        if !matches!(spec.isolation, Isolation::None) {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder, fs::Permissions::from_mode(0o777))?;
        }
    }
    let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    let mut command = command(spec)?;
    command
        .env_clear()
        .envs(&spec.variables)
        .current_dir(&spec.folder)
        // Not `/dev/null`: that file is the same for all, and can be locked.
        .stdin(Stdio::piped())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let start = Instant::now();
    let mut child = start_confined(spec, command)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that has ended already reads nothing. Dropped, so that it reads to an end.
        let _ = stdin.write_all(spec.input.as_bytes());
    }
    let flood = Arc::new(AtomicBool::new(false));
    let output = read_output(reader, spec.limits.output, flood.clone());

    #[cfg(unix)]
    let program = super::unix::pid(&child);
    let ended = wait(child, spec);
    let watched = watch(spec, start, &ended, &flood);
    // Whatever it has left behind must not touch anything from here on.
    #[cfg(unix)]
    super::unix::end_all(spec, program)?;
    let watched = watched.context("cannot measure what the program uses")?;
    let milliseconds = u64::try_from(start.elapsed().as_millis())?;
    let output = collect_output(&output);
    let end = match watched.end {
        _ if flood.load(Ordering::SeqCst) => End::Exceeded(Resource::Output),
        Some(end) => end,
        None => ended.recv().context("cannot determine how the program ended")?,
    };
    let used = usage::of_children();
    Ok(Outcome {
        end: by_signal(end),
        output,
        files: match &spec.collect {
            Some(folder) => files(folder),
            None => Vec::new(),
        },
        trace: spec.trace.as_deref().and_then(|file| text(file, LARGEST_TRACE)).unwrap_or_default(),
        milliseconds,
        own_milliseconds: milliseconds.saturating_sub(watched.starved),
        cpu_milliseconds: used.milliseconds,
        sandbox_milliseconds: usage::own().milliseconds,
        peak_kib: used.peak_kib.max(watched.peak / 1024),
    })
}

/// The program with its arguments and limits.
#[cfg(unix)]
fn command(spec: &Spec) -> Result<Command> {
    if spec.isolation != Isolation::None {
        // The first process of the namespace needs no more than the program may have.
        super::unix::limit(spec)?;
        let mut command = Command::new(&spec.program);
        command.args(&spec.arguments);
        return Ok(command);
    }
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_child_subreaper(true).context("cannot adopt orphans")?;
    let mut command =
        Command::new(std::env::current_exe().context("cannot find the grader's own program file")?);
    command
        .arg(super::commands::LIMITED)
        // Its arguments are for everybody to read.
        .arg(serde_json::to_string(&Spec { input: String::new(), ..spec.clone() })?)
        .arg(&spec.program)
        .args(&spec.arguments);
    kata::process::in_its_own_group(&mut command);
    Ok(command)
}

#[cfg(not(unix))]
fn command(spec: &Spec) -> Result<Command> {
    let mut command = Command::new(&spec.program);
    command.args(&spec.arguments);
    Ok(command)
}

/// Starts the program on a thread that gives its rights away first: they are a thread's own.
fn start_confined(spec: &Spec, mut command: Command) -> Result<Child> {
    thread::scope(|scope| {
        let start = scope.spawn(move || {
            #[cfg(target_os = "linux")]
            super::processors::restrict(&spec.limits)?;
            #[cfg(target_os = "linux")]
            super::linux::give_up_rights(spec, &mut command)?;
            command.spawn().with_context(|| format!("cannot start {}", spec.program.display()))
        });
        start.join().ok().context("the thread that starts the program has died")?
    })
}

/// Reads to the end, and keeps as much as is allowed.
fn read_output(mut reader: PipeReader, limit: u64, flood: Arc<AtomicBool>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = [0; 16 << 10];
        while let Ok(count) = reader.read(&mut buffer) {
            if count == 0 {
                break;
            }
            let room = usize::try_from(limit).unwrap_or(usize::MAX).saturating_sub(kept.len());
            if count > room {
                flood.store(true, Ordering::SeqCst);
            }
            kept.extend(&buffer[..count.min(room)]);
        }
        let _ = sender.send(kept);
    });
    receiver
}

fn collect_output(output: &mpsc::Receiver<Vec<u8>>) -> String {
    // All that could hold the other end has been ended. Tier C cannot be sure of that.
    let bytes = output.recv_timeout(Duration::from_secs(2)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(unix)]
fn wait(child: Child, _spec: &Spec) -> mpsc::Receiver<End> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || super::unix::reap(&child, &sender));
    receiver
}

#[cfg(not(unix))]
fn wait(mut child: Child, spec: &Spec) -> mpsc::Receiver<End> {
    use wait_timeout::ChildExt;
    let (sender, receiver) = mpsc::channel();
    let limit = spec.limits.longest();
    thread::spawn(move || {
        let end = match child.wait_timeout(limit) {
            Ok(Some(status)) => End::Exited(status.code().unwrap_or(1)),
            _ => {
                let _ = child.kill();
                End::TimedOut
            }
        };
        let _ = sender.send(end);
    });
    receiver
}

/// The two signals that are limits at work.
#[cfg(unix)]
fn by_signal(end: End) -> End {
    use nix::sys::signal::Signal;
    match end {
        End::Signal(signal) if signal == Signal::SIGXCPU as i32 => End::TimedOut,
        End::Signal(signal) if signal == Signal::SIGXFSZ as i32 => End::Exceeded(Resource::Disk),
        end => end,
    }
}

#[cfg(not(unix))]
fn by_signal(end: End) -> End {
    end
}

/// The files below `folder`. No link is followed. A folder that cannot be read, or lies too deep, may hold anything,
/// and counts as a file that cannot be read.
fn files(folder: &Path) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let walk = walkdir::WalkDir::new(folder).follow_root_links(false).min_depth(1).max_depth(DEEPEST);
    for entry in walk.max_open(8).sort_by_file_name() {
        if found.len() == MOST_FILES {
            break;
        }
        let (path, content) = match &entry {
            Ok(entry) if entry.file_type().is_dir() && entry.depth() < DEEPEST => continue,
            Ok(entry) if entry.file_type().is_file() => (entry.path(), text(entry.path(), LARGEST_FILE)),
            Ok(entry) => (entry.path(), None),
            Err(error) => (error.path().unwrap_or(folder), None),
        };
        // Nothing is there if the program has made nothing.
        if path != folder || folder.exists() {
            let inside = path.strip_prefix(folder).unwrap_or(path);
            found.push((inside.to_string_lossy().into_owned(), content));
        }
    }
    found
}

/// The text of a regular file of at most `largest` bytes.
fn text(file: &Path, largest: u64) -> Option<String> {
    let bytes = crate::untrusted::read(file, largest).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
