//! An app in a process of its own, so that a restart leaves nothing of what it kept in memory.
//!
//! The gate's program starts itself once more, for the same gate. There, [`Server::of`] answers requests and does not
//! return. The two processes speak over pipes, in lines of JSON; a line of the app's own is passed on.

use std::io::{self, BufRead, BufReader, Lines, Write};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::process::{self, Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::{env, thread};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use gate_contract::postgres::random_text;
use gate_contract::seal;
use gate_contract::trace;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tower::ServiceExt;

use super::browser::{LONGEST, runtime};
use crate::sql_log::lock;
use crate::start;

/// Names the gate whose app a process serves.
const VARIABLE: &str = "KATA_SERVER";

/// The settings of an app, by name.
pub type Settings = Vec<(String, String)>;

/// Starts an app in another process.
pub struct Server {
    gate: &'static str,
}

/// The first line of the one who asks.
#[derive(Deserialize, Serialize)]
struct Start {
    /// What each line of an answer begins with.
    mark: String,
    settings: Settings,
}

#[derive(Deserialize, Serialize)]
struct Asked {
    method: String,
    uri: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    address: SocketAddr,
}

#[derive(Deserialize, Serialize)]
enum Answered {
    /// The process has begun.
    Ready,
    Response {
        status: u16,
        headers: Vec<(String, Vec<u8>)>,
        body: Vec<u8>,
    },
    /// It panicked, with these words.
    Panic(String),
}

impl Server {
    /// A gate whose app runs in other processes begins with this. `gate` is [`this_gate!`](crate::this_gate), and `app`
    /// makes the app from its settings.
    pub fn of(gate: &'static str, app: impl FnOnce(Settings) -> Router) -> Self {
        if env::var(VARIABLE).is_ok_and(|named| named == gate) {
            serve(app);
        }
        start::begin();
        Self { gate }
    }

    /// The app with these settings, in a process that begins now and ends when the last of its routers is dropped.
    ///
    /// # Panics
    ///
    /// When no process can be started.
    pub fn start(&self, settings: impl Into<Settings>) -> Router {
        let process = Process::start(self.gate, settings.into())
            .unwrap_or_else(|error| panic!("cannot start the gate's program once more: {error}"));
        let process = Arc::new(Mutex::new(process));
        Router::new().fallback(async move |request: Request| {
            let asked = read_request(request).await;
            write_response(lock(&process).ask(&asked))
        })
    }
}

/// The other process, as this one has it.
struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    mark: String,
}

