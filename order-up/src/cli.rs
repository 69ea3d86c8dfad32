//! The command line: serves the app, and manages its data.

mod args;
mod backup;
mod connections;
mod employees;
mod password;
mod private;
mod serve;
mod settings;

use anyhow::Result;
use clap::Parser;
use order_up::migrate::migrate;

use args::{Cli, Command};
use settings::{open, open_migrated};

/// Runs the command that the arguments name.
pub async fn run() -> Result<()> {
    let Cli { command, serve, folder } = Cli::parse();
    let folder = folder.unwrap_or_else(settings::default_folder);
    match command.unwrap_or(Command::Serve(serve)) {
        Command::Serve(serve) => serve::serve(&folder, &serve).await,
        Command::Migrate => {
            let ran = migrate(&mut open(&folder)?, |_| anyhow::Ok(()))?;
            println!("The tables are up to date; migrations that ran: {ran}.");
            Ok(())
        }
        Command::Seed => employees::seed_demo(&mut open(&folder)?),
        Command::CreateEmployee { name, number, manager } => {
            employees::create(&mut open_migrated(&folder)?, &name, number, manager)
        }
        Command::SetPassword { number } => employees::set_password(&mut open_migrated(&folder)?, number),
        Command::Backup { file } => backup::backup(&folder, &file),
    }
}
