//! The command line of Order Up.
//!
//!     cargo run -p lesson-08-order-up            # serves the app
//!     cargo run -p lesson-08-order-up -- help

#![warn(clippy::missing_errors_doc)]

mod cli;

use groundwork::causes::causes;
use std::process::ExitCode;

use lesson_08_order_up::pool::CONNECTIONS;

fn main() -> ExitCode {
    // These threads wait: one for each connection to the database, and some that hash passwords.
    let waiting = 2 * CONNECTIONS;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().max_blocking_threads(waiting).enable_all().build();
    let done = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(cli::run()));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            for cause in causes(error.as_ref()) {
                eprintln!("  caused by: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}
