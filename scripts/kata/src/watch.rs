//! `cargo kata` on a terminal: shows the lesson to work on, sees each save, and judges it.

mod burst;
mod cargo_progress;
mod event;
mod keys;
mod layouts;
mod listen;
mod run;
mod screen;
mod state;
mod terminal;
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
use crate::{Database, PASSED, USAGE_ERROR, base, gate_name, progress};
use event::Event;
use listen::Keys;
pub use listen::Saves;
use state::{Action, State};
use terminal::Terminal;

#[derive(Args, Clone, Copy)]
pub struct Options {
    /// Run once, as where nobody watches
    #[arg(long)]
    pub once: bool,
    /// Look for saves by itself, where the system tells nothing of them
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
        anstream::eprintln!("error: watching needs a terminal; `cargo kata --once` does without");
        return Ok(USAGE_ERROR);
    }
    if is_dumb() {
        anstream::eprintln!(
            "error: watching needs a terminal that shows more than lines, and TERM is `dumb`; `cargo kata --once` does \
             without"
        );
        return Ok(USAGE_ERROR);
    }
    // Before the terminal is taken: they may warn.
    base::keep(course);
    let (_, warning) = progress::read_quietly(&course.root)?;
    let lesson = gate_name::named_or_current(course, None, database)?;
    let server = Server::for_gates(database)?;

    let (sender, events) = channel();
    listen::for_signals(sender.clone()).context("cannot listen for signals")?;
    let mut terminal = Terminal::take()?;
    let keys = Keys::listen(sender.clone());
    let saves = Saves::listen(&course.root.join("lessons"), options.poll, sender.clone());
    let mut state = State::new(course, lesson, &server, sender, !options.no_warm);
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
                    if let Err(error) = edit(*command, has_a_window, &mut terminal, &keys) {
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

/// Starts the student's editor: beside the guide, or in its place.
fn edit(mut command: Command, has_a_window: bool, terminal: &mut Terminal, keys: &Keys) -> Result<()> {
    let name = command.get_program().display().to_string();
    if has_a_window {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().with_context(|| format!("cannot start {name}"))?;
        return Ok(());
    }
    terminal.pause();
    let status = keys.without(|| command.status());
    terminal.resume()?;
    status.map(drop).with_context(|| format!("cannot start {name}"))
}
