//! What the guide knows while it watches, and what each event makes of it.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::cargo_progress::{self, Progress};
use super::elsewhere::Elsewhere;
use super::event::{Event, ProcessOutput};
use super::run::Run;
use super::served::Browser;
use super::verdict::{Head, Verdict};
use super::warming::Warming;
use crate::content::fingerprint;
use crate::course::{Course, Lesson};
use crate::guide::background;
use crate::progress;
use crate::report::{GateReport, Report, Status};
use crate::server::Server;
use crate::{build, stdout};

/// What is to be done besides going on.
pub enum Action {
    Continue,
    Quit,
    Redraw,
    /// The student's editor; and whether it has a window of its own.
    Edit(Box<Command>, bool),
}

/// What the screen shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum View {
    Verdict,
    Hint,
    Compiler,
    Sql,
    Diff,
    List,
    Help,
}

pub struct State<'a> {
    pub course: &'a Course,
    pub lesson: &'a Lesson,
    pub server: &'a Server,
    pub events: Sender<Event>,
    /// Counts runs, so that output of a run that was ended is not taken for the next one's.
    count: u64,
    run: Option<Run>,
    started: Instant,
    /// The lesson's content for which the verdict is, or will be.
    seen: u64,
    elsewhere: Elsewhere,
    pub verdict: Option<Verdict>,
    /// The verdict is an early one, which another is to follow.
    pub is_early: bool,
    /// What the run has reported, until it has ended.
    report: Option<Report>,
    /// The lesson that is shown, and its gates that have passed at some time since.
    passed: Option<(String, BTreeSet<usize>)>,
    /// How far the build is, while there is one.
    pub building: Option<Progress>,
    pub view: View,
    /// Lines that are scrolled away at the top.
    pub scroll: usize,
    pub hint_level: u8,
    /// Something to tell once.
    pub message: Option<String>,
    /// What the guide's own warnings say.
    stderr: Vec<String>,
    pub warming: Warming,
    pub browser: Browser,
    pub took: Option<Duration>,
}

impl<'a> State<'a> {
    pub fn new(
        course: &'a Course,
        lesson: &'a Lesson,
        server: &'a Server,
        events: Sender<Event>,
        warm: bool,
    ) -> Self {
        Self {
            course,
            lesson,
            server,
            events,
            count: 0,
            run: None,
            started: Instant::now(),
            seen: 0,
            elsewhere: Elsewhere::new(course),
            verdict: None,
            is_early: false,
            report: None,
            passed: None,
            building: None,
            view: View::Verdict,
            scroll: 0,
            hint_level: 0,
            message: None,
            stderr: Vec::new(),
            warming: if warm { Warming::after(course, lesson) } else { Warming::default() },
            browser: Browser::default(),
            took: None,
        }
    }

    pub fn is_running(&self) -> bool {
        self.run.is_some()
    }

    /// When to look again although nothing has happened.
    pub fn next_alarm(&self) -> Option<Instant> {
        if self.is_running() { None } else { self.warming.alarm() }
    }

    /// Judges what there is now.
    pub fn begin(&mut self) {
        // What was started for an older save is of no use.
        self.run = None;
        self.warming.stop();
        self.count += 1;
        self.building = None;
        self.stderr.clear();
        (self.is_early, self.report) = (false, None);
        self.started = Instant::now();
        self.seen = self.fingerprint();
        match self.start() {
            Ok(run) => self.run = Some(run),
            Err(error) => self.verdict = Some(Verdict::broken(error)),
        }
    }

