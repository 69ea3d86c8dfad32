//! A program in the guide's place: an editor without a window of its own, or a console.

use std::process::Command;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use anyhow::{Context, Result};

use super::event::Event;
use super::listen::Keys;
use super::terminal::Terminal;
use crate::process;

/// How often to check whether the program has ended.
const TURN: Duration = Duration::from_millis(50);
/// How long the program may take to end when the guide is asked to.
const PATIENCE: Duration = Duration::from_secs(3);

/// Runs `command` until it ends, or until the guide is asked to end, which ends both. Ctrl-C is for that program. What
/// else comes meanwhile is for the guide, afterwards.
///
/// # Errors
///
/// When it cannot be started, or the terminal is gone.
pub fn run(
    mut command: Command,
    terminal: &mut Terminal,
    keys: &Keys,
    events: &Receiver<Event>,
    sender: &Sender<Event>,
) -> Result<()> {
    let mut kept = Vec::new();
    terminal.pause();
    let ran = keys.without(|| {
        // Keys are left alone a moment before there is such a program.
        if keep_others(events.try_iter(), &mut kept) {
            return Ok(());
        }
        let mut child = command.spawn()?;
        while child.try_wait()?.is_none() {
            keep_others(events.recv_timeout(TURN), &mut kept);
            if kept.iter().any(|event| matches!(event, Event::Stop)) {
                process::terminate(&mut child, PATIENCE);
            }
        }
        anyhow::Ok(())
    });
    terminal.resume()?;
    for event in kept {
        sender.send(event).context("nobody listens for events")?;
    }
    ran.with_context(|| format!("cannot start {}", command.get_program().display()))
}

/// Keeps all events but those of Ctrl-C, in their order. Returns whether there was one of these.
fn keep_others(events: impl IntoIterator<Item = Event>, kept: &mut Vec<Event>) -> bool {
    let mut is_interrupted = false;
    for event in events {
        match event {
            Event::Interrupted => is_interrupted = true,
            // One of them has the guide look at all files.
            Event::Touched if matches!(kept.last(), Some(Event::Touched)) => {}
            other => kept.push(other),
        }
    }
    is_interrupted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctrl_c_goes_to_the_program_and_other_events_go_to_the_guide() {
        let mut kept = Vec::new();
        assert!(!keep_others([Event::Touched, Event::Touched, Event::Resized], &mut kept));
        assert!(keep_others([Event::Touched, Event::Interrupted, Event::Stop], &mut kept));
        assert!(matches!(kept[..], [Event::Touched, Event::Resized, Event::Touched, Event::Stop]));
    }
}
