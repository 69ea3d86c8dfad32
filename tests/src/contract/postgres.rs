//! A throwaway PostgreSQL, made from the binaries that are installed.
//!
//! It asks for passwords as a real server does (`scram-sha-256`; `initdb` alone would let
//! anybody in), sorts by code point (`--locale=C`), listens on a free port of this machine only,
//! and leaves nothing behind. Linux and macOS; on Windows, and wherever a server is at hand
//! already, `DATABASE_URL` names it instead.

mod binaries;
mod error;

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub use binaries::Binaries;
pub use error::Error;

use crate::scratch;

/// The superuser of a throwaway server.
pub const SUPERUSER: &str = "postgres";

/// A running server in a folder of its own.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    url: String,
}

/// A server that stops, and whose folder disappears, when this value is dropped or its process
/// ends, however it ends.
#[derive(Debug)]
pub struct Throwaway {
    server: Server,
    watchdog: Child,
}

impl Throwaway {
    /// Starts one; takes about half a second.
    ///
    /// # Errors
    ///
    /// When no server can be started.
    pub fn start() -> Result<Self, Error> {
        Self::start_with(&[])
    }

    /// Starts one with more arguments for `initdb`.
    ///
    /// # Errors
    ///
    /// When no server can be started.
    pub fn start_with(initdb: &[&str]) -> Result<Self, Error> {
        let binaries = Binaries::find()?;
        let folder = kept(scratch::folder(PREFIX, ENOUGH))?;
        // First the watchdog, then the server: there is no moment at which a server could be left.
        let watchdog = watch(&binaries, &folder)
            .map_err(Error::io("cannot start `sh`, which stops PostgreSQL at the end"))?;
        let server = Server::start_in(&binaries, folder, initdb)?;
        Ok(Self { server, watchdog })
    }

