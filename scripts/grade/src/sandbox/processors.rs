//! How many processors a program sees.
//!
//! A runtime starts as many threads as there are processors. On a machine with more of them than a program may have
//! threads, right work would be out of its limit.

use anyhow::{Context, Result};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

use crate::limits::Limits;

/// This part of its threads a program may need for its runtime.
const PART: u64 = 4;

/// Leaves this thread, and what it starts, no more processors than a program with these limits can do with.
///
/// # Errors
///
/// When the system refuses it.
pub fn restrict(limits: &Limits) -> Result<()> {
    let this = Pid::from_raw(0);
    let allowed = sched_getaffinity(this).context("cannot find out how many processors there are")?;
    let numbers: Vec<_> = (0..CpuSet::count()).filter(|cpu| allowed.is_set(*cpu).unwrap_or(false)).collect();
    // Programs that run side by side are spread over all of them.
    let first = usize::try_from(std::process::id())?;
    let Some(chosen) = choose(&numbers, limits, first) else { return Ok(()) };
    let mut set = CpuSet::new();
    for number in chosen {
        set.set(number)?;
    }
    sched_setaffinity(this, &set).context("cannot restrict the processors")
}

/// Which of these processors, if not all.
fn choose(numbers: &[usize], limits: &Limits, first: usize) -> Option<Vec<usize>> {
    let most = usize::try_from(limits.processes / PART).ok()?.max(1);
    let is_enough = numbers.len() <= most;
    (!is_enough).then(|| (0..most).map(|index| numbers[(first + index) % numbers.len()]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_gets_only_some_processors_of_a_large_machine() {
        let all: Vec<_> = (0..96).map(|number| number * 2).collect();
        let chosen = |most: usize, first| choose(&all[..most], &Limits::GATE, first);
        assert_eq!(chosen(2, 7), None);
        assert_eq!(chosen(16, 7), None);
        for first in [0, 90, 95, 4_000_000] {
            let mut chosen = chosen(96, first).unwrap();
            assert!(chosen.iter().all(|number| all.contains(number)));
            chosen.sort_unstable();
            chosen.dedup();
            assert_eq!(chosen.len(), 16);
        }
        assert_eq!(chosen(17, 16).unwrap()[..2], [32, 0]);
    }
}
