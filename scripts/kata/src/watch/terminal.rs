//! The terminal while the guide watches: a screen of its own, keys one by one, and as it was afterwards
//! however the guide ends.

use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};

use crate::stdout;
use crate::view::text;

/// To the other screen, the cursor hidden, no wrapping of lines, what is pasted marked as such.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[?2004h\u{1b}[2J";
const LEAVE: &str = "\u{1b}[?2004l\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l";
/// Terminals that know these show what is between them at once.
const BEGIN_FRAME: &str = "\u{1b}[?2026h";
const END_FRAME: &str = "\u{1b}[?2026l";

static TAKEN: AtomicBool = AtomicBool::new(false);

/// Holds the terminal; gives it back when dropped.
pub struct Terminal {
    last: Vec<String>,
    has_colors: bool,
}

impl Terminal {
    pub fn take() -> Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let next = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                give_back();
                next(panic);
            }));
        });
        let has_colors = stdout::has_colors();
        let mut terminal = Self { last: Vec::new(), has_colors };
        terminal.resume()?;
        Ok(terminal)
    }

    /// Takes the terminal again after [`Terminal::pause`].
    pub fn resume(&mut self) -> Result<()> {
        enable_raw_mode().context("cannot read keys from the terminal")?;
        TAKEN.store(true, Ordering::SeqCst);
        self.last.clear();
        print(ENTER)
    }

    /// Gives the terminal to another program for a while.
    #[expect(clippy::unused_self, reason = "whoever pauses a terminal has to hold it")]
    pub fn pause(&mut self) {
        give_back();
    }

    /// Columns and rows.
    pub fn size() -> (usize, usize) {
        let (columns, rows) = size().unwrap_or((80, 24));
        (usize::from(columns).max(1), usize::from(rows).max(1))
    }

    /// Shows these lines, from the top.
    pub fn draw(&mut self, lines: &[String]) -> Result<()> {
        let (columns, rows) = Self::size();
        let shown = |line: &String| {
            let line = text::cut(line, columns);
            if self.has_colors { line } else { anstream::adapter::strip_str(&line).to_string() }
        };
        let mut lines: Vec<_> = lines.iter().take(rows).map(shown).collect();
        lines.resize(rows, String::new());
        if lines == self.last {
            return Ok(());
        }
        let mut frame = BEGIN_FRAME.to_owned();
        for (row, line) in lines.iter().enumerate() {
            if self.last.get(row) != Some(line) {
                // Erased first: after the last column the cursor stands on it.
                frame.push_str(&format!("\u{1b}[{};1H\u{1b}[K{line}\u{1b}[0m", row + 1));
            }
        }
        frame.push_str(END_FRAME);
        self.last = lines;
        print(&frame)
    }

    /// All has to be drawn again: the terminal has another size.
    pub fn forget(&mut self) -> Result<()> {
        self.last.clear();
        print("\u{1b}[2J")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // The terminal may be gone; then there is nowhere to report an error.
        let _ = print(LEAVE);
        let _ = disable_raw_mode();
    }
}

fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("cannot write to the terminal")
}
