//! Landlock: which files the program may touch, and that it may not connect to anything.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
};

use super::root::DEVICES;
use crate::sandbox::shared;
use crate::sandbox::spec::Spec;

/// The newest rules that we request; the kernel applies those that it knows.
const RULES: ABI = ABI::V6;

/// Restricts the thread that calls it, and what it starts.
///
/// # Errors
///
/// When the kernel has no Landlock, or something that is shared is not there.
pub fn restrict(spec: &Spec) -> Result<()> {
    let all = AccessFs::from_all(RULES);
    let start = AccessFs::from_read(RULES);
    let read = start & !AccessFs::Execute;
    let write = all & !AccessFs::Execute;
    // A kernel without any of them is not enough for tier A.
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()
        .context("this kernel has no Landlock")?;
    for seen in &spec.shared {
        // A rule for a link is one for the folder to which it leads, which has its own.
        if !seen.to.is_symlink() {
            let access = match seen.access {
                shared::Access::Read => read,
                shared::Access::Execute => start,
                shared::Access::Write => write,
            };
            rules = allow(rules, &seen.to, access)?;
        }
    }
    rules = allow(rules, &spec.scratch, write)?;
    for device in DEVICES {
        let access = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::Truncate;
        rules =
            allow(rules, &device.path(), if device.is_written { access } else { AccessFs::ReadFile.into() })?;
    }
    let status = rules.restrict_self().context("Landlock does not restrict")?;
    if status.ruleset == RulesetStatus::NotEnforced {
        bail!("this kernel has no Landlock");
    }
    Ok(())
}

/// Lets this process read what is at or below these paths, and nothing else; as far as the kernel can.
///
/// # Errors
///
/// When the kernel refuses it. What is not there is no error: nothing can be read there.
pub fn only_read(paths: &[PathBuf]) -> Result<()> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(RULES))?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()?;
    for path in paths.iter().filter(|path| path.exists()) {
        rules = allow(rules, path, read)?;
    }
    rules.restrict_self().context("Landlock does not restrict").map(drop)
}

fn allow(
    rules: landlock::RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> Result<landlock::RulesetCreated> {
    let file = PathFd::new(path).with_context(|| format!("cannot open {}", path.display()))?;
    // What only makes sense for folders is left out for a file.
    let access = if path.is_dir() { access } else { access & AccessFs::from_file(RULES) };
    rules.add_rule(PathBeneath::new(file, access)).with_context(|| format!("no rule for {}", path.display()))
}
