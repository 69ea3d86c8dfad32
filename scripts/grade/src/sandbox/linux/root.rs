//! The folder that the program sees as `/`: it holds what is shared with it, and nothing else.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::stat::{Mode, SFlag, makedev, mknod};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::pivot_root;

use crate::sandbox::shared::{Access, Shared};
use crate::sandbox::spec::{Isolation, Spec};

/// This program, inside.
pub const HELPER: &str = "/grader";

/// The outer /proc, for a moment: a namespace may mount a /proc of its own only where it can see one.
pub const OUTER_PROC: &str = "/outer-proc";

/// A device that the program sees.
pub struct Device {
    name: &'static str,
    /// Its second number; the first one is that of all devices of memory.
    minor: u64,
    pub is_written: bool,
}

/// `/dev/zero` is not among them: a shared mapping of it is memory that is in no process.
pub const DEVICES: [Device; 3] = [
    Device { name: "null", minor: 3, is_written: true },
    Device { name: "random", minor: 8, is_written: false },
    Device { name: "urandom", minor: 9, is_written: false },
];
const OF_MEMORY: u64 = 1;

impl Device {
    pub fn path(&self) -> PathBuf {
        Path::new("/dev").join(self.name)
    }
}

const NONE: Option<&str> = None;

/// Builds it on `spec.root` and moves there.
///
/// # Errors
///
/// When the kernel refuses a mount, or something that is shared is not there.
pub fn make(spec: &Spec) -> Result<()> {
    mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE).context("cannot leave the mounts")?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    let copies = spec.shared.iter().filter(|shared| is_copied(spec, shared));
    let size: u64 = copies.filter_map(|shared| Some(shared.from.metadata().ok()?.len())).sum();
    let size = format!("mode=755,size={}", size + (4 << 20));
    mount(Some("tmpfs"), &spec.root, Some("tmpfs"), flags, Some(size.as_str()))
        .context("cannot mount a root folder")?;
    let helper = fs::read_link("/proc/self/exe").context("cannot find the grader's own program file")?;
    bind(&spec.root, &helper, Path::new(HELPER), false)?;
    devices(spec)?;
    for shared in &spec.shared {
        if is_copied(spec, shared) {
            copy(&spec.root, &shared.from, &shared.to)?;
        } else {
            bind(&spec.root, &shared.from, &shared.to, shared.access == Access::Write)?;
        }
    }
    for hidden in &spec.hidden {
        hide(spec, hidden)?;
    }
    let scratch = inside(&spec.root, &spec.scratch)?;
    fs::create_dir_all(&scratch).context("cannot make the scratch folder")?;
    // A little more than the limit, so that the watch notices when it is passed.
    let size = format!("mode=777,size={},nr_inodes=20000", spec.limits.written + (4 << 20));
    mount(Some("tmpfs"), &scratch, Some("tmpfs"), flags | MsFlags::MS_NOEXEC, Some(size.as_str()))
        .context("cannot mount the scratch folder")?;
    // Where every program may write on a student's computer, this one may, too.
    if let Some(temporary) = spec.variables.get("TMPDIR") {
        std::os::unix::fs::symlink(temporary, spec.root.join("tmp")).context("cannot make /tmp")?;
    }
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

fn inside(root: &Path, path: &Path) -> Result<PathBuf> {
    Ok(root.join(path.strip_prefix("/").with_context(|| format!("{} is not absolute", path.display()))?))
}

/// What is larger than any library would take too much memory.
const LARGEST_COPY: u64 = 32 << 20;

/// Whether a sandbox has its own copy of what is shared. A process that may read a file may lock parts of it and see
/// others' locks, and the system's libraries would be the same files in all sandboxes.
fn is_copied(spec: &Spec, shared: &Shared) -> bool {
    shared.access != Access::Write
        && shared.to != spec.program
        && fs::symlink_metadata(&shared.from).is_ok_and(|kind| kind.is_file() && kind.len() <= LARGEST_COPY)
}

fn copy(root: &Path, from: &Path, to: &Path) -> Result<()> {
    let target = inside(root, to)?;
    let parent = target.parent().context("the root folder itself cannot be shared")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    fs::copy(from, &target).map(drop).with_context(|| format!("cannot copy {}", from.display()))
}

/// The devices. Root makes its own, which no other sandbox can lock. Nobody else may make one, so they are shared.
fn devices(spec: &Spec) -> Result<()> {
    let folder = inside(&spec.root, Path::new("/dev"))?;
    fs::create_dir_all(&folder).context("cannot make a folder")?;
    if let Isolation::OwnUser(_) = spec.isolation {
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
        mount(Some("tmpfs"), &folder, Some("tmpfs"), flags, Some("mode=755,size=64k"))
            .context("cannot mount a folder for devices")?;
    }
    for device in DEVICES {
        let node = folder.join(device.name);
        let is_own = matches!(spec.isolation, Isolation::OwnUser(_)) && make_device(&node, &device);
        if !is_own {
            let _ = fs::remove_file(&node);
            bind(&spec.root, &device.path(), &device.path(), true)?;
        }
    }
    Ok(())
}

/// Makes a device; in many containers root may not, or may not open it then.
fn make_device(node: &Path, device: &Device) -> bool {
    let (mode, number) = (Mode::from_bits_truncate(0o666), makedev(OF_MEMORY, device.minor));
    mknod(node, SFlag::S_IFCHR, mode, number).is_ok()
        && fs::set_permissions(node, fs::Permissions::from_mode(0o666)).is_ok()
        && File::open(node).is_ok()
}

/// Puts an empty folder over one that is shared together with what is around it.
fn hide(spec: &Spec, hidden: &Path) -> Result<()> {
    let around = |shared: &&Shared| hidden != shared.from && hidden.starts_with(&shared.from);
    for shared in spec.shared.iter().filter(around) {
        let target = inside(&spec.root, &shared.to.join(hidden.strip_prefix(&shared.from)?))?;
        if target.is_dir() {
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_RDONLY;
            mount(Some("tmpfs"), &target, Some("tmpfs"), flags, Some("mode=000,size=4k"))
                .with_context(|| format!("cannot hide {}", hidden.display()))?;
        }
    }
    Ok(())
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
