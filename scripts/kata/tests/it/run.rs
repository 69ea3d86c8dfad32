//! `cargo kata run`: a lesson's code, served or in a console, as the student has written it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};

use crate::course::Copy;
use crate::terminal::Terminal;

/// Longer than any build on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(600);

fn run(course: &Copy, lesson: &str, temporary: &std::path::Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kata"));
    command.args(["run", lesson]).envs(course.variables()).env("TMPDIR", temporary);
    for name in ["CI", "DATABASE_URL", "ADDRESS", "SECRET_KEY"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

/// The answer to a request for `/`, with its head.
fn get(address: &str) -> String {
    let mut answer = String::new();
    let Ok(mut stream) = TcpStream::connect(address) else { return answer };
    let asked = stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let _ = asked.and_then(|()| stream.read_to_string(&mut answer));
    answer
}

#[track_caller]
fn until(address: &str, text: &str) {
    let start = Instant::now();
    loop {
        let answer = get(address);
        if answer.contains(text) {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "no {text:?}: {answer}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_app_shows_its_gaps_and_starts_again_after_each_save_that_compiles() {
    let course = Copy::new();
    let temporary = tempfile::tempdir().unwrap();
    let mut child = run(&course, "2", temporary.path());
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = output.find(|line| line.contains("http://")).unwrap();
    let address = line.split("http://").nth(1).unwrap().trim_end_matches('/').to_owned();
    // Nobody waits for a full pipe.
    thread::spawn(move || output.for_each(drop));
    let gap = get(&address);
    assert!(gap.starts_with("HTTP/1.1 501 ") && gap.contains("This is not written yet"), "{gap}");
    assert!(gap.contains("Read the file, let the variables take") && gap.contains("src/config.rs:"), "{gap}");
    for file in ["config.rs", "pool.rs", "app.rs"] {
        course.solve("02-config", &format!("src/{file}"));
    }
    until(&address, "1865 books");
    let app = course.read("lessons/02-config/src/app.rs");
    course.write("lessons/02-config/src/app.rs", &format!("{app}fn broken( {{"));
    thread::sleep(Duration::from_secs(2));
    assert!(get(&address).contains("1865 books"), "what compiled last goes on");
    course.write("lessons/02-config/src/app.rs", &app.replace("The shop has", "The shop owns"));
    until(&address, "The shop owns 1865");
    kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), Signal::INT).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(get(&address), "", "nobody listens any more");
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0, "no file is left behind");
}

#[test]
fn a_console_calls_functions_runs_sql_and_shows_tables() {
    let course = Copy::new();
    let temporary = tempfile::tempdir().unwrap();
    course.edit(
        "lessons/05-crud/src/books.rs",
        "    todo!(\"Find the book by its primary key; a missing book is not an error\")",
        "    Book::query().find(id).first(conn).optional()",
    );
    let mut child = run(&course, "5", temporary.path());
    let lines = "all_books\nfind_book -1\nfind_book x\nSELECT count(*) AS many FROM authors\nauthors\nno_such\n\
                 SELECT coalesce(name, 'x'), '\"q\"' FROM authors ORDER BY name LIMIT 1\nSELECT 1 AS one WHERE 1 = 2\nSELEC 1\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    for expected in [
        "Your functions: create_book TITLE [PAGES] [AUTHOR_ID] · all_books",
        "Not written yet: Load all books, ordered by title and then by id (lessons/05-crud/src/books.rs:",
        "Ok(None)\n  SQL │ SELECT `books`.`id`",
        "`x` is not a whole number; write it like `find_book ID`",
        "many\n────\n6",
        "id │ name",
        "`no_such` is not a function, a table or SQL",
        "coalesce(name, 'x') │ ",
        " │ \"q\"\n",
        "one\n───\n(no rows)",
        "refused: near \"SELEC\"",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn the_guide_runs_an_app_in_the_background_and_shows_its_address() {
    const MAIN: &str = "use std::io::Write;\n\nfn main() {\n    \
                        let listener = std::net::TcpListener::bind(std::env::var(\"ADDRESS\").unwrap()).unwrap();\n    \
                        println!(\"The shelf: http://{}/\", listener.local_addr().unwrap());\n    \
                        for stream in listener.incoming() {\n        let _ = stream.unwrap().write_all(b\"books\");\n    }\n}\n";
    // Unless another program has it already.
    let _taken = TcpListener::bind("127.0.0.1:8000");
    let course = Copy::of_fixture();
    course.write("lessons/05-shelf/src/main.rs", MAIN);
    course.kata(&["goto", "5"]);
    let mut terminal = Terminal::run(&course, 100, 40, &["--no-warm"]);
    terminal.judged("✗ Gate 1");
    terminal.keys("a");
    let screen = terminal.wait_for(&["Your app: http://127.0.0.1:"]);
    let address = screen.split("Your app: http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert_eq!(get(&address), "books");
    let is_moved = !address.ends_with(":8000");
    assert_eq!(screen.contains("(port 80") && screen.contains(" is in use)"), is_moved, "{screen}");
    // The address is there again when somebody asks, also after a save.
    course.write("lessons/05-shelf/src/main.rs", &MAIN.replace("books", "more"));
    until(&address, "more");
    terminal.keys("a");
    terminal.wait_for(&[&format!("Your app: http://{address}/")]);
    terminal.keys("q");
    assert!(terminal.ends().success());
    assert_eq!(get(&address), "", "nobody listens any more");
}

/// Presses the key for the console of lesson 5, and waits for its prompt.
#[track_caller]
fn open_console(terminal: &Terminal<'_>) {
    terminal.clear_behind();
    terminal.keys("a");
    // The screen leaves out the blank behind the prompt.
    terminal.wait_for(&["Your functions: create_book", "\n>"]);
    terminal.is_sane();
}

#[test]
fn the_guide_leads_to_a_console_and_back() {
    let course = Copy::new();
    let temporary = tempfile::tempdir().unwrap();
    course.kata(&["goto", "5"]);
    let mut terminal = Terminal::run(&course, 120, 40, &["--no-warm"]);
    terminal.judged("✗ Gate 1");
    open_console(&terminal);
    terminal.keys("all_books\n");
    terminal.wait_for(&["Not written yet: Load all books"]);
    // The console starts again after a save, and the guide judges that when it is back.
    course.solve("05-crud", "src/books.rs");
    terminal.wait_for(&["Saved: restarting.", "\n>"]);
    terminal.keys("SELECT 40 + 2 AS sum\n");
    terminal.wait_for(&["sum", "42"]);
    // Whoever leaves a console while it is compiled again has left it.
    let endless = endless(temporary.path());
    let program = "lessons/05-crud/src/lib.rs";
    let right = course.read(program);
    course.write(program, &format!("{right}\nconst _: &str = include_str!({endless:?});\n"));
    let compiler = wait_for_compiler(&endless);
    terminal.keys("q\n");
    thread::sleep(Duration::from_millis(300));
    course.write(program, &right);
    drop(compiler);
    terminal.judged("The lesson is passed.");
    // Ctrl-C and Ctrl-D are for the console.
    for leave in ["\u{3}", "\u{4}"] {
        open_console(&terminal);
        terminal.keys("all_books\n");
        terminal.wait_for(&["Book { id: ", "SQL │ SELECT"]);
        terminal.keys(leave);
        terminal.judged("The lesson is passed.");
    }
    terminal.keys("q");
    assert!(terminal.ends().success());
}

#[test]
fn a_guide_that_is_stopped_stops_its_console() {
    let course = Copy::new();
    course.kata(&["goto", "5"]);
    let mut terminal = Terminal::run(&course, 120, 40, &["--no-warm"]);
    terminal.judged("✗ Gate 1");
    open_console(&terminal);
    terminal.signal(Signal::TERM);
    assert!(terminal.ends().success());
}

/// A file in `folder` that keeps a compiler waiting which includes it.
fn endless(folder: &Path) -> PathBuf {
    let file = folder.join("endless");
    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    file
}

/// Waits until a compiler waits for the file. It does as long as what is returned is there.
#[track_caller]
fn wait_for_compiler(file: &Path) -> File {
    let start = Instant::now();
    let nonblocking = i32::try_from(OFlags::NONBLOCK.bits()).unwrap();
    loop {
        // Nobody can write to it whom nobody reads.
        if let Ok(file) = File::options().write(true).custom_flags(nonblocking).open(file) {
            return file;
        }
        assert!(start.elapsed() < PATIENCE, "nobody compiles");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn ctrl_c_ends_a_run_that_is_still_being_compiled() {
    let course = Copy::of_fixture();
    let temporary = tempfile::tempdir().unwrap();
    let endless = endless(temporary.path());
    let main = "lessons/05-shelf/src/main.rs";
    let library = "lessons/05-shelf/src/lib.rs";
    // First cargo compiles it, and then, as the guide has seen how, the guide's own rustc.
    for is_by_cargo in [true, false] {
        if !is_by_cargo {
            course.write(main, "fn main() {}\n");
            course.write(library, &format!("{}// edited\n", course.read(library)));
            course.kata(&["test", "5"]);
            assert!(run(&course, "5", temporary.path()).wait().unwrap().success());
        }
        course.write(main, &format!("const _: &str = include_str!({endless:?});\nfn main() {{}}\n"));
        let mut terminal = Terminal::run(&course, 100, 30, &["run", "5"]);
        let compiler = wait_for_compiler(&endless);
        terminal.keys("\u{3}");
        assert!(terminal.ends().success());
        let screen = terminal.screen();
        assert_eq!(screen.contains("Compiling lesson-05-shelf"), is_by_cargo, "{screen}");
        assert!(!screen.contains("error"), "{screen}");
        drop(compiler);
    }
}

#[test]
fn ctrl_c_leads_back_to_the_guide_from_a_console_that_is_still_being_compiled() {
    let course = Copy::new();
    let temporary = tempfile::tempdir().unwrap();
    let endless = endless(temporary.path());
    let program = "tests/programs/05_crud.rs";
    let right = course.read(program);
    course.write(program, &format!("{right}\nconst _: &str = include_str!({endless:?});\n"));
    course.kata(&["goto", "5"]);
    let mut terminal = Terminal::run(&course, 120, 40, &["--no-warm"]);
    terminal.judged("✗ Gate 1");
    terminal.keys("a");
    let compiler = wait_for_compiler(&endless);
    terminal.keys("\u{3}");
    terminal.judged("✗ Gate 1");
    drop(compiler);
    course.write(program, &right);
    open_console(&terminal);
    terminal.keys("q\n");
    terminal.judged("✗ Gate 1");
    terminal.keys("q");
    assert!(terminal.ends().success());
}
