//! Sees saves and verdicts. Where no guide watches, it has saves judged itself.

mod guide;
mod queue;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::take;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use gate_contract::scratch;
use kata::content::sources;
use kata::course::Lesson;
use kata::process::{end_group, in_its_own_group};
use kata::watch::{Event, Saves};
use kata::{progress, running, verdicts};
use tempfile::TempDir;

use crate::app::{App, News};
pub use guide::Guide;
use queue::Queue;

/// How often to check whether a process has ended.
const TURN: Duration = Duration::from_millis(100);

/// Watches, until it is dropped. What it has started then ends, too.
pub struct Watching {
    stop: Sender<Event>,
    thread: Option<JoinHandle<()>>,
}

impl Watching {
    pub fn start(app: App) -> Self {
        let (stop, events) = channel();
        let (sender, broken) = (stop.clone(), app.clone());
        let watcher = Watcher::new(app);
        let thread = thread::spawn(move || {
            if let Err(error) = watcher.run(&sender, &events) {
                broken.tell(News::Broken(format!("{error:#}")));
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.stop.send(Event::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Watcher {
    app: App,
    queue: Queue,
    judge: Option<Judge>,
    /// By lesson, what it holds.
    written: BTreeMap<String, u64>,
    /// By lesson, when its verdict was written.
    judged: BTreeMap<String, SystemTime>,
    /// By lesson, the student's app that runs.
    running: BTreeMap<String, running::App>,
}

/// A verdict in the making.
struct Judge {
    child: Child,
    scratch: TempDir,
}

impl Drop for Judge {
    fn drop(&mut self) {
        end_group(&mut self.child);
    }
}

impl Watcher {
    fn new(app: App) -> Self {
        Self {
            app,
            queue: Queue::default(),
            judge: None,
            written: BTreeMap::new(),
            judged: BTreeMap::new(),
            running: BTreeMap::new(),
        }
    }

    fn run(mut self, sender: &Sender<Event>, events: &Receiver<Event>) -> Result<()> {
        let folder = verdicts::folder(&self.app.course.root, self.app.database)?;
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let saves = Saves::listen(&self.app.course.root.join("lessons"), false, sender.clone());
        let kept = Saves::listen(&folder, false, sender.clone());
        self.new_verdicts(&folder);
        self.written = self
            .app
            .course
            .lessons
            .iter()
            .map(|lesson| (lesson.name.clone(), self.fingerprint(lesson)))
            .collect();
        if let Some(lesson) = self.current() {
            self.queue.add_wanted(&lesson);
        }
        loop {
            self.judge_next();
            let wait = if self.judge.is_some() { TURN } else { saves.interval.min(kept.interval) };
            match events.recv_timeout(wait) {
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            }
            // Many words of one save are one.
            if events.try_iter().any(|event| matches!(event, Event::Stop)) {
                return Ok(());
            }
            for lesson in self.new_verdicts(&folder) {
                self.app.tell(News::Verdict(lesson));
            }
            self.check_apps();
            self.check_lessons();
            self.check_judge();
            self.queue_wanted();
        }
    }

    /// The lessons that have got a verdict since the last look.
    fn new_verdicts(&mut self, folder: &Path) -> Vec<String> {
        let mut new = Vec::new();
        for lesson in &self.app.course.lessons {
            let file = folder.join(format!("{}.json", lesson.name));
            let Ok(time) = fs::metadata(file).and_then(|metadata| metadata.modified()) else { continue };
            if self.judged.insert(lesson.name.clone(), time) != Some(time) {
                new.push(lesson.name.clone());
            }
        }
        new
    }

    fn check_apps(&mut self) {
        let app = |name: &String| running::app(&self.app.course.root, name, self.app.database);
        let names = self.app.course.lessons.iter().map(|lesson| &lesson.name);
        let now: BTreeMap<_, _> = names.filter_map(|name| Some((name.clone(), app(name)?))).collect();
        let lessons = now.keys().chain(self.running.keys());
        let changed = lessons.filter(|lesson| now.get(*lesson) != self.running.get(*lesson)).cloned();
        for lesson in changed.collect::<BTreeSet<_>>() {
            self.app.tell(News::App(lesson));
        }
        self.running = now;
    }

    fn check_lessons(&mut self) {
        for lesson in &self.app.course.clone().lessons {
            let now = self.fingerprint(lesson);
            if self.written.insert(lesson.name.clone(), now) != Some(now) {
                self.queue.add_saved(&lesson.name);
                // What was started for an older save is of no use.
                self.judge = None;
            }
        }
    }

    fn check_judge(&mut self) {
        let Some(judge) = &mut self.judge else { return };
        let Ok(Some(status)) = judge.child.try_wait() else { return };
        if status.code() != Some(0) {
            let said = fs::read_to_string(judge.scratch.path().join("stderr")).unwrap_or_default();
            self.app.tell(News::Broken(said));
        }
        self.judge = None;
        self.queue.finish();
    }

    fn queue_wanted(&mut self) {
        let wanted = take(&mut *self.app.wanted.lock().unwrap_or_else(PoisonError::into_inner));
        for lesson in wanted {
            if self.app.course.lessons.iter().any(|known| known.name == lesson) {
                self.queue.add_wanted(&lesson);
            }
        }
    }

    /// The lesson to work on.
    fn current(&self) -> Option<String> {
        let (progress, _) = progress::read_quietly(&self.app.course.root).ok()?;
        let lesson = progress.to_do(&self.app.course, self.app.database).ok().flatten()?;
        Some(lesson.name.clone())
    }

    /// Has the next lesson judged that waits for it.
    fn judge_next(&mut self) {
        while let Some(lesson) = self.queue.start_next() {
            let is_watched = verdicts::is_watched(&self.app.course.root);
            let guide = self.app.guide.as_ref().filter(|_| !is_watched);
            // A guide that watches judges each save of the lesson that it shows.
            if guide.is_some() || (is_watched && self.current().as_ref() == Some(&lesson)) {
                self.app.tell(News::Judging(lesson.clone()));
            }
            match guide.map(|guide| self.start(guide.command(), &lesson)) {
                Some(Ok(judge)) => {
                    self.judge = Some(judge);
                    return;
                }
                Some(Err(error)) => self.app.tell(News::Broken(format!("{error:#}"))),
                None => {}
            }
            self.queue.finish();
        }
    }

    fn start(&self, mut command: Command, lesson: &str) -> Result<Judge> {
        let scratch =
            scratch::folder("kata-", scratch::FOR_GATES).context("cannot make a temporary folder")?;
        let stderr =
            fs::File::create(scratch.path().join("stderr")).context("cannot write to a temporary folder")?;
        command
            .args(["test", lesson, "--early", "--db", self.app.database.name()])
            .current_dir(&self.app.course.root);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
        for name in ["TMPDIR", "TMP", "TEMP"] {
            command.env(name, scratch.path());
        }
        in_its_own_group(&mut command);
        let child = command.spawn().context("cannot start the guide")?;
        Ok(Judge { child, scratch })
    }

    fn fingerprint(&self, lesson: &Lesson) -> u64 {
        let folder = self.app.course.root.join(lesson.folder());
        let mut hasher = DefaultHasher::new();
        for file in sources(&folder) {
            let path = folder.join(&file);
            let metadata = fs::metadata(&path).ok();
            (metadata.as_ref().and_then(|it| it.modified().ok()), metadata.map(|it| it.len()), file)
                .hash(&mut hasher);
        }
        hasher.finish()
    }
}
