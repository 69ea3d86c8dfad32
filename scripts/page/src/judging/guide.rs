//! The guide, which judges what is saved.

use std::env;
use std::ffi::OsString;
use std::process::Command;

/// The program that judges.
pub struct Guide {
    program: OsString,
    /// The variables that it was started with itself: others would have it compile again.
    variables: Vec<(&'static str, Option<OsString>)>,
}

impl Guide {
    /// The guide that has started this program. Without one, verdicts are shown and none is made.
    pub fn of_this_program() -> Option<Self> {
        let program = env::var_os("KATA_PROGRAM")?;
        let variable = |name| Some((name, env::var_os(format!("KATA_{name}"))?));
        let variables = ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"].into_iter().filter_map(variable);
        let variables = variables.map(|(name, value)| (name, Some(value).filter(|value| !value.is_empty())));
        Some(Self { program, variables: variables.collect() })
    }

    /// This program, with the variables of the one that asks.
    pub fn at(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), variables: Vec::new() }
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}
