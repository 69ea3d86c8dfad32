//! The program from its start to its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::faults::margot;
use crate::program::Program;
use crate::proxy::Addresses;

/// The program while it serves; it ends with the test.
pub struct Serving {
    child: Child,
    output: BufReader<ChildStdout>,
    pub address: String,
    said: String,
}

impl Serving {
    pub fn start(program: &Program, arguments: &[&str]) -> Self {
        Self::of(program.command(arguments).stderr(Stdio::null()))
    }

    pub fn of(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let output = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        let mut serving = Self { child, output, address: String::new(), said: String::new() };
        while serving.address.is_empty() {
            let mut line = String::new();
            let read = serving.output.read_line(&mut line).expect("it writes text");
            serving.said += &line;
            assert!(read > 0, "it has ended: {}", serving.said);
            let address = line.split_once("Order Up: http://").map_or("", |(_, address)| address);
            address.trim().trim_end_matches('/').clone_into(&mut serving.address);
        }
        serving
    }

    /// What is answered to a request that is written by hand.
    pub fn get(&self, path: &str) -> String {
        self.get_with("", path)
    }

    /// The same, with more headers.
    fn get_with(&self, headers: &str, path: &str) -> String {
        let mut stream =
            TcpStream::connect(self.address.replace("0.0.0.0", "127.0.0.1")).expect("it listens");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.address);
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// A connection on which only this is said.
    pub fn send(&self, said: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.write_all(said.as_bytes()).expect("it reads");
        stream
    }