impl Process {
    fn start(gate: &str, settings: Settings) -> io::Result<Self> {
        let mut child = Command::new(program()?)
            .args(["--exact", gate, "--nocapture", "--test-threads=1"])
            .env(VARIABLE, gate)
            // The key is this process's.
            .env_remove(seal::VARIABLE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.expect("both are pipes");
        let mark = random_text();
        let mut process = Self { child, input, output: BufReader::new(output).lines(), mark: mark.clone() };
        process.write(&Start { mark, settings });
        // What comes before are the test harness's own words.
        process.read(|_| {});
        Ok(process)
    }

    fn ask(&mut self, asked: &Asked) -> Answered {
        self.write(asked);
        self.read(|line| println!("{line}"))
    }

    fn write(&mut self, line: &impl Serialize) {
        // Where the other has ended, the next answer says so.
        let _ = write_line(&mut self.input, "", line);
    }

    /// The next answer. Other lines go to `pass_on`.
    fn read(&mut self, pass_on: impl Fn(&str)) -> Answered {
        for line in self.output.by_ref().map_while(Result::ok) {
            match line.strip_prefix(&self.mark) {
                Some(line) => return read_line(line),
                None => pass_on(&line),
            }
        }
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        panic!("the app has ended its process ({status})")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// This program. A sandbox may not show it to the system's own list.
fn program() -> io::Result<PathBuf> {
    env::current_exe().or_else(|error| env::args_os().next().map(PathBuf::from).ok_or(error))
}

/// Answers requests until nobody asks any more.
fn serve(app: impl FnOnce(Settings) -> Router) -> ! {
    trace::record_panics();
    let (asks, asked) = channel();
    // Also while the app is busy: whoever asked may have been ended.
    thread::spawn(move || {
        io::stdin().lines().map_while(Result::ok).for_each(|line| drop(asks.send(line)));
        process::exit(0);
    });
    let start: Start = read_line(&asked.recv().unwrap_or_else(|_| process::exit(0)));
    let answer = |answered: &Answered| {
        // What the app printed last may not have ended its line.
        let _ = write_line(&mut io::stdout(), &format!("\n{}", start.mark), answered);
    };
    answer(&Answered::Ready);
    let runtime = runtime();
    let served = catch_unwind(AssertUnwindSafe(|| {
        let app = runtime.block_on(async { app(start.settings.clone()) });
        for line in asked {
            let asked = read_line(&line);
            answer(&runtime.block_on(respond(app.clone(), asked)));
        }
    }));
    if let Err(panic) = served {
        answer(&Answered::Panic(trace::text(&*panic).to_owned()));
    }
    process::exit(0)
}

async fn respond(app: Router, asked: Asked) -> Answered {
    let mut request = Request::builder().method(asked.method.as_str()).uri(asked.uri);
    for (name, value) in &asked.headers {
        request = request.header(name, value.as_slice());
    }
    let request = request.extension(ConnectInfo(asked.address)).body(Body::from(asked.body));
    let Ok(response) = app.oneshot(request.expect("it was a request before")).await;
    let (head, body) = response.into_parts();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    let headers = headers.collect();
    Answered::Response { status: head.status.as_u16(), headers, body: bytes(body).await }
}

async fn read_request(request: Request) -> Asked {
    let (head, body) = request.into_parts();
    let ConnectInfo(address) = head.extensions.get().copied().expect("a browser has an address");
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    Asked {
        method: head.method.to_string(),
        uri: head.uri.to_string(),
        headers: headers.collect(),
        body: bytes(body).await,
        address,
    }
}

fn write_response(answered: Answered) -> Response {
    match answered {
        Answered::Response { status, headers, body } => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).expect("it was a response before")
        }
        // Its own process has reported it.
        Answered::Panic(text) => resume_unwind(Box::new(text)),
        Answered::Ready => panic!("the app's process answers what nobody asked"),
    }
}

async fn bytes(body: Body) -> Vec<u8> {
    to_bytes(body, LONGEST).await.expect("it has an end").to_vec()
}

fn write_line(to: &mut impl Write, mark: &str, line: &impl Serialize) -> io::Result<()> {
    let line = serde_json::to_string(line)?;
    to.write_all(format!("{mark}{line}\n").as_bytes())?;
    to.flush()
}

fn read_line<T: DeserializeOwned>(line: &str) -> T {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("the gate does not understand itself: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

    use axum::routing::get;

    use super::*;
    use crate::{Browser, this_gate};

    static LOOKS: AtomicU32 = AtomicU32::new(1);

    async fn look() -> String {
        print!("a line that does not end");
        format!("look {}", LOOKS.fetch_add(1, SeqCst))
    }

    async fn fail() -> String {
        panic!("nothing works")
    }

    fn app(settings: Settings) -> Router {
        let name = move || async move { settings[0].1.clone() };
        Router::new().route("/", get(look)).route("/fail", get(fail)).route("/name", get(name))
    }

    #[test]
    fn data_in_an_apps_memory_ends_with_its_process() {
        let server = Server::of(this_gate!(), app);
        let start = || server.start([("NAME".to_owned(), "Emma".to_owned())]);
        let mut browser = Browser::new(start);
        let looks = |browser: &mut Browser| [(); 2].map(|()| browser.get("/").body);
        assert_eq!(looks(&mut browser), ["look 1", "look 2"]);
        assert_eq!(looks(&mut browser.another()), ["look 3", "look 4"]);
        browser.restart(start);
        assert_eq!(looks(&mut browser), ["look 1", "look 2"]);
        assert_eq!(browser.get("/name").body, "Emma");
        assert_eq!(browser.get("/nowhere").status.as_u16(), 404);
        assert_eq!(LOOKS.load(SeqCst), 1);
    }

    #[test]
    #[should_panic(expected = "nothing works")]
    fn a_panic_in_the_server_is_a_panic_in_the_gate() {
        let server = Server::of(this_gate!(), app);
        Browser::new(|| server.start([])).get("/fail");
    }
}
