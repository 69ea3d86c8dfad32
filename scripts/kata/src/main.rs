//! The guide, for the tests of this package. `cargo kata` starts the same in `scripts/cargo-kata`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kata::cli::main()
}