    /// The URL of the superuser and the `postgres` database.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    pub fn folder(&self) -> &Path {
        self.server.folder()
    }

    /// The file into which the server writes each statement before it runs it, and each connection.
    pub fn log(&self) -> PathBuf {
        log(self.folder())
    }

    /// Kills the server, without a chance to tidy up, and starts it again at the same address.
    ///
    /// # Errors
    ///
    /// When the server does not run, or does not start again.
    #[cfg(unix)]
    pub fn crash(&self) -> Result<(), Error> {
        let file = data(self.folder()).join("postmaster.pid");
        let text = fs::read_to_string(&file).map_err(Error::io("the server does not run"))?;
        let lines: Vec<_> = text.lines().collect();
        let [process, _, _, port, ..] = lines[..] else {
            return Err(Error::Unreadable(file));
        };
        let Ok(port) = port.parse() else { return Err(Error::Unreadable(file)) };
        run(Command::new("kill").args(["-s", "KILL", process]))?;
        // Its children end when they notice; until then they hold what a new server needs.
        let binaries = Binaries::find()?;
        let mut started = Ok(());
        for _ in 0..50 {
            started = start_on(&binaries, self.folder(), port);
            if started.is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        started
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        // The closed pipe is the watchdog's sign to stop the server.
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

impl Server {
    /// Starts a server that outlives this process, until [`Server::stop`].
    ///
    /// # Errors
    ///
    /// When no server can be started.
    pub fn start() -> Result<Self, Error> {
        Self::start_in(&Binaries::find()?, kept(tempfile::Builder::new().prefix(PREFIX).tempdir())?, &[])
    }

    /// The server that an earlier process started in `folder`.
    pub fn at(folder: PathBuf, url: String) -> Self {
        Self { folder, url }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn is_running(&self) -> bool {
        let Ok(binaries) = Binaries::find() else { return false };
        let status = binaries.command("pg_ctl").arg("-D").arg(data(&self.folder)).arg("status").output();
        status.is_ok_and(|output| output.status.success())
    }

    /// Stops the server and deletes its folder.
    ///
    /// # Errors
    ///
    /// When the server does not stop, or its folder cannot be deleted.
    pub fn stop(self) -> Result<(), Error> {
        let binaries = Binaries::find()?;
        if self.is_running() {
            run(binaries.command("pg_ctl").arg("-D").arg(data(&self.folder)).args([
                "-m",
                "immediate",
                "stop",
            ]))?;
        }
        fs::remove_dir_all(&self.folder)
            .map_err(Error::io(format!("cannot delete {}", self.folder.display())))
    }

    fn start_in(binaries: &Binaries, folder: PathBuf, initdb: &[&str]) -> Result<Self, Error> {
        let password = random_text();
        let password_file = folder.join("password");
        fs::write(&password_file, &password)
            .and_then(|()| binaries.give(&folder))
            .and_then(|()| binaries.give(&password_file))
            .map_err(Error::io(format!("cannot prepare {}", folder.display())))?;
        run(binaries
            .command("initdb")
            .arg("-D")
            .arg(data(&folder))
            .arg("--pwfile")
            .arg(&password_file)
            .args(["-U", SUPERUSER, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .args(initdb))?;
        let port = start_on_free_port(binaries, &folder)?;
        let url = format!("postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres");
        Ok(Self { folder, url })
    }
}

/// Between the search for a free port and the start, another program can take it.
const TRIES: u32 = 5;

fn start_on_free_port(binaries: &Binaries, folder: &Path) -> Result<u16, Error> {
    let mut tries = 0;
    loop {
        tries += 1;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(Error::io("no free port on 127.0.0.1"))?
            .port();
        match start_on(binaries, folder, port) {
            Ok(()) => return Ok(port),
            Err(error) if tries == TRIES => {
                let log = fs::read_to_string(log(folder)).unwrap_or_default();
                return Err(Error::NotStarted { folder: folder.to_owned(), log, source: Box::new(error) });
            }
            Err(_) => {}
        }
    }
}

fn start_on(binaries: &Binaries, folder: &Path, port: u16) -> Result<(), Error> {
    // Its data is worth nothing, so it need not reach the disk.
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' \
         -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
         -c min_wal_size=32MB -c max_wal_size=64MB -c max_connections=200 \
         -c log_statement=all -c log_connections=on -c log_line_prefix={}",
        log_prefix("%d")
    );
    run(binaries
        .command("pg_ctl")
        .arg("-D")
        .arg(data(folder))
        .arg("-l")
        .arg(log(folder))
        .args(["-w", "-o", &options, "start"]))
}

/// How a line about `database` begins in the server's log.
pub fn log_prefix(database: &str) -> String {
    format!("database={database}=")
}

fn log(folder: &Path) -> PathBuf {
    data(folder).join("server.log")
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// How the names of all servers' folders begin.
const PREFIX: &str = "kata-postgres-";
/// A throwaway server lies in memory where so much is left there. Of that it needs a quarter, with a database for each
/// of some gates at once; a database is made five times as fast there.
const ENOUGH: u64 = 1 << 30;

/// The folder stays until somebody deletes it.
fn kept(folder: io::Result<tempfile::TempDir>) -> Result<PathBuf, Error> {
    folder.map(tempfile::TempDir::keep).map_err(Error::io("cannot make a temporary folder"))
}

/// Starts a shell that waits until its input ends, which it does when this process does, and
/// then stops the server. It ignores Ctrl-C, which reaches the whole group.
fn watch(binaries: &Binaries, folder: &Path) -> io::Result<Child> {
    const SCRIPT: &str = r#"trap "" INT TERM HUP; folder=$1; shift; cat; "$@" >&2; rm -rf "$folder""#;
    let mut stop = binaries.command("pg_ctl");
    stop.arg("-D").arg(data(folder)).args(["-m", "immediate", "stop"]);
    Command::new("sh")
        .args(["-c", SCRIPT, "kata-postgres"])
        .arg(folder)
        .arg(stop.get_program())
        .args(stop.get_args())
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Runs `command` to its end. Its output goes through a file: a server that it leaves running
/// would keep a pipe open for ever.
fn run(command: &mut Command) -> Result<(), Error> {
    let name = PathBuf::from(command.get_program()).display().to_string();
    let wrap = |source| Error::Io { doing: format!("cannot run {name}"), source };
    let mut output = tempfile::tempfile().map_err(wrap)?;
    let (stdout, stderr) = output.try_clone().and_then(|a| Ok((a, output.try_clone()?))).map_err(wrap)?;
    let status = command
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .status()
        .map_err(wrap)?;
    if status.success() {
        return Ok(());
    }
    let mut text = String::new();
    let _ = io::Seek::rewind(&mut output).and_then(|()| io::Read::read_to_string(&mut output, &mut text));
    Err(Error::Failed { program: name, status, output: text.trim_end().to_owned() })
}

/// Text that nobody can guess, for passwords and names.
pub fn random_text() -> String {
    use std::hash::{BuildHasher, Hasher, RandomState};
    // Each `RandomState` has keys of its own, from the operating system.
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part())
}
