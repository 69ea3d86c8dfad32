//! Runs other programs to their end.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs a command and returns what it printed.
///
/// # Errors
///
/// When it cannot be started, or fails; what it complained about is in the error.
pub fn output(command: &mut Command) -> Result<String> {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    let name = words.join(" ");
    let output = command.output().with_context(|| format!("cannot run `{name}`"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("`{name}` failed ({}):\n{printed}{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(printed.into_owned())
}
