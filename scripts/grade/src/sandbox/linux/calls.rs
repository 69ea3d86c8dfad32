//! seccomp: system calls that no gate and no compiler needs, and that reach out of a sandbox.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

/// Refused. `socketpair` is not among them: every tokio runtime makes one.
const REFUSED: &[c_long] = &[
    // The network, and other processes by way of it.
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    libc::SYS_ioprio_set,
    // A session of its own would get a share of the processor of its own.
    libc::SYS_setsid,
    // Memory that belongs to no process, so that no count of processes finds it.
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
    libc::SYS_shmget,
    libc::SYS_msgget,
    libc::SYS_semget,
    libc::SYS_mq_open,
    // What others do with the system's files.
    libc::SYS_inotify_init1,
    libc::SYS_fanotify_init,
    // Ways around files and namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    // Large parts of the kernel.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_quotactl,
    libc::SYS_personality,
    libc::SYS_syslog,
    libc::SYS_acct,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_reboot,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
];

/// Added to the number of a call in the x32 flavor of x86-64, which names the same calls once more.
#[cfg(target_arch = "x86_64")]
const X32: c_long = 0x4000_0000;
/// Beyond the last call of that flavor.
#[cfg(target_arch = "x86_64")]
const X32_CALLS: c_long = 600;

/// Refused where the argument with this number is not zero: it names another process, and the one that watches has the
/// same user in a user namespace.
const REFUSED_FOR_OTHERS: &[(c_long, u8)] = &[
    (libc::SYS_prlimit64, 0),
    (libc::SYS_sched_setaffinity, 0),
    (libc::SYS_sched_setattr, 0),
    (libc::SYS_sched_setparam, 0),
    (libc::SYS_sched_setscheduler, 0),
    (libc::SYS_setpriority, 0),
    (libc::SYS_setpriority, 1),
];

/// Refused where the argument with this number has this value.
const REFUSED_WITH: &[(c_long, u8, i32)] = &[
    // What it uses could not be measured.
    (libc::SYS_prctl, 0, libc::PR_SET_DUMPABLE),
    // More memory in the kernel than the watch counts for a pipe or a socket.
    (libc::SYS_fcntl, 1, libc::F_SETPIPE_SZ),
    (libc::SYS_setsockopt, 2, libc::SO_SNDBUF),
    (libc::SYS_setsockopt, 2, libc::SO_RCVBUF),
];

type Calls = BTreeMap<i64, Vec<SeccompRule>>;

/// Restricts the thread that calls it, and what it starts.
///
/// # Errors
///
/// When there is no seccomp filter for this processor architecture, or the kernel refuses it.
pub fn restrict() -> Result<()> {
    apply(refused()?, libc::EPERM)?;
    // A filter cannot see its flags. Where `clone3` seems to be missing, the C library uses `clone`.
    apply(Calls::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)?;
    // Where root has not made devices of its own, they are the same files in every sandbox, and read access is enough
    // to lock a file so: two submissions could talk to each other. So nothing is locked, and the call reports success.
    apply(Calls::from([(libc::SYS_flock, Vec::new())]), 0)
}

fn refused() -> Result<Calls> {
    let mut refused: Calls = REFUSED.iter().map(|call| (*call, Vec::new())).collect();
    #[cfg(target_arch = "x86_64")]
    refused.insert(libc::SYS_inotify_init, Vec::new());
    for (call, argument) in REFUSED_FOR_OTHERS {
        refused.entry(*call).or_default().push(rule(*argument, SeccompCmpOp::Ne, 0)?);
    }
    for (call, argument, value) in REFUSED_WITH {
        let value = u64::try_from(*value)?;
        refused.entry(*call).or_default().push(rule(*argument, SeccompCmpOp::Eq, value)?);
    }
    // No new namespace by way of `clone`.
    let namespaces = [
        libc::CLONE_NEWUSER,
        libc::CLONE_NEWNS,
        libc::CLONE_NEWPID,
        libc::CLONE_NEWNET,
        libc::CLONE_NEWIPC,
        libc::CLONE_NEWUTS,
        libc::CLONE_NEWCGROUP,
    ];
    let with = |flag: i32| {
        let flag = u64::try_from(flag)?;
        rule(0, SeccompCmpOp::MaskedEq(flag), flag)
    };
    refused.insert(libc::SYS_clone, namespaces.into_iter().map(with).collect::<Result<_>>()?);
    // Memory that is shared and no file's is nobody's as soon as it is out of sight.
    let shared = u64::try_from(libc::MAP_SHARED | libc::MAP_ANONYMOUS)?;
    let kind = u64::try_from(libc::MAP_TYPE | libc::MAP_ANONYMOUS)?;
    refused.insert(libc::SYS_mmap, vec![rule(3, SeccompCmpOp::MaskedEq(kind), shared)?]);
    #[cfg(target_arch = "x86_64")]
    refused.extend((0..X32_CALLS).map(|call| (X32 + call, Vec::new())));
    Ok(refused)
}

/// Where an argument compares so. The kernel reads 32 bits of those that are compared here.
fn rule(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)?;
    Ok(SeccompRule::new(vec![condition])?)
}

fn apply(calls: Calls, error: i32) -> Result<()> {
    let architecture = TargetArch::try_from(std::env::consts::ARCH)
        .context("no seccomp filter for this processor architecture")?;
    let refuse = SeccompAction::Errno(u32::try_from(error)?);
    let filter = SeccompFilter::new(calls, SeccompAction::Allow, refuse, architecture)?;
    let program = BpfProgram::try_from(filter)?;
    apply_filter(&program).context("seccomp does not restrict")
}
