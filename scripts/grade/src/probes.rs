//! Tries the sandbox before it is trusted.
//!
//! A probe tries something that a submission must not do. It runs twice: outside of the sandbox, where it
//! has to succeed (else it would prove nothing), and inside, where it has to fail.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::environment::System;
use crate::limits::Limits;
use crate::sandbox::{self, Isolation, Spec, Tier};

/// The hidden command.
pub const PROBE: &str = "__probe";

/// What a probe tries, as it prints it.
const ATTEMPTS: [&str; 9] = [
    "read a file outside",
    "write a file outside",
    "connect",
    "reach the grader's process",
    "inherit",
    "make a socket",
    "see another's lock",
    "limit another process",
    "allocate memory that belongs to no process",
];

const VARIABLE: &str = "KATA_PROBE";

/// A file that every sandbox has. The grader holds a lock on it while a probe runs.
#[cfg(target_os = "linux")]
const LOCKED: &str = "/dev/null";

/// Checks that a sandbox of this kind holds.
///
/// # Errors
///
/// When it does not, or when that cannot be found out.
pub fn check(helper: &Path, isolation: Isolation, work: &Path) -> Result<()> {
    let folder = crate::work::folder(work)?;
    let secret = folder.path().join("secret");
    fs::write(&secret, "secret").context("cannot write")?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Everybody may, so that only the sandbox can prevent it.
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o666))?;
    }
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen on 127.0.0.1")?;
    let arguments = [
        PROBE.to_owned(),
        secret.display().to_string(),
        listener.local_addr()?.to_string(),
        std::process::id().to_string(),
    ];

    #[cfg(target_os = "linux")]
    let locked = fs::File::open(LOCKED).context("cannot open a device")?;
    // Another grader may do the same now.
    #[cfg(target_os = "linux")]
    locked.lock_shared().context("cannot lock a device")?;

    let control = Command::new(helper).args(&arguments).env(VARIABLE, "1").output();
    let control = control.with_context(|| format!("cannot run {}", helper.display()))?;
    let outside = succeeded(&String::from_utf8_lossy(&control.stdout))?;
    let failed: Vec<_> = ATTEMPTS.into_iter().filter(|attempt| !outside.contains(attempt)).collect();
    if !failed.is_empty() {
        bail!("a probe cannot {} even outside the sandbox, so the test proves nothing", failed.join(", "));
    }

    let mut spec = Spec::of_program(isolation, helper, folder.path(), Limits::GATE)?;
    spec.arguments = arguments.to_vec();
    spec.variables = System::this().helper();
    let outcome = sandbox::run(helper, &spec)?;
    let inside = succeeded(&outcome.output)?;
    // Without namespaces only the environment is kept from a submission.
    let refused = if isolation.tier() == Tier::A { &ATTEMPTS[..] } else { &["inherit"] };
    let escaped: Vec<_> = refused.iter().copied().filter(|attempt| inside.contains(attempt)).collect();
    if !escaped.is_empty() {
        bail!("the sandbox leaks: a probe inside it can {}", escaped.join(", "));
    }
    if isolation.tier() == Tier::A && fs::read(&secret)? == b"written" {
        bail!("the sandbox leaks: a probe has written to a file outside");
    }
    Ok(())
}

/// The attempts that succeeded, of those that a probe names. It has to name all.
fn succeeded(output: &str) -> Result<Vec<&'static str>> {
    let mut succeeded = Vec::new();
    for attempt in ATTEMPTS {
        match output.lines().find_map(|line| line.strip_prefix(attempt)) {
            Some(": yes") => succeeded.push(attempt),
            Some(": no") => {}
            _ => bail!("a probe did not report whether it can {attempt}: {}", crate::text::line(output)),
        }
    }
    Ok(succeeded)
}

/// `__probe`: tries everything, and prints the results.
pub fn probe() -> ExitCode {
    let mut arguments = std::env::args().skip(2);
    let (Some(secret), Some(address), Some(process)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return ExitCode::FAILURE;
    };
    let write = || fs::OpenOptions::new().append(true).open(&secret)?.write_all(b"");
    let connect = || {
        let address = address.parse().ok()?;
        TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()
    };
    let results = [
        fs::read(&secret).is_ok(),
        write().is_ok(),
        connect().is_some(),
        reaches(&process),
        std::env::var_os(VARIABLE).is_some(),
        TcpListener::bind("127.0.0.1:0").is_ok(),
        can_see_lock(),
        limits_its_parent(),
        takes_memory(),
    ];
    for (attempt, result) in ATTEMPTS.iter().zip(results) {
        println!("{attempt}: {}", if result { "yes" } else { "no" });
    }
    ExitCode::SUCCESS
}

/// Whether a signal could be sent there. No signal is sent.
#[cfg(unix)]
fn reaches(process: &str) -> bool {
    let Ok(id) = process.parse() else { return false };
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), None).is_ok()
}

#[cfg(not(unix))]
fn reaches(_process: &str) -> bool {
    true
}

#[cfg(target_os = "linux")]
fn can_see_lock() -> bool {
    fs::File::open(LOCKED).is_ok_and(|file| file.try_lock().is_err())
}

/// Whether it can set a limit of its parent's, which watches it. It is set to what it is.
#[cfg(target_os = "linux")]
fn limits_its_parent() -> bool {
    use rustix::process::{Resource, getppid, getrlimit, prlimit};
    getppid().is_some_and(|parent| prlimit(Some(parent), Resource::Core, getrlimit(Resource::Core)).is_ok())
}

#[cfg(target_os = "linux")]
fn takes_memory() -> bool {
    rustix::fs::memfd_create("probe", rustix::fs::MemfdFlags::CLOEXEC).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn can_see_lock() -> bool {
    true
}

#[cfg(not(target_os = "linux"))]
fn limits_its_parent() -> bool {
    true
}

#[cfg(not(target_os = "linux"))]
fn takes_memory() -> bool {
    true
}

/// The best sandbox that this machine allows, and why it is not tier A.
///
/// # Errors
///
/// When not even tier C holds, or when that cannot be found out.
pub fn best(helper: &Path, work: &Path) -> Result<(Isolation, Option<anyhow::Error>)> {
    #[cfg(target_os = "linux")]
    {
        let wanted =
            if nix::unistd::geteuid().is_root() { Isolation::of_root() } else { Isolation::UserNamespace };
        match check(helper, wanted, work) {
            Ok(()) => Ok((wanted, None)),
            Err(error) => {
                check(helper, Isolation::None, work)?;
                Ok((Isolation::None, Some(error)))
            }
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        check(helper, Isolation::None, work)?;
        Ok((Isolation::None, Some(anyhow::anyhow!("namespaces are Linux's"))))
    }
}
