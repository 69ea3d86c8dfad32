//! The guide in a terminal: a pseudo-terminal with a screen that can be read.

use std::io::{Read, Write};
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::termios::{LocalModes, tcgetattr};

use crate::course::Copy;

/// Longer than any build on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long the guide may take to end.
const FAREWELL: Duration = Duration::from_secs(20);

pub struct Terminal<'a> {
    course: &'a Copy,
    pty: Arc<Pty>,
    pub child: Child,
    parser: Arc<Mutex<vt100::Parser>>,
    /// What has been on the screen since the last [`Self::wait_for`], however briefly.
    passing: Arc<Mutex<Vec<String>>>,
    /// How the terminal was before the guide took it.
    before: LocalModes,
}

impl<'a> Terminal<'a> {
    /// Runs `cargo kata` with these arguments.
    pub fn run(course: &'a Copy, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        Self::run_with(course, columns, rows, arguments, &[])
    }

    pub fn run_with(
        course: &'a Copy,
        columns: u16,
        rows: u16,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(rows, columns)).unwrap();
        let before = tcgetattr(&pty).unwrap().local_modes;
        let child = Command::new(env!("CARGO_BIN_EXE_kata"))
            .args(arguments)
            .envs(course.variables())
            .env("TERM", "xterm-256color")
            .env_remove("CI")
            .env_remove("NO_COLOR")
            .env_remove("DATABASE_URL")
            .envs(variables.iter().copied())
            .spawn(pts)
            .unwrap();
        let parser = Arc::new(Mutex::new(vt100::Parser::new(rows, columns, 0)));
        let pty = Arc::new(pty);
        let passing = Arc::new(Mutex::new(Vec::new()));
        let (source, screen, seen) = (Arc::clone(&pty), Arc::clone(&parser), Arc::clone(&passing));
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = (&*source).read(&mut buffer) {
                let mut screen = screen.lock().unwrap();
                screen.process(&buffer[..length]);
                seen.lock().unwrap().push(screen.screen().contents());
            }
        });
        Self { course, pty, child, parser, passing, before }
    }

    pub fn keys(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        self.parser.lock().unwrap().screen_mut().set_size(rows, columns);
        self.pty.resize(Size::new(rows, columns)).unwrap();
    }

    /// What is on the screen, without what differs from run to run.
    pub fn screen(&self) -> String {
        let text = self.parser.lock().unwrap().screen().contents();
        let lines = text.lines().map(|line| match line.split_once("checked in ") {
            Some((before, after)) => {
                let rest = after.split_once(" s").map_or("", |(_, rest)| rest);
                format!("{before}checked in … s{rest}")
            }
            None => line.to_owned(),
        });
        self.course.masked(&lines.collect::<Vec<_>>().join("\n"))
    }

    /// What `look` makes of the screen.
    pub fn with_screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.parser.lock().unwrap().screen())
    }

    /// Whether anything on the screen has a color of its own.
    pub fn has_colors(&self) -> bool {
        let parser = self.parser.lock().unwrap();
        let (rows, columns) = parser.screen().size();
        let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        cells
            .filter_map(|(row, column)| parser.screen().cell(row, column))
            .any(|cell| cell.fgcolor() != vt100::Color::Default || cell.bold())
    }

    /// Waits until all of `texts` are on the screen.
    #[track_caller]
    pub fn wait_for(&self, texts: &[&str]) -> String {
        let start = Instant::now();
        let mut last = String::new();
        loop {
            let screen = self.screen();
            // A screen comes in pieces: it is whole when nothing has come since the last look.
            if texts.iter().all(|text| screen.contains(text)) && screen == last {
                // The last one is what is there now.
                let mut passing = self.passing.lock().unwrap();
                let before = passing.len().saturating_sub(1);
                passing.drain(..before);
                return screen;
            }
            last.clone_from(&screen);
            assert!(start.elapsed() < PATIENCE, "{texts:?} did not come; the screen:\n{screen}");
            thread::sleep(Duration::from_millis(15));
        }
    }

    /// Waits until `text` has been on the screen since the last [`Self::wait_for`], if only for a moment.
    #[track_caller]
    pub fn passes(&self, text: &str) {
        let start = Instant::now();
        while !self.passing.lock().unwrap().iter().any(|screen| screen.contains(text)) {
            assert!(start.elapsed() < PATIENCE, "{text:?} did not pass; the screen:\n{}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The screen once the guide has judged, and shows `text`.
    #[track_caller]
    pub fn judged(&self, text: &str) -> String {
        self.wait_for(&[text, "watching · checked in"])
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap()
    }

    /// What the guide itself takes of the memory, in MB.
    #[cfg(target_os = "linux")]
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }

    /// Waits for the end, and checks that the terminal is as it was before.
    #[track_caller]
    pub fn ends(&mut self) -> ExitStatus {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end; the screen:\n{}", self.screen());
            thread::sleep(Duration::from_millis(15));
        };
        self.is_sane();
        status
    }

    /// Keys echo, the cursor shows, and what was on the screen before is there again.
    #[track_caller]
    pub fn is_sane(&self) {
        let start = Instant::now();
        let is_back = || {
            let parser = self.parser.lock().unwrap();
            !parser.screen().alternate_screen() && !parser.screen().hide_cursor()
        };
        let modes = || tcgetattr(&*self.pty).unwrap().local_modes;
        while !is_back() || modes() != self.before {
            let is_patient = start.elapsed() < Duration::from_secs(5);
            assert!(is_patient, "the screen is not given back: {:?}, {:?}", modes(), self.before);
            thread::sleep(Duration::from_millis(15));
        }
    }

    /// Clears the screen behind the guide's, so that nothing on it is from a program that ran there before.
    pub fn clear_behind(&self) {
        self.parser.lock().unwrap().process(b"\x1b[?1049l\x1b[2J\x1b[H\x1b[?1049h");
    }
}

impl Drop for Terminal<'_> {
    /// Ends the guide. One that does not end when it is asked to is killed, with what runs in its place, and fails the
    /// test.
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // It ends what it has started.
        self.signal(Signal::TERM);
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > FAREWELL {
                let _ = kill_process_group(self.pid(), Signal::KILL);
                let _ = self.child.wait();
                assert!(thread::panicking(), "the guide did not end; the screen:\n{}", self.screen());
                return;
            }
            thread::sleep(Duration::from_millis(15));
        }
    }
}
