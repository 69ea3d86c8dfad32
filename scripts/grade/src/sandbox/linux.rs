//! Tier A: namespaces, a root folder of its own, Landlock and seccomp.

mod calls;
mod files;
mod root;

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use caps::{CapSet, Capability};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::{getegid, geteuid};

use super::commands::SUPERVISE;
use super::outcome::Answer;
use super::spec::{Isolation, Spec};
use super::usage;

/// The user that the program sees itself as, in a user namespace.
const INSIDE: u32 = 1000;

/// Makes the namespaces and the root folder, and starts this program again as the first process inside.
///
/// # Errors
///
/// When the kernel refuses one of them, or the first process inside ends without an answer.
pub fn enter(spec: &Spec) -> Result<Answer> {
    prctl::set_pdeathsig(Signal::SIGKILL).context("cannot tie itself to the grader")?;
    let mut flags = CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS;
    let (user, group) = (geteuid(), getegid());
    if spec.isolation == Isolation::UserNamespace {
        flags |= CloneFlags::CLONE_NEWUSER;
    }
    unshare(flags).context("cannot make namespaces")?;
    if spec.isolation == Isolation::UserNamespace {
        fs::write("/proc/self/setgroups", "deny").context("cannot map a user")?;
        fs::write("/proc/self/uid_map", format!("{INSIDE} {user} 1")).context("cannot map a user")?;
        fs::write("/proc/self/gid_map", format!("{INSIDE} {group} 1")).context("cannot map a group")?;
    }
    root::make(spec)?;
    if spec.isolation == Isolation::UserNamespace {
        // The first process inside has to mount /proc; another user than root loses all rights when it
        // starts a program, unless they are ambient.
        for set in [CapSet::Inheritable, CapSet::Ambient] {
            caps::raise(None, set, Capability::CAP_SYS_ADMIN).context("cannot pass a capability on")?;
        }
    }
    let mut child = Command::new(root::HELPER)
        .arg(SUPERVISE)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the first process inside")?;
    let stdin = child.stdin.take().context("the first process inside takes no input")?;
    serde_json::to_writer(stdin, spec).context("the first process inside does not respond")?;
    let output = child.wait_with_output().context("cannot determine how the first process inside ended")?;
    let mut answer = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("the first process inside ended ({}) without an answer", output.status))?;
    if let Answer::Outcome(outcome) = &mut answer {
        outcome.sandbox_milliseconds += usage::own().milliseconds;
    }
    Ok(answer)
}

/// What the first process inside does before it starts the program.
///
/// # Errors
///
/// When the kernel refuses a part of it.
pub fn arrive(spec: &Spec) -> Result<()> {
    prctl::set_pdeathsig(Signal::SIGKILL).context("cannot tie itself to the sandbox")?;
    // Most kernels divide the processor between sessions first, so a neighbor with fifty busy threads gets no more
    // than one with a single thread.
    nix::unistd::setsid().context("cannot begin a session")?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("proc"), "/proc", Some("proc"), flags, None::<&str>).context("cannot mount /proc")?;
    umount2(root::OUTER_PROC, MntFlags::MNT_DETACH).context("cannot leave the outer /proc")?;
    if spec.isolation == Isolation::UserNamespace {
        for set in [CapSet::Ambient, CapSet::Inheritable, CapSet::Effective, CapSet::Permitted] {
            caps::clear(None, set).context("cannot give up capabilities")?;
        }
    }
    // No process of the same user can read or change its memory.
    prctl::set_dumpable(false).context("cannot close its memory to others")?;
    Ok(())
}

/// Takes from this thread, and so from what it starts, all that the program does not need.
///
/// # Errors
///
/// When the kernel refuses a part of it.
pub fn give_up_rights(spec: &Spec, command: &mut Command) -> Result<()> {
    prctl::set_no_new_privs().context("cannot give up new privileges")?;
    if spec.isolation == Isolation::None {
        return Ok(());
    }
    if let Isolation::OwnUser(user) = spec.isolation {
        command.uid(user).gid(user);
    }
    files::restrict(spec)?;
    calls::restrict()
}

/// Takes from this process all but the right to read what is at or below `paths`. It stays the same user: root reads
/// what students have shut.
///
/// # Errors
///
/// When the kernel refuses a part of it. One without Landlock is not an error: the process has its other bounds then.
pub fn only_read(paths: &[PathBuf]) -> Result<()> {
    prctl::set_no_new_privs().context("cannot give up new privileges")?;
    let mut kept = caps::read(None, CapSet::Permitted).context("cannot read capabilities")?;
    kept.retain(|right| matches!(right, Capability::CAP_DAC_READ_SEARCH | Capability::CAP_DAC_OVERRIDE));
    for set in [CapSet::Ambient, CapSet::Inheritable] {
        caps::clear(None, set).context("cannot give up capabilities")?;
    }
    for set in [CapSet::Effective, CapSet::Permitted] {
        caps::set(None, set, &kept).context("cannot give up capabilities")?;
    }
    files::only_read(paths)?;
    calls::restrict()
}
