//! Other programs: what they print, how one takes this one's place, how one ends with all that it has started.

#[cfg(not(unix))]
use std::process::Stdio;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail};
#[cfg(unix)]
use wait_timeout::ChildExt;

/// What a command prints, without the blanks around it.
///
/// # Errors
///
/// When it cannot be started or fails; the error is what it complains about.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| cannot_start(command))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a command can be started and succeeds. Its output is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Runs a command in the place of this program, so that Ctrl-C and the exit code are the command's. Returns
/// only where the system does not exchange programs.
///
/// # Errors
///
/// When it cannot be started.
#[cfg(unix)]
pub fn replace(command: &mut Command) -> Result<u8> {
    let error = std::os::unix::process::CommandExt::exec(command);
    Err(error).with_context(|| cannot_start(command))
}

/// Runs a command in the place of this program, so that the exit code is the command's.
///
/// # Errors
///
/// When it cannot be started.
#[cfg(not(unix))]
pub fn replace(command: &mut Command) -> Result<u8> {
    let code = command.status().with_context(|| cannot_start(command))?.code();
    Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", command.get_program().display())
}

/// Makes the process the first of a group, which everything that it starts belongs to.
#[cfg(unix)]
pub fn in_its_own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
pub fn in_its_own_group(_command: &mut Command) {}

/// Ends the process and its group, and waits for it.
#[cfg(unix)]
pub fn end_group(child: &mut Child) {
    if let Ok(None) = child.try_wait() {
        let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
        }
        let _ = child.wait();
    }
}

#[cfg(unix)]
fn signal(process: u32, signal: rustix::process::Signal) {
    if let Some(pid) = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, signal);
    }
}

/// Asks the process with this number to end, as Ctrl-C does.
#[cfg(unix)]
pub fn ask_to_end(process: u32) {
    signal(process, rustix::process::Signal::INT);
}

/// Elsewhere, Ctrl-C reaches all programs of a terminal, and nothing else does.
#[cfg(not(unix))]
pub fn ask_to_end(_process: u32) {}

/// Asks the process to end, as a system does that shuts down; after `patience`, ends it.
#[cfg(unix)]
pub fn terminate(child: &mut Child, patience: Duration) {
    if let Ok(None) = child.try_wait() {
        // An editor does not end at Ctrl-C.
        signal(child.id(), rustix::process::Signal::TERM);
        if !matches!(child.wait_timeout(patience), Ok(Some(_))) {
            let _ = child.kill();
        }
    }
}

#[cfg(not(unix))]
pub fn terminate(child: &mut Child, _patience: Duration) {
    let _ = child.kill();
}

/// Asks the process to end, as Ctrl-C does; after `patience`, ends it with its group.
#[cfg(unix)]
pub fn interrupt(child: &mut Child, patience: Duration) {
    if let Ok(None) = child.try_wait() {
        ask_to_end(child.id());
        let _ = child.wait_timeout(patience);
    }
    end_group(child);
}

/// Ends the process with all that it has started.
#[cfg(not(unix))]
pub fn interrupt(child: &mut Child, _patience: Duration) {
    end_group(child);
}

#[cfg(not(unix))]
pub fn end_group(child: &mut Child) {
    if let Ok(None) = child.try_wait() {
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &child.id().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let _ = child.kill();
        let _ = child.wait();
    }
}
