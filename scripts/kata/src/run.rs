//! `cargo kata run 8`: the lesson's program, as the student has written it. It starts again after each save that
//! compiles.

mod interruption;
mod surroundings;

use std::ffi::OsString;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::build::{Build, build_program};
use crate::content::fingerprint;
use crate::course::{Course, Lesson};
use crate::explain::wrong_settings;
use crate::gate_name::named_or_current;
use crate::runnable::{ProgramKind, is_example, program_kind};
use crate::running::{Announcement, App, Site};
use crate::view::{self, BOLD, Background, Page};
use crate::watch::{self, Event, Saves, for_signals};
use crate::{
    Database, NOT_PASSED, PASSED, USAGE_ERROR, encoding, guide, lesson_runner, progress, reset, warm,
};
use interruption::unless_interrupted;
use surroundings::Surroundings;
pub use surroundings::in_use;

/// How often to check whether the program has ended by itself.
const TURN: Duration = Duration::from_millis(50);
/// How often to look at the sources where the system does not report saves.
const LOOK: Duration = Duration::from_secs(1);

/// Runs the program until it ends by itself or somebody presses Ctrl-C. On a terminal, a program that fails waits for
/// the next save.
///
/// # Errors
///
/// When no such lesson exists, or its program cannot be built or started.
pub fn run(course: &Course, name: Option<&str>, database: Database, arguments: &[OsString]) -> Result<u8> {
    let lesson = named_or_current(course, name, database)?;
    if !course.root.join(lesson.folder()).join("Cargo.toml").is_file() {
        return Err(reset::missing(lesson));
    }
    let Some(kind) = program_kind(course, lesson) else {
        no_program(course, lesson);
        return Ok(USAGE_ERROR);
    };
    let (sender, events) = channel();
    for_signals(sender.clone()).context("cannot listen for signals")?;
    // There is always somebody who may send: without one, waiting takes no time.
    let saves = Saves::listen(&course.root.join("lessons"), false, sender.clone());
    let Some(surroundings) = unless_interrupted(&events, || Surroundings::new(course, database))? else {
        return Ok(PASSED);
    };
    let is_watched = watch::is_possible();
    let address = surroundings.address().filter(|_| kind == ProgramKind::App);
    if let Some(moved) = surroundings.moved().filter(|_| kind == ProgramKind::App) {
        anstream::println!("{moved}");
    }
    let mut program = Program {
        course,
        lesson,
        database,
        arguments,
        surroundings,
        child: None,
        address,
        starts: 0,
        announcement: None,
    };
    let mut seen = fingerprint(&course.root.join(lesson.folder()));
    let _sender = sender;
    match program.start(&events)? {
        Start::Over(code) => return Ok(code),
        Start::NotCompiled if !is_watched => return Ok(NOT_PASSED),
        Start::NotCompiled | Start::Started => {}
    }
    // The build has taken in what was reported of saves meanwhile.
    let mut looked: Option<Instant> = None;
    loop {
        let event = events.recv_timeout(TURN).ok();
        if matches!(event, Some(Event::Stop | Event::Interrupted)) {
            return Ok(PASSED);
        }
        if let Some(status) = program.ended()? {
            if status.success() || !is_watched {
                return Ok(code(status));
            }
            anstream::println!(
                "\nThe program has ended: {status}. Edit and save to start it again; Ctrl-C quits."
            );
        }
        program.announce();
        if event.is_none() && looked.is_some_and(|looked| looked.elapsed() < LOOK.min(saves.interval)) {
            continue;
        }
        looked = Some(Instant::now());
        if fingerprint(&course.root.join(lesson.folder())) != seen {
            (seen, looked) = (settled_fingerprint(&course.root.join(lesson.folder())), None);
            if let Start::Over(code) = program.start(&events)? {
                return Ok(code);
            }
        }
    }
}

/// The fingerprint once nothing is being written any more: some editors empty a file before they write it.
fn settled_fingerprint(folder: &Path) -> u64 {
    let mut now = fingerprint(folder);
    loop {
        thread::sleep(TURN);
        let next = fingerprint(folder);
        if next == now {
            return now;
        }
        now = next;
    }
}

/// What came of starting the program.
enum Start {
    Started,
    NotCompiled,
    /// Somebody has asked for an end meanwhile: this is the exit code.
    Over(u8),
}

/// The program that runs, if one does. It ends with this value.
struct Program<'a> {
    course: &'a Course,
    lesson: &'a Lesson,
    database: Database,
    arguments: &'a [OsString],
    child: Option<Child>,
    surroundings: Surroundings,
    /// Where it may serve pages.
    address: Option<SocketAddr>,
    starts: u32,
    announcement: Option<Announcement>,
}

