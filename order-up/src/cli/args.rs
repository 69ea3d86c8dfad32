//! The arguments of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Order Up: a restaurant's tables, from seating guests to closing the bill.
///
/// Without a command, it serves the app.
#[derive(Parser)]
#[command(version, disable_help_subcommand = false)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub serve: Serve,
    /// The folder of the settings (.env) and of the SQLite database.
    ///
    /// By default it is the top of the source code, or, if that no longer exists, the folder in
    /// which the program is started.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen, such as 0.0.0.0:8000 for the whole network [default: 127.0.0.1:8000]
    #[arg(long)]
    pub address: Option<String>,
    /// Send cookies without encryption. Use it only on a network that you trust.
    #[arg(long)]
    pub insecure_http: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve the app; the same as no command.
    Serve(Serve),
    /// Run the pending migrations.
    Migrate,
    /// Fill an empty database with the demo restaurant.
    Seed,
    /// Add an employee who can sign in. The program asks for the password.
    CreateEmployee {
        /// The name that coworkers see.
        #[arg(long)]
        name: String,
        /// The number to sign in with.
        #[arg(long, value_parser = clap::value_parser!(i32).range(1..=999_999))]
        number: i32,
        /// Make the employee a manager, who can change the menu, the tables and the employees.
        #[arg(long)]
        manager: bool,
    },
    /// Set an employee's password. The program asks for it.
    SetPassword {
        /// The employee's number.
        #[arg(long)]
        number: i32,
    },
    /// Copy the database to a new file while the app runs.
    Backup {
        /// The file to write. It must not exist.
        file: PathBuf,
    },
}
