//! What standard output can show.

use anstream::{AutoStream, ColorChoice};

/// Whether it shows colors: a terminal does, or `CLICOLOR_FORCE` asks for them.
pub fn has_colors() -> bool {
    AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
}

/// Whether the terminal shows nothing but lines: it would print the codes that move the cursor.
pub fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
}