    fn start(&self) -> Result<Run> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["test", &self.lesson.name, "--early", "--db", self.server.database.name()])
            .current_dir(&self.course.root)
            .env(build::PROGRESS, "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "120")
            .stdin(Stdio::null());
        if stdout::has_colors() {
            command.env("CLICOLOR_FORCE", "1");
        }
        if let Some(url) = &self.server.url {
            command.env("DATABASE_URL", url);
        }
        let count = self.count;
        Run::start(command, &self.events, move |output| Event::Run(count, output))
    }

    pub fn handle(&mut self, event: Event) -> Action {
        match event {
            Event::Stop | Event::Interrupted => return Action::Quit,
            Event::Resized => return Action::Redraw,
            Event::Key(key) => return self.key(key),
            Event::Pasted => self.show_message("Pasted text does nothing here; ? lists the keys.".to_owned()),
            Event::Run(count, output) if count == self.count => self.receive(output),
            Event::Page(output) => {
                let was_there = self.browser.page.is_there();
                if let Some(message) = self.browser.page.hear(output) {
                    self.show_message(message);
                }
                // It shows the tables, which no verdict so far has.
                if self.browser.page.is_there() && !was_there {
                    self.begin();
                }
            }
            Event::Warm(count, output) if count == self.count => self.warming.receive(output),
            Event::App(count, output) if count == self.browser.apps => {
                if let Some(message) = self.browser.app.hear(output) {
                    self.show_message(message);
                }
            }
            // From one that was ended.
            Event::Run(..) | Event::Warm(..) | Event::App(..) => {}
            // The loop refreshes after every event.
            Event::Touched => {}
        }
        Action::Continue
    }

    /// Checks whether the lesson has changed since it was judged last, or began to be; and whether it is time
    /// to build ahead.
    pub fn refresh(&mut self) {
        let elsewhere = self.elsewhere.saved(self.course, self.lesson, self.server.database);
        if self.fingerprint() != self.seen {
            self.message = elsewhere;
            return self.begin();
        }
        self.message = elsewhere.or(self.message.take());
        if self.next_alarm().is_some_and(|alarm| alarm <= Instant::now()) {
            self.warming.start(&self.course.root, self.server, &self.events, self.count);
        }
    }

    /// A digest of what the student has written. Read each time: a save may leave the size of a file
    /// and, on some systems, its time as they were.
    fn fingerprint(&self) -> u64 {
        fingerprint(&self.course.root.join(self.lesson.folder()))
    }

    fn receive(&mut self, output: ProcessOutput) {
        match output {
            ProcessOutput::Line(line) => match cargo_progress::read(&line) {
                Some(progress) => self.building = Some(progress),
                None => self.stderr.push(line),
            },
            ProcessOutput::Report(text) => match serde_json::from_str::<Report>(&text) {
                Ok(report) if report.is_early => {
                    let verdict = self.verdict_on(report).unwrap_or_else(Verdict::broken);
                    self.settle(verdict);
                    self.is_early = true;
                }
                Ok(report) => self.report = Some(report),
                Err(_) => self.stderr.push(text),
            },
            ProcessOutput::End => {
                let Some(run) = self.run.take() else { return };
                self.building = None;
                self.took = Some(self.started.elapsed());
                self.warming.wait();
                let verdict = self.judge(run).unwrap_or_else(Verdict::broken);
                self.settle(verdict);
            }
        }
    }

    fn judge(&mut self, run: Run) -> Result<Verdict> {
        let status = run.finish()?;
        let report = self.report.take();
        if !matches!(status.code(), Some(0 | 1)) {
            if self.stderr.is_empty() {
                bail!("the guide's own process crashed: {status}");
            }
            let text = self.stderr.join("\n");
            return Ok(Verdict::Broken(text.strip_prefix("error: ").unwrap_or(&text).to_owned()));
        }
        let mut warnings = self.stderr.iter().filter_map(|line| line.strip_prefix("warning: "));
        if let Some(warning) = warnings.next_back() {
            self.message = Some(warning.to_owned());
        }
        self.verdict_on(report.context("cannot parse the guide's own report")?)
    }

    fn verdict_on(&mut self, report: Report) -> Result<Verdict> {
        let had_passed = |gate: &&GateReport| {
            let passed = self.passed.as_ref().filter(|(lesson, _)| *lesson == report.lesson);
            passed.is_some_and(|(_, passed)| passed.contains(&gate.number))
        };
        let lost = report.failures().filter(had_passed).map(|gate| gate.number).collect();
        let new = self.news(&report);
        let progress = progress::read(&self.course.root)?;
        // What passes for the first time is remembered when all gates have run.
        let more = if report.is_early { new.len() } else { 0 };
        let mut background = background(self.course, self.lesson, &progress, &report, new)?;
        background.watching = true;
        background.lost = lost;
        background.course.0 += more;
        Ok(Verdict::Report(Box::new(report), background))
    }

    /// The gates that pass for the first time since the guide shows this lesson.
    fn news(&mut self, report: &Report) -> Vec<usize> {
        let is_first = self.passed.as_ref().is_none_or(|(lesson, _)| *lesson != report.lesson);
        if is_first && (report.is_early || !report.build_errors.is_empty()) {
            return Vec::new();
        }
        if is_first {
            self.passed = Some((report.lesson.clone(), BTreeSet::new()));
        }
        let Some((_, passed)) = &mut self.passed else { return Vec::new() };
        let passes = report.gates.iter().filter(|gate| gate.status == Status::Pass);
        let new: Vec<_> = passes.map(|gate| gate.number).filter(|number| !passed.contains(number)).collect();
        if !report.is_early {
            passed.extend(&new);
        }
        // The first verdict shows the state so far, which is not news.
        if is_first { Vec::new() } else { new }
    }

    /// Shows a new verdict. A hint stays on the screen while the same gate fails, and anybody's place on it while the
    /// top of the verdict says the same.
    fn settle(&mut self, verdict: Verdict) {
        let is_same_gate = self.verdict.as_ref().and_then(Verdict::gate) == verdict.gate();
        let is_same_head = self.verdict.as_ref().map(Head::of) == Some(Head::of(&verdict));
        let yet = match &verdict {
            Verdict::Report(report, _) if !report.build_errors.is_empty() => "It does not compile yet",
            _ => "The gate does not pass yet",
        };
        if std::mem::take(&mut self.is_early) && is_same_gate {
            // Confirmed: what somebody has done on the screen since the early report stays.
        } else if !is_same_gate {
            self.hint_level = 0;
            self.scroll = 0;
            self.view = View::Verdict;
        } else if self.view == View::Hint {
            self.message.get_or_insert_with(|| format!("{yet}; Esc shows why."));
        } else if !is_same_head {
            self.view = View::Verdict;
            self.scroll = 0;
        } else if !verdict.is_passed() && (self.view, self.scroll) != (View::Verdict, 0) {
            let key = if self.view == View::Verdict { "Home" } else { "Esc" };
            self.message.get_or_insert_with(|| format!("{yet}; {key} shows why."));
        }
        self.verdict = Some(verdict);
    }

    pub fn show_message(&mut self, message: String) {
        self.message = Some(message);
    }
}