    /// Asks it to end, as a service manager does: whether it went well, and all that it has said.
    pub fn stop(mut self) -> (bool, String) {
        // It listens for this before it answers anything.
        self.get("/health");
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(asked.is_ok_and(|asked| asked.success()));
        self.output.read_to_string(&mut self.said).expect("it writes text");
        let status = self.child.wait().expect("it ends");
        (status.success(), std::mem::take(&mut self.said))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_serves_until_it_is_asked_to_stop() {
    let program = Program::new();
    let serving = Serving::start(&program, &["--address", "127.0.0.1:0"]);
    let health = serving.get("/health");
    assert!(health.starts_with("HTTP/1.1 200 ") && health.ends_with("ok\n"), "{health}");
    assert!(serving.get("/session/").contains("Employee number"));
    let (is_fine, said) = serving.stop();
    assert!(is_fine && said.ends_with("Stopped. Everything is saved.\n"), "{said}");
    assert!(!said.contains("--insecure-http") && said.contains("  Data:     the "), "{said}");
}

#[test]
fn it_warns_about_a_network_that_others_can_listen_to() {
    let program = Program::new();
    let (_, said) = Serving::start(&program, &["--address", "0.0.0.0:0"]).stop();
    assert!(said.contains("Over plain HTTP nobody can sign in"), "{said}");
    let (_, said) = Serving::start(&program, &["serve", "--address", "0.0.0.0:0", "--insecure-http"]).stop();
    assert!(
        said.contains("Warning: anyone who can intercept this network's traffic can read passwords"),
        "{said}"
    );
}

#[cfg(not(feature = "postgres"))]
#[test]
fn the_first_start_creates_a_key_and_a_restaurant_once() {
    use std::os::unix::fs::PermissionsExt;

    let program = Program::new();
    let (_, said) = Serving::start(&program, &["--address", "127.0.0.1:0"]).stop();
    assert!(
        said.contains("Created a SECRET_KEY") && said.contains("sign in as 1234 with `password`"),
        "{said}"
    );
    let file = program.file(".env");
    let key = std::fs::read_to_string(&file).expect("there is a file of settings");
    // As long as what `openssl rand -hex 64` makes.
    assert_eq!(key.trim().strip_prefix("SECRET_KEY=").map(str::len), Some(128), "{key}");
    assert_eq!(std::fs::metadata(&file).map(|it| it.permissions().mode() & 0o777).ok(), Some(0o600));
    let (_, said) = Serving::start(&program, &["--address", "127.0.0.1:0"]).stop();
    assert!(!said.contains("SECRET_KEY") && !said.contains("Created a database"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).ok(), Some(key));
}

/// The hashes of passwords, the ids of sessions and the key are nobody else's business.
#[cfg(not(feature = "postgres"))]
#[test]
fn only_the_owner_can_read_its_files_even_if_others_could_before() {
    use std::fs::{Permissions, metadata, read_dir, set_permissions, write};
    use std::os::unix::fs::PermissionsExt;

    let program = Program::new();
    let files = || {
        let folder = read_dir(program.file("")).expect("there is a folder");
        let mut files: Vec<_> = folder.map(|entry| entry.expect("it can be read").path()).collect();
        files.sort();
        files
    };
    let open_files = |files: Vec<std::path::PathBuf>| {
        let mode = |file: &_| metadata(file).expect("it is there").permissions().mode() & 0o777;
        files.into_iter().filter(|file| mode(file) & 0o077 != 0).collect::<Vec<_>>()
    };
    write(program.file(".env"), "TIME_ZONE=Europe/Rome\n").expect("it can be written");
    set_permissions(program.file(".env"), Permissions::from_mode(0o644)).expect("it is ours");
    for first in [true, false] {
        let serving = Serving::start(&program, &["--address", "127.0.0.1:0"]);
        assert!(serving.get("/health").contains("ok"));
        assert_eq!(files().len(), 4, "{:?}", files());
        assert!(open_files(files()).is_empty(), "{:?}", open_files(files()));
        if first {
            // As an earlier version has left them, when the computer went down.
            drop(serving);
            for file in files() {
                set_permissions(file, Permissions::from_mode(0o644)).expect("it is ours");
            }
        }
    }
    let copy = program.file("copy.db");
    program.done(&["backup", copy.to_str().expect("the folder's path is Unicode")], "");
    assert!(open_files(vec![copy]).is_empty());
    let fresh = Program::new();
    fresh.done(&["seed"], "");
    assert!(open_files(vec![fresh.file("order-up.db")]).is_empty());
}

#[test]
fn it_explains_how_to_sign_in_until_an_employee_is_created() {
    let program = Program::new();
    program.done(&["migrate"], "");
    #[cfg(feature = "postgres")]
    let fresh = "Nobody can sign in yet. Run `order-up create-employee --manager …`";
    #[cfg(not(feature = "postgres"))]
    let fresh = "sign in as 1234 with `password`";
    let (_, said) = Serving::start(&program, &["--address", "127.0.0.1:0"]).stop();
    assert!(said.contains(fresh), "{said}");
    let sam = ["create-employee", "--name", "Sam", "--number", "7", "--manager"];
    program.done(&sam, "orange juice\n");
    let (_, said) = Serving::start(&program, &["--address", "127.0.0.1:0"]).stop();
    assert!(!said.contains(fresh) && !said.contains("Nobody can sign in"), "{said}");
}

/// What the program says, and what it logs, from its start to its end, with such settings and while `visit`
/// is paid to it.
fn log_of(program: &Program, settings: &[(&str, &str)], visit: impl FnOnce(&Serving)) -> (String, String) {
    let log = std::fs::File::create(program.file("log")).expect("the file can be written");
    let mut command = program.command(&["--address", "127.0.0.1:0"]);
    let serving = Serving::of(command.stderr(log).envs(settings.iter().copied()));
    visit(&serving);
    let (_, said) = serving.stop();
    (said, std::fs::read_to_string(program.file("log")).expect("there is a log"))
}

/// The log goes to stderr, and the output for people to stdout.
#[test]
fn errors_are_logged_to_stderr_at_the_chosen_level() {
    let program = Program::new();
    let visit = |serving: &Serving| {
        let answer = serving.get_with("Cookie: session=AAAAAAAAAAAAAAAAAAAAAA\r\n", "/");
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        assert!(serving.get("/nowhere").starts_with("HTTP/1.1 404 "));
    };
    program.done(&["migrate"], "");
    program.execute("DROP TABLE sessions");
    let (said, log) = log_of(&program, &[], visit);
    assert!(log.contains("ERROR order_up::error: failed asked=\"GET /\" status=500"), "{log}");
    assert!(log.contains("no such table: sessions") || log.contains("\"sessions\" does not exist"), "{log}");
    assert!(log.contains("INFO") && log.contains("GET /nowhere"), "{log}");
    assert!(!log.contains('\x1b'), "colors are for a terminal: {log:?}");
    let (said_without, log) = log_of(&program, &[("RUST_LOG", "off")], visit);
    assert_eq!(log, "");
    for said in [said, said_without] {
        assert!(!said.contains("sessions"), "{said}");
    }
}

/// Asked of the program, and not of the app in this process: `tracing` asks once whether a line is wanted, in
/// the thread that comes by it first, and here that may be another test's, which wants none.
#[test]
fn a_failure_is_logged_as_an_error_and_a_refusal_as_info() {
    let program = Program::new();
    program.done(&["migrate"], "");
    program.done(&["seed"], "");
    let (_, log) = log_of(&program, &[], |serving| {
        let mut margot = margot(&Addresses::new(vec![serving.address.clone()].into()));
        // The log has no queries of visitors, and nothing about requests that succeed.
        margot.get("/nowhere?name=hunter2");
        margot.get("/");
        program.execute("ALTER TABLE orders RENAME TO elsewhere");
        margot.get("/");
    });
    for line in [
        "ERROR order_up::error: failed asked=\"GET /\" error=database: ",
        " INFO order_up::error: rejected asked=\"GET /nowhere\" error=not found",
    ] {
        assert!(log.contains(line), "{log}");
    }
    assert_eq!(log.matches("order_up::error: ").count(), 2, "{log}");
    assert!(!log.contains("hunter2"), "{log}");
}

#[test]
fn every_statement_is_shown_on_request() {
    let program = Program::new();
    for (echo, is_shown) in [("1", true), ("0", false)] {
        let (_, log) = log_of(&program, &[("SQL_ECHO", echo)], |_| {});
        assert_eq!(log.contains("SELECT"), is_shown, "{log}");
    }
}

#[cfg(not(feature = "postgres"))]
#[test]
fn a_key_that_cannot_be_saved_is_an_error() {
    let program = Program::new();
    std::os::unix::fs::symlink("no-such-folder/.env", program.file(".env")).expect("a link can be made");
    let said = program.refused(&["--address", "127.0.0.1:0"], "");
    assert!(said.contains("cannot write") && said.contains(".env"), "{said}");
}

/// On a server several instances share one key, so none may make one up.
#[cfg(feature = "postgres")]
#[test]
fn on_postgresql_no_key_is_created() {
    let program = Program::new();
    let output = program.command(&["--address", "127.0.0.1:0"]).env_remove("SECRET_KEY").output();
    let output = output.expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    for word in ["SECRET_KEY is not set", ".env", "openssl rand -hex 64"] {
        assert!(!output.status.success() && said.contains(word), "{said}");
    }
    assert!(!program.file(".env").exists());
}

/// The address is taken, so that none of them could serve.
#[test]
fn it_stops_before_it_listens_if_the_database_is_unusable() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = taken.local_addr().expect("it has an address").to_string();
    let mut broken = vec![
        ("DELETE FROM __diesel_schema_migrations", "already exists"),
        ("ALTER TABLE employees RENAME TO gone", "employees"),
    ];
    // On a server it fills in nothing.
    if cfg!(not(feature = "postgres")) {
        broken.push(("ALTER TABLE menus RENAME TO gone", "menus"));
    }
    for (statement, reason) in broken {
        let program = Program::new();
        program.done(&["migrate"], "");
        program.execute(statement);
        let said = program.refused(&["--address", &address], "");
        assert!(said.contains(reason) && !said.contains("cannot listen"), "{said}");
    }
}

#[test]
fn an_address_in_use_is_an_error_with_advice() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = taken.local_addr().expect("it has an address").to_string();
    let said = Program::new().refused(&["--address", &address], "");
    assert!(said.contains(&address) && said.contains("Choose another with --address"), "{said}");
    assert!(Program::new().refused(&["--address", "8000"], "").contains("write it like 127.0.0.1:8000"));
}
