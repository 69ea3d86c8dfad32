//! `cargo kata` on a terminal: shows the lesson to work on, sees each save, and judges it.

mod browser;
mod burst;
mod cargo_progress;
mod elsewhere;
mod event;
mod in_place;
mod keys;
mod layouts;
mod listen;
mod run;
mod screen;
mod served;
mod state;
mod terminal;
mod verdict;
mod warming;

use std::io::IsTerminal;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::course::Course;
use crate::server::Server;
use crate::stdout::is_dumb;
use crate::{Database, PASSED, USAGE_ERROR, base, gate_name, progress, verdicts};
pub use event::Event;
use listen::Keys;
pub use listen::{Saves, for_signals};
use state::{Action, State};
use terminal::Terminal;

#[derive(Args, Clone, Copy)]
pub struct Options {
    /// Check once and exit, as in a pipe or in CI
    #[arg(long)]
    pub once: bool,
    /// Poll for file changes (network drives, some containers)
    #[arg(long)]
    poll: bool,
    /// Build nothing for later lessons in the background
    #[arg(long)]
    no_warm: bool,
}

const MOST_AT_ONCE: usize = 64;

/// Whether this is a terminal that can show more than lines.
pub fn is_possible() -> bool {
    let is_ci = std::env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false");
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !is_dumb() && !is_ci
}

/// Watches until the student quits.
///
/// # Errors
///
/// When the terminal, the progress or PostgreSQL fails before anything is shown.
pub fn watch(course: &Course, database: Database, options: Options) -> Result<u8> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        anstream::eprintln!(
            "error: watching needs a terminal; to check once without one, run `cargo kata --once`"
        );
        return Ok(USAGE_ERROR);
    }
    if is_dumb() {
        anstream::eprintln!(
            "error: watching needs a full-screen terminal, but TERM is `dumb`; run `cargo kata --once` \
             instead"
        );
        return Ok(USAGE_ERROR);
    }
    // Before the terminal is taken: they may warn.
    base::keep(course);
    let (_, warning) = progress::read_quietly(&course.root)?;
    let lesson = gate_name::named_or_current(course, None, database)?;
    let server = Server::for_gates(database)?;
    let _watching = verdicts::watching(&course.root)?;

    let (sender, events) = channel();
    for_signals(sender.clone()).context("cannot listen for signals")?;
    let mut terminal = Terminal::take()?;
    let keys = Keys::listen(sender.clone());
    let saves = Saves::listen(&course.root.join("lessons"), options.poll, sender.clone());
    let mut state = State::new(course, lesson, &server, sender.clone(), !options.no_warm);
    if let Some(warning) = warning {
        state.show_message(warning);
    }
    state.begin();
    loop {
        terminal.draw(&state.screen())?;
        let wait = state.next_alarm().map_or(saves.interval, |alarm| {
            alarm.saturating_duration_since(Instant::now()).min(saves.interval)
        });
        let mut event = match events.recv_timeout(wait) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => Event::Touched,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        // Many words of one save are one, and a flood of them must not keep the screen from being drawn.
        for _ in 0..MOST_AT_ONCE {
            match state.handle(event) {
                Action::Continue => {}
                Action::Quit => {
                    drop(terminal);
                    let farewell = state.farewell();
                    drop(state);
                    anstream::println!("{farewell}");
                    return Ok(PASSED);
                }
                Action::Redraw => terminal.forget()?,
                Action::Edit(command, has_a_window) => {
                    let edited = match has_a_window {
                        true => beside(*command),
                        false => in_place::run(*command, &mut terminal, &keys, &events, &sender),
                    };
                    if let Err(error) = edited {
                        state.show_message(format!("{error:#}"));
                    }
                }
            }
            match events.try_iter().find(|event| !matches!(event, Event::Touched)) {
                Some(next) => event = next,
                None => break,
            }
        }
        state.refresh();
    }
    Ok(PASSED)
}

/// Starts an editor that has a window of its own.
fn beside(mut command: Command) -> Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = command.spawn();
    started.map(drop).with_context(|| format!("cannot start {}", command.get_program().display()))
}
