//! Faults that a gate provokes: what an app logs meanwhile is not a mistake of its author's.
//!
//! A gate marks them in its standard error, where an app's log is, so that the guide can tell one from the other. As
//! with the trace, nothing here decides a verdict.

use std::io::{Write, stderr};

use crate::trace;

const BEGIN: &str = "--- The gate provokes an error. ---";
const END: &str = "--- The gate provokes no more errors. ---";

/// While this is there, a fault is the gate's.
pub struct Provoked(());

/// Whatever fails from here on until the value is dropped is the gate's doing.
#[must_use]
pub fn begin() -> Provoked {
    mark(BEGIN);
    Provoked(())
}

impl Drop for Provoked {
    fn drop(&mut self) {
        mark(END);
    }
}

/// Only for the guide: who runs gates with `cargo test` reads standard error without it.
fn mark(line: &str) {
    if trace::is_recording() {
        // A mark is a convenience, as the trace is.
        let _ = writeln!(stderr(), "{line}");
    }
}

/// The lines of a log without the marks, and whether each was logged while the gate provoked a fault.
pub fn lines(log: &str) -> Vec<(&str, bool)> {
    let mut depth = 0_usize;
    let line = |line| match line {
        BEGIN => {
            depth += 1;
            None
        }
        END => {
            depth = depth.saturating_sub(1);
            None
        }
        _ => Some((line, depth > 0)),
    };
    log.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_between_the_marks_is_the_gates() {
        let log =
            format!("a\n{BEGIN}\nb\n{BEGIN}\nc\n{END}\nd\n{END}\ne\n{END}\nf\n{BEGIN}\nuntil it was ended");
        let of = |is_wanted: bool| -> Vec<_> {
            let lines = lines(&log).into_iter().filter(|(_, is_provoked)| *is_provoked == is_wanted);
            lines.map(|(line, _)| line).collect()
        };
        assert_eq!(of(false), ["a", "e", "f"]);
        assert_eq!(of(true), ["b", "c", "d", "until it was ended"]);
    }
}
