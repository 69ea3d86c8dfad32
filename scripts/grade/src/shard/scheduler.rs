//! What a scheduler says about the shard that it has started.

use super::{Error, Shard, number};

/// The variables of a scheduler.
struct Scheduler {
    index: &'static str,
    /// The index of the first shard.
    first: First,
    /// How many shards there are, where the scheduler says so.
    count: Option<&'static str>,
    /// How far two neighbors are apart, where that is not always one.
    step: Option<&'static str>,
    /// What to do if one of its variables is missing.
    advice: &'static str,
}

enum First {
    Is(u32),
    In(&'static str),
}

const ALL: [Scheduler; 3] = [
    Scheduler {
        index: "SLURM_ARRAY_TASK_ID",
        first: First::In("SLURM_ARRAY_TASK_MIN"),
        count: Some("SLURM_ARRAY_TASK_COUNT"),
        step: Some("SLURM_ARRAY_TASK_STEP"),
        advice: "Slurm sets both for `sbatch --array=1-6`",
    },
    // An indexed Job of Kubernetes.
    Scheduler {
        index: "JOB_COMPLETION_INDEX",
        first: First::Is(0),
        count: None,
        step: None,
        advice: "Kubernetes sets it for `completionMode: Indexed`",
    },
    // GitLab.
    Scheduler {
        index: "CI_NODE_INDEX",
        first: First::Is(1),
        count: Some("CI_NODE_TOTAL"),
        step: None,
        advice: "GitLab sets both for a job with `parallel: 6`",
    },
];

/// The shard that these variables name. `count` is what the command line says.
pub fn shard(count: Option<u32>, variable: &dyn Fn(&str) -> Option<String>) -> Result<Shard, Error> {
    let found = ALL.iter().filter_map(|scheduler| Some((scheduler, scheduler.first_set(variable)?)));
    let found: Vec<_> = found.collect();
    match found[..] {
        [] => Err(Error::NoScheduler(ALL.map(|scheduler| scheduler.index).join(" nor "))),
        [(scheduler, set)] => scheduler.shard(set, count, variable),
        [(_, one), (_, other), ..] => Err(Error::TwoSchedulers(one, other)),
    }
}

impl Scheduler {
    /// One of its variables that is set.
    fn first_set(&self, variable: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
        let first = if let First::In(name) = self.first { Some(name) } else { None };
        let names = [Some(self.index), first, self.count, self.step];
        names.into_iter().flatten().find(|name| variable(name).is_some())
    }

    fn shard(
        &self,
        set: &'static str,
        wanted: Option<u32>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Shard, Error> {
        let optional = |name: &'static str| {
            let read = |value: String| {
                let not_a_number = || Error::NotANumber { variable: name, value: crate::text::line(&value) };
                number(&value).ok_or_else(not_a_number)
            };
            variable(name).map(read).transpose()
        };
        let needed = |name: &'static str| {
            let missing = Error::HalfSet { set, missing: name, advice: self.advice };
            optional(name)?.ok_or(missing)
        };
        let index = needed(self.index)?;
        let first = match self.first {
            First::Is(first) => first,
            First::In(name) => needed(name)?,
        };
        let own = self.count.map(needed).transpose()?;
        let does_not_fit = |name: &'static str, value: u32, why: String| {
            Err(Error::DoesNotFit { variable: name, value, why })
        };
        let count = match (own, wanted) {
            (Some(own), Some(wanted)) if own != wanted => {
                let name = self.count.unwrap_or(self.index);
                return does_not_fit(name, own, format!("`--shard auto/{wanted}` has {wanted} shards"));
            }
            (Some(count), _) | (None, Some(count)) => count,
            (None, None) => return Err(Error::NoCount(self.index)),
        };
        let step = self.step.map(optional).transpose()?.flatten().unwrap_or(1);
        let Some(place) = index.checked_sub(first) else {
            return does_not_fit(self.index, index, format!("the first shard has {first}"));
        };
        if step == 0 || place % step != 0 {
            return does_not_fit(self.index, index, format!("they begin at {first} and are {step} apart"));
        }
        let place = place / step;
        if place >= count {
            let why = format!("there are {count} shards, and the first has {first}");
            return does_not_fit(self.index, index, why);
        }
        Shard::new(place + 1, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(count: Option<u32>, variables: &[(&str, &str)]) -> Result<(u32, u32), String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        shard(count, &variable).map(|shard| (shard.index, shard.count)).map_err(|error| error.to_string())
    }

    fn slurm(id: &str, count: &str, min: &str) -> Result<(u32, u32), String> {
        named(
            None,
            &[("SLURM_ARRAY_TASK_ID", id), ("SLURM_ARRAY_TASK_COUNT", count), ("SLURM_ARRAY_TASK_MIN", min)],
        )
    }