impl Program<'_> {
    /// Builds the program, and starts it in the place of the one that runs.
    fn start(&mut self, events: &Receiver<Event>) -> Result<Start> {
        let (course, lesson, database) = (self.course, self.lesson, self.database);
        let Some(build) = unless_interrupted(events, || build(course, lesson, database))? else {
            return Ok(Start::Over(PASSED));
        };
        let Some(executable) = &build.executable else {
            let report = lesson_runner::not_compiled(course, lesson, database, build);
            let progress = progress::read(&course.root)?;
            let background = guide::background(course, lesson, &progress, &report, Vec::new())?;
            let background = Background { running: true, ..background };
            let mut page = Page::new(&course.root);
            view::lesson(&mut page, course, lesson, &report, &background);
            page.print();
            if self.child.is_some() {
                anstream::println!("\nThe version from before this save is still running.");
            }
            return Ok(Start::NotCompiled);
        };
        // A program that was left during the build is not started again.
        if let Some(status) = self.ended()?.filter(ExitStatus::success) {
            return Ok(Start::Over(code(status)));
        }
        self.end()?;
        let copy = self.surroundings.copy(executable)?;
        drop(build);
        let mut command = Command::new(&copy);
        command.args(self.arguments).current_dir(&course.root);
        in_lesson(&mut command, course, lesson);
        self.surroundings.set(&mut command);
        self.surroundings.forget_sites();
        // The program says that a setting is missing, and not that another one is misspelled.
        for line in wrong_settings(&course.root) {
            anstream::eprintln!("{line}");
        }
        self.child = Some(command.spawn().with_context(|| format!("cannot start {}", copy.display()))?);
        self.starts += 1;
        Ok(Start::Started)
    }

    /// Says where the app is, once it listens, for the page that shows it.
    fn announce(&mut self) {
        let is_to_come = self.child.is_some() && self.announcement.is_none();
        let Some(address) = self.address.filter(|_| is_to_come) else { return };
        if TcpStream::connect_timeout(&address, TURN).is_err() {
            return;
        }
        let mut sites = self.surroundings.sites();
        if sites.is_empty() {
            // The course's own programs list theirs once all of them listen.
            if is_example(self.course, self.lesson) {
                return;
            }
            sites = vec![Site::at(address)];
        }
        let app = App { sites, starts: self.starts };
        match Announcement::new(&self.course.root, &self.lesson.name, self.database, &app) {
            Ok(announcement) => self.announcement = Some(announcement),
            // The app runs all the same.
            Err(_) => self.address = None,
        }
    }

    /// How the program has ended, once.
    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let Some(child) = &mut self.child else { return Ok(None) };
        let status = child.try_wait().context("the program has gone")?;
        if status.is_some() {
            (self.child, self.announcement) = (None, None);
        }
        Ok(status)
    }

    fn end(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            anstream::println!("\nSaved: restarting.\n");
            // One that has ended meanwhile cannot be ended.
            let _ = child.kill();
            child.wait().context("the program has gone")?;
            self.announcement = None;
        }
        Ok(())
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn code(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(NOT_PASSED)
}

fn build(course: &Course, lesson: &Lesson, database: Database) -> Result<Build> {
    let _quiet = warm::quiet(&course.root)?;
    let example = lesson.program_name();
    let example = is_example(course, lesson).then_some(example.as_str());
    encoding::build_if_readable(course, lesson, database, || {
        build_program(&course.root, &lesson.package(), &lesson.folder(), example, database)
            .with_context(|| format!("the program of lesson {}", lesson.number))
    })
}

/// What cargo has told this program about itself is not about the student's.
fn in_lesson(command: &mut Command, course: &Course, lesson: &Lesson) {
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            command.env_remove(&name);
        }
    }
    command.env("CARGO_MANIFEST_DIR", course.root.join(lesson.folder()));
}

fn no_program(course: &Course, lesson: &Lesson) {
    let mut page = Page::new(&course.root);
    page.line(format_args!(
        "Lesson {} has no program: its gates call your code, and `cargo kata test {0}` runs them.",
        lesson.number
    ));
    if let Some(other) = course.lessons.iter().find(|other| program_kind(course, other).is_some()) {
        page.line(format_args!(
            "Lesson {}, {}, has one: {BOLD}cargo kata run {0}{BOLD:#}.",
            other.number, other.manifest.title
        ));
    }
    page.print();
}
