//! Browsers that are slow, or silent, or gone.

use std::io::Read;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gates::Browser;

use crate::faults::margot;
use crate::program::Program;
use crate::proxy::Addresses;
use crate::serving::Serving;

/// A browser that was closed in the middle of a word, or one that never says anything.
#[test]
fn it_stops_on_request_even_with_open_connections() {
    let program = Program::new();
    let serving = Serving::start(&program, &["--address", "127.0.0.1:0"]);
    let half = [
        "",
        "GET /session/ HT",
        "GET /session/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAcc",
        "GET /session/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /ses",
        "POST /session/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\ntoken=",
    ];
    let connected: Vec<_> = half.iter().map(|half| serving.send(half)).collect();
    let (is_fine, said) = serving.stop();
    assert!(is_fine && said.ends_with("Stopped. Everything is saved.\n"), "{said}");
    drop(connected);
}

/// A live page of Margot's, and its response up to the end of its first event; or the whole response if it has an end.
fn live_page(serving: &Serving, margot: &mut Browser) -> (TcpStream, String) {
    let cookie = format!("session={}", margot.cookies()["session"]);
    let request = format!("GET /tonight/live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n");
    let (mut stream, mut response, mut buffer) = (serving.send(&request), String::new(), [0; 1024]);
    while !response.contains("event: part") && !response.contains("already") {
        let length = stream.read(&mut buffer).expect("it responds");
        assert!(length > 0, "{response}");
        response += std::str::from_utf8(&buffer[..length]).expect("it is text");
    }
    (stream, response)
}

/// Their responses have no end of their own.
#[test]
fn it_stops_at_once_even_with_open_live_pages() {
    let program = seeded();
    let serving = Serving::start(&program, &["--address", "127.0.0.1:0"]);
    let mut margot = margot(&Addresses::new(vec![serving.address.clone()].into()));
    let live = [(); 3].map(|()| live_page(&serving, &mut margot));
    let asked = Instant::now();
    let (is_fine, said) = serving.stop();
    assert!(is_fine && said.ends_with("Stopped. Everything is saved.\n"), "{said}");
    assert!(asked.elapsed() < Duration::from_secs(8), "it waited for the live pages");
    for (mut stream, response) in live {
        assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
        let mut rest = String::new();
        stream.read_to_string(&mut rest).expect("it is text");
        assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
    }
}

#[test]
fn live_pages_leave_half_of_the_connections_for_others() {
    let program = seeded();
    let serving = with_few_files(&program);
    let addresses = Addresses::new(vec![serving.address.clone()].into());
    let (mut one, mut other) = (margot(&addresses), margot(&addresses));
    let live: Vec<_> =
        (0..5).flat_map(|_| [live_page(&serving, &mut one), live_page(&serving, &mut other)]).collect();
    let served = live.iter().filter(|(_, response)| response.starts_with("HTTP/1.1 200 ")).count();
    assert_eq!(served, 8);
    assert!(live.iter().skip(8).all(|(_, response)| response.starts_with("HTTP/1.1 429 ")));
    assert_eq!(one.get("/").status, 200);
}

/// A program with the demo's restaurant.
fn seeded() -> Program {
    let program = Program::new();
    program.done(&["migrate"], "");
    program.done(&["seed"], "");
    program
}

/// The program where it may open 64 files.
fn with_few_files(program: &Program) -> Serving {
    let serve = program.command(&["--address", "127.0.0.1:0"]);
    let mut few_files = Command::new("/bin/sh");
    few_files.env_clear().args(["-c", "ulimit -n 64 && exec \"$0\" \"$@\""]);
    few_files.arg(serve.get_program()).args(serve.get_args());
    few_files.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Serving::of(few_files.stdout(Stdio::piped()).stderr(Stdio::null()))
}

#[test]
fn it_closes_a_silent_connection() {
    let program = Program::new();
    let serving = Serving::start(&program, &["--address", "127.0.0.1:0"]);
    let whole = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    let connected = ["", "GET /health HT", whole].map(|said| serving.send(said));
    for (mut stream, start) in connected.into_iter().zip(["", "", "HTTP/1.1 200 "]) {
        let mut answer = String::new();
        // It ends when the program closes it.
        stream.read_to_string(&mut answer).expect("it is closed");
        assert!(answer.starts_with(start) && answer.is_empty() == start.is_empty(), "{answer}");
    }
}

#[test]
fn it_answers_despite_many_silent_connections_and_few_file_handles() {
    let program = Program::new();
    let serving = with_few_files(&program);
    let silent: Vec<_> = (0..40).map(|_| serving.send("")).collect();
    assert!(serving.get("/session/").contains("Employee number"));
    drop(silent);
}
