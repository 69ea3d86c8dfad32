//! What all workers share, and what each makes of it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::builder::Builder;
use crate::canonical::Canonical;
use crate::limits::Limits;
use crate::machine_paths::MachinePaths;
use crate::run::GateRunner;
use crate::sandbox::{Isolation, disk};
use crate::verdict::Seeds;

pub struct Setup {
    pub canonical: Canonical,
    /// This program, which is also the sandbox's.
    pub helper: PathBuf,
    pub seeds: Seeds,
    pub build_limits: Limits,
    pub gate_limits: Limits,
    /// What no submission sees: the course, the submissions and the results.
    pub hidden: Vec<PathBuf>,
    /// Where temporary folders are made.
    pub work: PathBuf,
}

impl Setup {
    /// A builder within the limits, which begins with what rustc remembers in the folder `incremental`, if in any.
    pub fn builder<'a>(&'a self, isolation: Isolation, incremental: Option<&'a Path>) -> Builder<'a> {
        let limits = self.build_limits;
        Builder { incremental, limits, ..self.builder_of_course(isolation) }
    }

    /// A builder for the solution: nothing is remembered yet, and the options' limits do not apply to it.
    pub fn builder_of_course(&self, isolation: Isolation) -> Builder<'_> {
        let (canonical, helper) = (&self.canonical, &self.helper);
        let hidden = &self.hidden;
        Builder { canonical, helper, isolation, limits: Limits::BUILD, hidden, incremental: None }
    }

    pub fn runner(&self, isolation: Isolation) -> GateRunner<'_> {
        GateRunner { helper: &self.helper, isolation, limits: self.gate_limits }
    }

    /// A temporary folder.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn folder(&self) -> Result<tempfile::TempDir> {
        crate::work::folder(&self.work)
    }

    /// Checks that what failed did not fail for want of room: not counting what it wrote into `folder` itself, there is
    /// at least as much as it was allowed to write.
    ///
    /// # Errors
    ///
    /// When there is less.
    pub fn check_room(&self, limits: &Limits, folder: &Path) -> Result<()> {
        let room = fs4::available_space(&self.work).context("cannot find out how much space is left")?;
        let room = room.saturating_add(disk::used(folder));
        if room < limits.written {
            bail!(
                "a submission may write {} MiB, and the disk that holds `target` has room for {}; free some space",
                limits.written >> 20,
                room >> 20
            );
        }
        Ok(())
    }

    /// The paths that no verdict holds.
    pub fn paths(&self) -> MachinePaths {
        MachinePaths::new(&self.work, &self.canonical.course.root, &self.canonical.toolchain)
    }
}
