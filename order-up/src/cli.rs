//! What can be done from the command line: serve the app, and look after its data.

mod backup;
mod password;
mod serve;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use groundwork::{Db, connect, dotenv};
use order_up::form::Form;
use order_up::migrate::migrate;
use order_up::models::employee::{self, EmployeeError, MANAGER, NewEmployee, SERVER};
use order_up::{Config, Restaurant, seed};

pub type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Order Up: a restaurant's tables, from being seated to having paid.
///
/// Without a command it serves the app.
#[derive(Parser)]
#[command(version, disable_help_subcommand = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
    /// The folder of the settings (.env) and of the SQLite database.
    ///
    /// Where nothing is said, the top of the source code, and if that is gone, the folder that this
    /// is started in.
    #[arg(long, global = true, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

#[derive(Args, Default)]
struct Serve {
    /// Where to listen, as in 0.0.0.0:8000 for the whole network [default: 127.0.0.1:8000]
    #[arg(long)]
    address: Option<String>,
    /// Let cookies travel without encryption. For a network where you know everybody.
    #[arg(long)]
    insecure_http: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app; the same as no command.
    Serve(Serve),
    /// Bring the tables up to date.
    Migrate,
    /// Put the demo's restaurant into an empty database.
    Seed,
    /// Add somebody who can sign in. The password is asked for.
    CreateEmployee {
        /// The name, as it is shown to the others.
        #[arg(long)]
        name: String,
        /// The number to sign in with.
        #[arg(long, value_parser = clap::value_parser!(i32).range(1..=999_999))]
        number: i32,
        /// Whether they manage the menu, the tables and the employees.
        #[arg(long)]
        manager: bool,
    },
    /// Set an employee's password, which is asked for.
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

pub async fn run() -> Done<()> {
    let Cli { command, serve, folder } = Cli::parse();
    let folder = folder.unwrap_or_else(usual_folder);
    match command.unwrap_or(Command::Serve(serve)) {
        Command::Serve(serve) => serve::serve(&folder, &serve).await,
        Command::Migrate => {
            let ran = migrate(&mut open(&folder)?, |_| Ok(()))?;
            println!("The tables are up to date; {ran} migration(s) ran.");
            Ok(())
        }
        Command::Seed => seed_demo(&mut open(&folder)?),
        Command::CreateEmployee { name, number, manager } => {
            let mut conn = open_migrated(&folder)?;
            create_employee(&mut conn, &name, number, manager)
        }
        Command::SetPassword { number } => set_password(&mut open_migrated(&folder)?, number),
        Command::Backup { file } => backup::backup(&mut open_migrated(&folder)?, &file),
    }
}

/// The top of the source code while it is there, so that one `.env` serves the whole workspace.
fn usual_folder() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let top = source.into_iter().find(|folder| folder.join("Cargo.lock").is_file());
    top.unwrap_or(Path::new(".")).to_owned()
}

/// The settings of the app.
fn settings(folder: &Path, serve: &Serve) -> Done<Config> {
    let dotenv = folder.join(".env");
    let mut variables = variables(folder, &dotenv::read(&dotenv)?);
    variables.extend(serve.address.clone().map(|address| ("ADDRESS".to_owned(), address)));
    if serve.insecure_http {
        variables.push(("INSECURE_HTTP".to_owned(), "1".to_owned()));
    }
    Ok(Config::load(variables, &dotenv)?)
}

/// What wins over `.env`, after what needs no asking. Of a name that comes twice the last counts.
fn variables(folder: &Path, dotenv: &BTreeMap<String, String>) -> Vec<(String, String)> {
    usual_database(folder, dotenv).into_iter().chain(dotenv::variables()).collect()
}

/// On SQLite a file in the folder, unless `.env` names another.
#[cfg(not(feature = "postgres"))]
fn usual_database(folder: &Path, dotenv: &BTreeMap<String, String>) -> Option<(String, String)> {
    let file = folder.join(concat!(env!("CARGO_PKG_NAME"), ".db"));
    let is_set = dotenv.contains_key("DATABASE_URL");
    (!is_set).then(|| ("DATABASE_URL".to_owned(), format!("sqlite://{}", file.display())))
}

#[cfg(feature = "postgres")]
fn usual_database(_folder: &Path, _dotenv: &BTreeMap<String, String>) -> Option<(String, String)> {
    None
}

/// The database, for a command that needs no secret key.
fn open(folder: &Path) -> Done<Db> {
    let dotenv = folder.join(".env");
    let mut settings = dotenv::read(&dotenv)?;
    settings.extend(variables(folder, &settings));
    let url = settings.remove("DATABASE_URL");
    let url = url.ok_or_else(|| format!("DATABASE_URL is not set. Set it in {}.", dotenv.display()))?;
    Ok(connect(&url)?)
}

fn open_migrated(folder: &Path) -> Done<Db> {
    let mut conn = open(folder)?;
    migrate(&mut conn, |_| Ok(()))?;
    Ok(conn)
}

fn seed_demo(conn: &mut Db) -> Done<()> {
    migrate(conn, |conn| {
        if employee::is_empty(conn)? {
            return seed(conn, &Restaurant::demo());
        }
        Err("there are employees already, so nothing was added. The demo is for an empty database.".into())
    })?;
    println!(
        "Margot (1234), Robin (2345) and Sam (3456) can sign in with `password`, on this machine alone."
    );
    Ok(())
}

fn create_employee(conn: &mut Db, name: &str, number: i32, manager: bool) -> Done<()> {
    // The same rule as on the page.
    let name = Form::filled([("name", name.to_owned())]).text("name", 100);
    let name = name.ok_or("the name is one line of 1 to 100 characters.")?;
    let hashed_password = password::ask()?;
    let role = if manager { MANAGER } else { SERVER };
    let new = NewEmployee { name: &name, employee_number: number, hashed_password: &hashed_password, role };
    match employee::create(conn, &new) {
        Ok(employee) => println!("{} can sign in with the number {number}.", employee.name),
        Err(EmployeeError::NumberTaken) => {
            return Err(format!("another employee has the number {number}; choose one that is free.").into());
        }
        Err(error) => return Err(said(error)),
    }
    Ok(())
}

fn set_password(conn: &mut Db, number: i32) -> Done<()> {
    let employee = employee::with_number(conn, number)?;
    let employee = employee.ok_or_else(|| format!("nobody who works here has the number {number}."))?;
    let hashed_password = password::ask()?;
    employee::set_password(conn, employee.id, &hashed_password).map_err(said)?;
    println!("{} signs in with the new password from now on.", employee.name);
    Ok(())
}

fn said(error: EmployeeError) -> Box<dyn Error + Send + Sync> {
    match error {
        EmployeeError::Database(error) => error.into(),
        other => format!("{other:?}").into(),
    }
}