    #[test]
    fn each_schedulers_numbering_is_understood() {
        assert_eq!(slurm("1", "6", "1"), Ok((1, 6)));
        assert_eq!(slurm("0", "6", "0"), Ok((1, 6)));
        assert_eq!(slurm("15", "6", "10"), Ok((6, 6)));
        let step = [
            ("SLURM_ARRAY_TASK_ID", "5"),
            ("SLURM_ARRAY_TASK_COUNT", "3"),
            ("SLURM_ARRAY_TASK_MIN", "1"),
            ("SLURM_ARRAY_TASK_STEP", "2"),
        ];
        assert_eq!(named(None, &step), Ok((3, 3)));
        assert_eq!(named(Some(6), &[("JOB_COMPLETION_INDEX", "0")]), Ok((1, 6)));
        assert_eq!(named(Some(6), &[("JOB_COMPLETION_INDEX", "5")]), Ok((6, 6)));
        assert_eq!(named(None, &[("CI_NODE_INDEX", "6"), ("CI_NODE_TOTAL", "6")]), Ok((6, 6)));
        assert_eq!(named(Some(6), &[("CI_NODE_INDEX", "6"), ("CI_NODE_TOTAL", "6")]), Ok((6, 6)));
    }

    #[test]
    fn an_error_in_a_variable_names_the_variable() {
        let half = |set: &[(&str, &str)]| named(None, set).unwrap_err();
        for (said, parts) in [
            (named(None, &[]).unwrap_err(), ["found no scheduler", "JOB_COMPLETION_INDEX"]),
            (half(&[("SLURM_ARRAY_TASK_ID", "1")]), ["SLURM_ARRAY_TASK_MIN is not set", "--array"]),
            (
                half(&[("SLURM_ARRAY_TASK_ID", "1"), ("SLURM_ARRAY_TASK_MIN", "1")]),
                ["SLURM_ARRAY_TASK_COUNT is not set", "SLURM_ARRAY_TASK_ID is"],
            ),
            (half(&[("SLURM_ARRAY_TASK_COUNT", "6")]), ["SLURM_ARRAY_TASK_ID is not set", "_COUNT is"]),
            (half(&[("CI_NODE_TOTAL", "1")]), ["CI_NODE_INDEX is not set", "parallel"]),
            (half(&[("CI_NODE_INDEX", "1")]), ["CI_NODE_TOTAL is not set", "CI_NODE_INDEX is"]),
            (half(&[("JOB_COMPLETION_INDEX", "1")]), ["JOB_COMPLETION_INDEX does not say", "auto/6"]),
            (slurm("one", "6", "1").unwrap_err(), ["SLURM_ARRAY_TASK_ID is `one`", "not a number"]),
            (slurm("1", "", "1").unwrap_err(), ["SLURM_ARRAY_TASK_COUNT is ``", "not a number"]),
            (slurm("1", "6", "-1").unwrap_err(), ["SLURM_ARRAY_TASK_MIN is `-1`", "not a number"]),
            (slurm("1", "6", "2").unwrap_err(), ["SLURM_ARRAY_TASK_ID is 1", "the first shard has 2"]),
            // Only these were asked for: `--array=1,7`.
            (slurm("7", "2", "1").unwrap_err(), ["SLURM_ARRAY_TASK_ID is 7", "there are 2 shards"]),
            (slurm("1", "0", "1").unwrap_err(), ["SLURM_ARRAY_TASK_ID is 1", "there are 0 shards"]),
            (slurm("1", "99999999999", "1").unwrap_err(), ["SLURM_ARRAY_TASK_COUNT is `9", "not a number"]),
            (
                named(Some(6), &[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "5")]).unwrap_err(),
                ["CI_NODE_TOTAL is 5", "has 6 shards"],
            ),
            (
                named(Some(6), &[("JOB_COMPLETION_INDEX", "6")]).unwrap_err(),
                ["JOB_COMPLETION_INDEX is 6", "there are 6 shards"],
            ),
            (
                named(None, &[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "6")]).unwrap_err(),
                ["CI_NODE_INDEX is 0", "the first shard has 1"],
            ),
            (
                named(Some(6), &[("JOB_COMPLETION_INDEX", "1"), ("CI_NODE_TOTAL", "6")]).unwrap_err(),
                ["two schedulers", "JOB_COMPLETION_INDEX and CI_NODE_TOTAL"],
            ),
            (
                half(&[("JOB_COMPLETION_INDEX", "\u{1b}[2J")]),
                ["JOB_COMPLETION_INDEX is `\\u{1b}[2J`", "not a number"],
            ),
        ] {
            for part in parts {
                assert!(said.contains(part), "`{part}` is not in `{said}`");
            }
        }
    }
}
