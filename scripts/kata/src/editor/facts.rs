//! What the choice of an editor depends on.

use std::path::Path;

/// What is known about the computer.
pub struct Facts<'a> {
    /// As `std::env::consts::OS` names it.
    pub system: &'a str,
    /// The environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Whether this is a program that can be started.
    pub is_program: &'a dyn Fn(&Path) -> bool,
}

impl Facts<'_> {
    pub fn is_windows(&self) -> bool {
        self.system == "windows"
    }

    pub fn has_variable(&self, names: &[&str]) -> bool {
        names.iter().any(|name| (self.variable)(name).is_some_and(|value| !value.is_empty()))
    }
}
