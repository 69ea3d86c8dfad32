//! The page as a program that runs, and what it tells of verdicts.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use ureq::Agent;

/// Longer than the page and all that it depends on take to compile.
const PATIENCE: Duration = Duration::from_secs(900);

pub struct Page {
    child: Child,
    /// As in `http://127.0.0.1:4000/token/`.
    url: String,
    agent: Agent,
    /// From the command to a lesson's page.
    pub seconds: f64,
}

impl Page {
    /// Starts `command` and waits for the page of `lesson`.
    ///
    /// # Errors
    ///
    /// When it does not come.
    pub fn start(mut command: Command, lesson: &str) -> Result<Self> {
        let start = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start the page")?;
        let output = BufReader::new(child.stdout.take().context("the page has no output")?);
        let agent = Agent::config_builder().timeout_global(Some(Duration::from_secs(60))).build().into();
        let mut page = Self { child, url: String::new(), agent, seconds: 0.0 };
        let mut lines = output.lines().map_while(Result::ok);
        let address = lines.find_map(|line| {
            let (_, address) = line.split_once("http://")?;
            Some(format!("http://{}", address.trim()))
        });
        // Somebody has to read what else it prints.
        thread::spawn(move || lines.for_each(drop));
        page.url = address.context("the page ends before it says where it is")?;
        page.get(&format!("{lesson}/"))?;
        page.seconds = start.elapsed().as_secs_f64();
        Ok(page)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What is at this path below the token.
    ///
    /// # Errors
    ///
    /// When there is nothing.
    pub fn get(&self, path: &str) -> Result<String> {
        let url = format!("{}{path}", self.url);
        let mut answer = self.agent.get(&url).call().with_context(|| format!("cannot get {url}"))?;
        Ok(answer.body_mut().read_to_string()?)
    }
}

impl Drop for Page {
    /// Presses Ctrl-C.
    fn drop(&mut self) {
        // Without `unsafe` there is no other signal than SIGKILL; every shell has this command.
        let pid = self.pid().to_string();
        let _ = Command::new("sh").args(["-c", "kill -INT \"$1\"", "sh", &pid]).status();
        let _ = self.child.wait();
    }
}

/// What a browser hears that has the page open.
pub struct Events {
    verdicts: Receiver<Instant>,
}

impl Events {
    /// # Errors
    ///
    /// When the page does not tell of any.
    pub fn listen(page: &Page) -> Result<Self> {
        let address = page.url.strip_prefix("http://").context("not an address")?;
        let (host, path) = address.split_once('/').context("an address without a path")?;
        let mut stream = TcpStream::connect(host)?;
        write!(stream, "GET /{path}events HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n\r\n")?;
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let status = lines.next().unwrap_or_default();
        if !status.contains(" 200 ") {
            bail!("the page tells of no events: {status}");
        }
        let (sender, verdicts) = channel();
        thread::spawn(move || {
            let told = lines.filter(|line| line == "event: verdict");
            told.map(|_| Instant::now()).map_while(|now| sender.send(now).ok()).for_each(drop);
        });
        Ok(Self { verdicts })
    }

    /// Forgets what has been told so far.
    pub fn forget(&self) {
        self.verdicts.try_iter().for_each(drop);
    }

    /// # Errors
    ///
    /// When none comes.
    pub fn wait_for_verdict(&self) -> Result<()> {
        self.verdicts.recv_timeout(PATIENCE).map(drop).context("the page tells of no verdict")
    }

    /// How many verdicts have been told of since the last look, of which there is at least one.
    ///
    /// # Errors
    ///
    /// When none comes.
    pub fn count(&self) -> Result<usize> {
        self.wait_for_verdict()?;
        Ok(1 + self.verdicts.try_iter().count())
    }
}
