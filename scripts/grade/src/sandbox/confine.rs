//! The helper process: locks itself in, then hands over to `supervise`.

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::outcome::Answer;
use super::spec::{Isolation, Spec};
use super::supervise::supervise;

/// `__confine`: what the grader starts. Reads a `Spec`, prints an `Answer`.
pub fn confine() -> ExitCode {
    let answer = match read().and_then(|spec| locked_in(&spec)) {
        Ok(answer) => answer,
        Err(error) => Answer::Failed(format!("{error:#}")),
    };
    print(&answer)
}

fn locked_in(spec: &Spec) -> Result<Answer> {
    match spec.isolation {
        Isolation::None => Ok(Answer::Outcome(Box::new(supervise(spec)?))),
        #[cfg(target_os = "linux")]
        Isolation::OwnUser(_) | Isolation::UserNamespace => super::linux::enter(spec),
        #[cfg(not(target_os = "linux"))]
        Isolation::OwnUser(_) | Isolation::UserNamespace => anyhow::bail!("namespaces are Linux's"),
    }
}

/// `__supervise`: the first process inside the namespaces.
pub fn supervise_inside() -> ExitCode {
    let inside = || {
        let spec = read()?;
        #[cfg(target_os = "linux")]
        super::linux::arrive(&spec)?;
        supervise(&spec)
    };
    print(&match inside() {
        Ok(outcome) => Answer::Outcome(Box::new(outcome)),
        Err(error) => Answer::Failed(format!("{error:#}")),
    })
}

/// `__limited`: sets limits and becomes the program.
pub fn limited() -> ExitCode {
    #[cfg(unix)]
    if let Some(error) = super::unix::become_limited().err() {
        eprintln!("{error:#}");
    }
    ExitCode::FAILURE
}

fn read() -> Result<Spec> {
    let mut text = Vec::new();
    std::io::stdin().read_to_end(&mut text).context("cannot read what to run")?;
    serde_json::from_slice(&text).context("cannot read what to run")
}

fn print(answer: &Answer) -> ExitCode {
    match serde_json::to_writer(std::io::stdout(), answer) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
