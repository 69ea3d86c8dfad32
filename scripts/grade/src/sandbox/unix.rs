//! What every Unix has: limits of a process, signals, and who has ended.

use std::process::Child;
use std::sync::mpsc::Sender;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use rustix::process::{WaitOptions, wait};

use super::outcome::End;
#[cfg(target_os = "linux")]
use super::processes;
use super::spec::{Isolation, Spec};

/// Sets the limits of this process, which the program inherits.
///
/// # Errors
///
/// When the system refuses a limit.
pub fn limit(spec: &Spec) -> Result<()> {
    let limits = &spec.limits;
    #[cfg_attr(not(target_os = "linux"), allow(unused_mut))]
    let mut all = vec![
        (Resource::RLIMIT_CORE, "of a core file", 0),
        (Resource::RLIMIT_FSIZE, "of a file", limits.written),
        (Resource::RLIMIT_NOFILE, "of open files", limits.files),
        (Resource::RLIMIT_AS, "of the address space", limits.address_space()),
    ];
    // Counts all processes of a user; a sandbox of tier A has a user or a namespace of its own. The
    // watch notices what is above the limit and below this one.
    #[cfg(target_os = "linux")]
    {
        let others = if spec.isolation == Isolation::None { processes::of_this_user()? } else { 0 };
        all.push((Resource::RLIMIT_NPROC, "of processes", others + limits.processes + 16));
    }
    // Above the soft limit the system sends a signal of its own kind.
    setrlimit(Resource::RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 2)
        .context("cannot limit the processor's time")?;
    for (resource, name, most) in all {
        // Not above what the grader itself is allowed.
        let most = getrlimit(resource).map_or(most, |(_, hard)| most.min(hard));
        let set = setrlimit(resource, most, most);
        // macOS knows the address space and does not limit it.
        if cfg!(target_os = "linux") {
            set.with_context(|| format!("cannot set the limit {name}"))?;
        }
    }
    Ok(())
}

/// `__limited`: becomes the program, within limits that the process which watches does not share.
///
/// # Errors
///
/// When it cannot: with success this process is another one.
pub fn become_limited() -> Result<std::convert::Infallible> {
    let mut arguments = std::env::args_os().skip(2);
    let text = arguments.next().and_then(|text| text.into_string().ok()).context("no limits")?;
    let spec: Spec = serde_json::from_str(&text).context("cannot read the limits")?;
    limit(&spec)?;
    let program = arguments.next().context("no program")?;
    let error =
        std::os::unix::process::CommandExt::exec(std::process::Command::new(&program).args(arguments));
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}

/// Waits for all children until none is left, and sends how the program itself ended. A process can die of a signal
/// that has no name, such as 40.
pub fn reap(child: &Child, sender: &Sender<End>) {
    let program = child.id().cast_signed();
    loop {
        match wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) if pid.as_raw_nonzero().get() == program => {
                let exited = status.exit_status().map(End::Exited);
                if let Some(end) = exited.or_else(|| status.terminating_signal().map(End::Signal)) {
                    let _ = sender.send(end);
                }
            }
            Err(rustix::io::Errno::CHILD) => return,
            Ok(_) | Err(_) => {}
        }
    }
}

pub fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().cast_signed())
}

/// Ends the program and all that it has started, and returns when nothing of it runs any more.
///
/// # Errors
///
/// When something is still running after two seconds.
pub fn end_all(spec: &Spec, program: Pid) -> Result<()> {
    if spec.isolation != Isolation::None {
        // The first process of a namespace reaches all others with -1, and none outside.
        for _ in 0..2000 {
            let _ = kill(Pid::from_raw(-1), Signal::SIGKILL);
            if others()? == 0 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        anyhow::bail!("the program or something that it started cannot be stopped");
    }
    let _ = killpg(program, Signal::SIGKILL);
    #[cfg(target_os = "linux")]
    for _ in 0..2000 {
        let left: Vec<_> = processes::descendants()?.into_iter().filter(|process| process.runs).collect();
        if left.is_empty() {
            return Ok(());
        }
        // One that starts others faster than they are found is stopped before it is ended.
        for signal in [Signal::SIGSTOP, Signal::SIGKILL] {
            for process in &left {
                let _ = kill(Pid::from_raw(process.id), signal);
            }
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn others() -> std::io::Result<usize> {
    Ok(processes::inside()?.into_iter().filter(|process| process.runs).count())
}

#[cfg(not(target_os = "linux"))]
fn others() -> std::io::Result<usize> {
    Ok(0)
}
