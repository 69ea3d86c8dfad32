//! A record of what a gate's process did, for the tool that started it.
//!
//! `KATA_TRACE` names a file; each event is one line of JSON, written as it happens, so that a
//! process that hangs or dies has still said how far it came. Nothing here decides a verdict:
//! a student's code runs in the same process and could write to the same file.

use std::any::Any;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{LazyLock, Once};

use serde::{Deserialize, Serialize};

/// The variable that names the file.
pub const VARIABLE: &str = "KATA_TRACE";

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A statement that the student's code sent to the database.
    Sql(String),
    /// A part of the gate's transcript.
    Step(String),
    /// The file in which a page is that the gate looked at.
    Page(String),
    Panic {
        message: String,
        /// As rustc knew it: relative to the workspace for its own crates.
        file: String,
        line: u32,
    },
}

/// The file that `KATA_TRACE` names, if it names one. Opened once: a gate runs hundreds of statements.
static FILE: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = std::env::var_os(VARIABLE)?;
    OpenOptions::new().create(true).append(true).open(path).ok()
});

/// Writes `event` to the file that `KATA_TRACE` names, if it names one.
pub fn record(event: &Event) {
    let Some(mut file) = FILE.as_ref() else { return };
    let Ok(mut line) = serde_json::to_string(event) else { return };
    line.push('\n');
    // A trace is a convenience: a gate must not fail because it cannot be written.
    let _ = file.write_all(line.as_bytes());
}

/// From here on a panic anywhere in the process is recorded too.
pub fn record_panics() {
    static ONCE: Once = Once::new();
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if let Some(location) = panic.location() {
                record(&Event::Panic {
                    message: text(panic.payload()).to_owned(),
                    file: location.file().to_owned(),
                    line: location.line(),
                });
            }
            report(panic);
        }));
    });
}

/// What `panic!` was given: a literal, or text made by formatting.
pub fn text(payload: &dyn Any) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a text")
}
