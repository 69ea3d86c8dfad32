//! Tier A: namespaces, a root folder of its own, Landlock and seccomp.

mod calls;
mod files;
mod root;

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use caps::{CapSet, Capability};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::resource::UsageWho;
use nix::sys::signal::Signal;
use nix::sys::statvfs::statvfs;
use nix::unistd::{getegid, geteuid};

use super::{Answer, Isolation, SUPERVISE, Spec};

/// The user that the program sees itself as, in a user namespace.
const INSIDE: u32 = 1000;

/// Makes the namespaces and the root folder, and starts this program again as the first process inside.
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
    serde_json::to_writer(stdin, spec).context("the first process inside does not listen")?;
    let output = child.wait_with_output().context("the first process inside is lost")?;
    let mut answer = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("the first process inside ended ({}) without an answer", output.status))?;
    if let Answer::Outcome(outcome) = &mut answer {
        outcome.sandbox_milliseconds += super::unix::usage(UsageWho::RUSAGE_SELF).0;
    }
    Ok(answer)
}

/// What the first process inside does before it starts the program.
pub fn arrive(spec: &Spec) -> Result<()> {
    prctl::set_pdeathsig(Signal::SIGKILL).context("cannot tie itself to the sandbox")?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("proc"), "/proc", Some("proc"), flags, None::<&str>).context("cannot mount /proc")?;
    umount2(root::OUTER_PROC, MntFlags::MNT_DETACH).context("cannot leave the outer /proc")?;
    if spec.isolation == Isolation::UserNamespace {
        for set in [CapSet::Ambient, CapSet::Inheritable, CapSet::Effective, CapSet::Permitted] {
            caps::clear(None, set).context("cannot give up capabilities")?;
        }
    }
    // Nobody of the same user reads or changes its memory.
    prctl::set_dumpable(false).context("cannot close its memory to others")?;
    Ok(())
}

/// Takes from this thread, and so from what it starts, all that the program does not need.
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

/// A process that the program has started, or the program itself.
pub struct Process {
    pub id: i32,
    /// It still does something. One that has ended counts until its parent has noticed.
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

/// How many ticks of `/proc` a second has, on every processor that Rust's programs run on.
const TICKS: u64 = 100;

pub fn used(spec: &Spec, _program: u32) -> Used {
    let (processes, written) = if spec.isolation == Isolation::None {
        (descendants(), of_folder(spec))
    } else {
        let used = statvfs(&spec.scratch)
            .map_or(0, |disk| (disk.blocks() - disk.blocks_free()).saturating_mul(disk.fragment_size()));
        (inside(), used)
    };
    let ended = super::unix::usage(UsageWho::RUSAGE_CHILDREN).0;
    let ticks: u64 = processes.iter().map(|process| process.ticks).sum();
    Used {
        processor: Duration::from_millis(ended + ticks * 1000 / TICKS),
        processes: processes.iter().map(|process| process.threads).sum(),
        memory: processes.iter().map(|process| process.pages * 4096).sum(),
        written,
    }
}

/// For each thread of the program, how long it would have gone on and got no processor. `None` where the
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
    let mut known = vec![i32::try_from(std::process::id()).unwrap_or_default()];
    let mut found = Vec::new();
    loop {
        let (children, others): (Vec<_>, _) =
            all.into_iter().partition(|process| known.contains(&process.parent));
        if children.is_empty() {
            return found;
        }
        known.extend(children.iter().map(|process| process.id));
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

/// What `/proc/…/stat` says.
fn process(id: i32) -> Option<Process> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name of the program stands in parentheses, and may hold anything.
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

/// Tier C writes to a disk that others use too.
fn of_folder(spec: &Spec) -> u64 {
    let entries = walkdir::WalkDir::new(&spec.scratch).into_iter().filter_map(Result::ok);
    entries
        .filter_map(|entry| entry.metadata().ok())
        .filter(|file| file.is_file())
        .map(|file| file.len())
        .sum()
}
