//! What the guide waits for.

use crossterm::event::KeyEvent;

pub enum Event {
    Key(KeyEvent),
    /// Text that was pasted, and not typed.
    Pasted,
    Resized,
    /// A file may have changed.
    Touched,
    /// From the build or the gates of the run with this number.
    Run(u64, ProcessOutput),
    /// From the building of what later lessons need.
    Warm(u64, ProcessOutput),
    /// From the server of the page.
    Page(ProcessOutput),
    /// From the student's app that was started as this one.
    App(u64, ProcessOutput),
    /// Ctrl-C, where the guide does not get keys: it may be for another program.
    Interrupted,
    /// A signal asks the guide to end.
    Stop,
}

/// What a process says.
pub enum ProcessOutput {
    /// A line of its stderr; of cargo's progress, each state is one.
    Line(String),
    /// A line of its stdout.
    Report(String),
    /// It has closed both.
    End,
}
