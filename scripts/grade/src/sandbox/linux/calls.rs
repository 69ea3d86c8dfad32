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

/// Added to the number of a call in the x32 flavour of x86-64, which names the same calls once more.
#[cfg(target_arch = "x86_64")]
const X32: c_long = 0x4000_0000;
/// Beyond the last call of that flavour.
#[cfg(target_arch = "x86_64")]
const X32_CALLS: c_long = 600;

/// Restricts the thread that calls it, and what it starts.
///
/// # Errors
///
/// When there is no filter for this processor, or the kernel refuses it.
pub fn restrict() -> Result<()> {
    let mut refused: BTreeMap<i64, Vec<SeccompRule>> =
        REFUSED.iter().map(|call| (*call, Vec::new())).collect();
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
        let has = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(flag), flag)?;
        anyhow::Ok(SeccompRule::new(vec![has])?)
    };
    refused.insert(libc::SYS_clone, namespaces.into_iter().map(with).collect::<Result<_>>()?);
    #[cfg(target_arch = "x86_64")]
    refused.extend((0..X32_CALLS).map(|call| (X32 + call, Vec::new())));
    apply(refused, libc::EPERM)?;
    // A filter cannot see its flags. Where `clone3` seems to be missing, the C library uses `clone`.
    apply(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)
}

fn apply(calls: BTreeMap<i64, Vec<SeccompRule>>, error: i32) -> Result<()> {
    let architecture =
        TargetArch::try_from(std::env::consts::ARCH).context("no filter for this processor")?;
    let refuse = SeccompAction::Errno(u32::try_from(error)?);
    let filter = SeccompFilter::new(calls, SeccompAction::Allow, refuse, architecture)?;
    let program = BpfProgram::try_from(filter)?;
    apply_filter(&program).context("seccomp does not restrict")
}
