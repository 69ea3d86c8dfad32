//! What `cargo kata` starts.
//!
//! It is a package of its own so that cargo compiles the guide beside what lesson 1 depends on, and not before it: the
//! guide is one large crate, which keeps one core busy.

use std::process::ExitCode;

fn main() -> ExitCode {
    kata::cli::main()
}
