//! The folder that the program sees as `/`: it holds what is shared with it, and nothing else.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::pivot_root;

use crate::sandbox::spec::Spec;

/// This program, inside.
pub const HELPER: &str = "/grader";

/// The outer /proc, for a moment: a namespace may mount a /proc of its own only where it can see one.
pub const OUTER_PROC: &str = "/outer-proc";

/// Those that the program sees. `/dev/zero` is not among them: a shared mapping of it is memory that is in no process.
pub const DEVICES: [&str; 3] = ["/dev/null", "/dev/random", "/dev/urandom"];

const NONE: Option<&str> = None;

/// Builds it on `spec.root` and moves there.
///
/// # Errors
///
/// When the kernel refuses a mount, or something that is shared is not there.
pub fn make(spec: &Spec) -> Result<()> {
    mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE).context("cannot leave the mounts")?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), &spec.root, Some("tmpfs"), flags, Some("mode=755,size=4m"))
        .context("cannot mount a root folder")?;
    let helper = fs::read_link("/proc/self/exe").context("cannot find itself")?;
    bind(&spec.root, &helper, Path::new(HELPER), false)?;
    for device in DEVICES {
        bind(&spec.root, Path::new(device), Path::new(device), true)?;
    }
    for shared in &spec.shared {
        bind(&spec.root, &shared.from, &shared.to, shared.writable)?;
    }
    let scratch = inside(&spec.root, &spec.scratch)?;
    fs::create_dir_all(&scratch).context("cannot make the scratch folder")?;
    // A little more than the limit, so that the watch notices when it is passed.
    let size = format!("mode=777,size={},nr_inodes=20000", spec.limits.written + (4 << 20));
    mount(Some("tmpfs"), &scratch, Some("tmpfs"), flags | MsFlags::MS_NOEXEC, Some(size.as_str()))
        .context("cannot mount the scratch folder")?;
    fs::create_dir_all(spec.root.join("proc")).context("cannot make /proc")?;
    let outer_proc = inside(&spec.root, Path::new(OUTER_PROC))?;
    fs::create_dir_all(&outer_proc).context("cannot make a folder")?;
    mount(Some("/proc"), &outer_proc, NONE, MsFlags::MS_BIND | MsFlags::MS_REC, NONE)
        .context("cannot keep /proc")?;

    std::env::set_current_dir(&spec.root).context("cannot go to the root folder")?;
    pivot_root(".", ".").context("cannot make it the root folder")?;
    umount2(".", MntFlags::MNT_DETACH).context("cannot leave the old root folder")?;
    std::env::set_current_dir("/").context("cannot go to the root folder")?;
    let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | flags;
    mount(NONE, "/", NONE, flags, NONE).context("cannot make the root folder read-only")
}

fn inside(root: &Path, path: &Path) -> Result<std::path::PathBuf> {
    Ok(root.join(path.strip_prefix("/").with_context(|| format!("{} is not absolute", path.display()))?))
}

/// Shows `from` as `to`.
fn bind(root: &Path, from: &Path, to: &Path, writable: bool) -> Result<()> {
    let target = inside(root, to)?;
    let parent = target.parent().context("the root folder itself cannot be shared")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    let kind = fs::symlink_metadata(from).with_context(|| format!("cannot share {}", from.display()))?;
    if kind.is_symlink() && from == to {
        // `/lib` is a link to `usr/lib` on most systems.
        let link = fs::read_link(from)?;
        return std::os::unix::fs::symlink(link, &target)
            .with_context(|| format!("cannot link {}", to.display()));
    }
    let made = if from.is_dir() { fs::create_dir_all(&target) } else { File::create(&target).map(drop) };
    made.with_context(|| format!("cannot make {}", target.display()))?;
    mount(Some(from), &target, NONE, MsFlags::MS_BIND | MsFlags::MS_REC, NONE)
        .with_context(|| format!("cannot share {}", from.display()))?;
    // A namespace may not lift what the outer mount forbids, so those flags are repeated.
    let mut flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_NOSUID;
    let outside = statvfs(&target).map(|disk| disk.flags()).unwrap_or(FsFlags::empty());
    for (outside_flag, flag) in [
        (FsFlags::ST_NODEV, MsFlags::MS_NODEV),
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
        (FsFlags::ST_NOATIME, MsFlags::MS_NOATIME),
        (FsFlags::ST_NODIRATIME, MsFlags::MS_NODIRATIME),
        (FsFlags::ST_RELATIME, MsFlags::MS_RELATIME),
        (FsFlags::ST_RDONLY, MsFlags::MS_RDONLY),
    ] {
        if outside.contains(outside_flag) {
            flags |= flag;
        }
    }
    if !writable {
        flags |= MsFlags::MS_RDONLY;
    }
    mount(NONE, &target, NONE, flags, NONE)
        .with_context(|| format!("cannot make {} read-only", from.display()))
}
