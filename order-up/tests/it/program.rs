//! The program as a process of its own, in a folder of its own.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use diesel::connection::SimpleConnection;
use groundwork::{Db, connect};

/// A folder for the program's files, and nothing in it yet.
pub struct Program {
    folder: tempfile::TempDir,
    /// On SQLite the database is in the folder.
    #[cfg(feature = "postgres")]
    database: String,
    /// Here until the program is done with.
    #[cfg(feature = "postgres")]
    _database: Option<gates::Database>,
}

impl Program {
    #[cfg(not(feature = "postgres"))]
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder can be made") }
    }

    #[cfg(feature = "postgres")]
    pub fn new() -> Self {
        let database = gates::Database::empty();
        let url = database.url().to_owned();
        Self { _database: Some(database), ..Self::on(&url) }
    }

    /// The program with a database of the test's own.
    #[cfg(feature = "postgres")]
    pub fn on(url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        Self { folder, database: url.to_owned(), _database: None }
    }

    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with no settings but those that PostgreSQL cannot do without.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_order-up"));
        command.env_clear().arg("--folder").arg(self.folder.path()).args(arguments);
        #[cfg(feature = "postgres")]
        command.env("DATABASE_URL", &self.database).env("SECRET_KEY", "k".repeat(64));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end, with `typed` as its input: whether it went well, and what it said.
    pub fn run(&self, arguments: &[&str], typed: impl AsRef<[u8]>) -> (bool, String) {
        let mut child = self.command(arguments).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("its input is a pipe");
        // It may end before it has read anything.
        let _ = stdin.write_all(typed.as_ref());
        drop(stdin);
        let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
        let said = [stdout, stderr].concat();
        (status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// The same on a terminal, on which each line is typed when a password is asked for.
    #[cfg(unix)]
    pub fn on_terminal(&self, arguments: &[&str], typed: &[&str]) -> (bool, String) {
        use std::thread;
        use std::time::Duration;

        use pty_process::blocking::{Command, open};
        use rustix::termios::{LocalModes, tcgetattr};

        let plain = self.command(arguments);
        let (mut terminal, inside) = open().expect("a terminal can be made");
        let variables = plain.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let command = Command::new(plain.get_program()).args(plain.get_args()).env_clear().envs(variables);
        let mut child = command.spawn(inside).expect("the program starts");
        let (mut said, mut typed, mut buffer) = (String::new(), typed.iter(), [0; 1024]);
        // The end of the program ends its terminal, which Linux says as an error.
        while let Ok(length @ 1..) = terminal.read(&mut buffer) {
            said += &String::from_utf8_lossy(&buffer[..length]);
            if said.ends_with(": ")
                && let Some(line) = typed.next()
            {
                // Until then the terminal would handle Ctrl-D, and the program would not see it.
                let shows = || tcgetattr(&terminal).map(|it| it.local_modes.contains(LocalModes::ECHO));
                while shows().expect("it is a terminal") {
                    thread::sleep(Duration::from_millis(1));
                }
                terminal.write_all(format!("{line}\n").as_bytes()).expect("it reads");
            }
        }
        (child.wait().expect("the program ends").success(), said)
    }

    /// What it says when all goes well.
    #[track_caller]
    pub fn done(&self, arguments: &[&str], typed: &str) -> String {
        let (is_fine, said) = self.run(arguments, typed);
        assert!(is_fine, "{said}");
        said
    }

    /// What it says when it refuses.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str], typed: &str) -> String {
        let (is_fine, said) = self.run(arguments, typed);
        assert!(!is_fine && said.contains("error: "), "{said}");
        said
    }

    /// The employees in the database at `file`; on PostgreSQL, in the one there is.
    pub fn employees(&self, file: &Path) -> String {
        gates::rows(&mut self.connect(file), "name, employee_number, role", "employees ORDER BY id")
    }

    /// Runs a statement in the database that the program makes for itself.
    pub fn execute(&self, statement: &str) {
        let mut conn = self.connect(&self.file("order-up.db"));
        conn.batch_execute(statement).expect("the program has made its tables");
    }

    /// A connection to the database at `file`; on PostgreSQL, to the one there is.
    pub fn connect(&self, file: &Path) -> Db {
        #[cfg(feature = "postgres")]
        let (url, _) = (&self.database, file);
        #[cfg(not(feature = "postgres"))]
        let url = file.to_str().expect("the folder's path is Unicode");
        connect(url).expect("the program has made it")
    }
}
