//! Takes from this process everything but reading a few files, for a while, with some memory.

use std::path::PathBuf;

#[cfg(unix)]
use anyhow::Context;
use anyhow::Result;

/// From here on this process reads what is at or below `paths` and nothing else. On other systems than Linux it has
/// limits alone, and on Windows not even these: there, only the clock ends it.
///
/// # Errors
///
/// When the system refuses a part of it.
#[cfg_attr(not(target_os = "linux"), allow(unused_variables))]
pub fn only_read(paths: &[PathBuf], memory: u64, seconds: u64) -> Result<()> {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        #[cfg_attr(not(target_os = "linux"), allow(unused_mut))]
        let mut limits = vec![(Resource::RLIMIT_CORE, 0), (Resource::RLIMIT_CPU, seconds)];
        // macOS knows the address space and does not limit it.
        #[cfg(target_os = "linux")]
        limits.push((Resource::RLIMIT_AS, memory));
        for (resource, most) in limits {
            let most = getrlimit(resource).map_or(most, |(_, hard)| most.min(hard));
            setrlimit(resource, most, most).context("cannot set a limit")?;
        }
    }
    #[cfg(target_os = "linux")]
    super::linux::only_read(paths)?;
    Ok(())
}
