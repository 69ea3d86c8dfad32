//! Grades many submissions with several workers, and writes each verdict as soon as it is complete.

use std::collections::{BTreeMap, HashMap};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use anyhow::{Context, Result};
use kata::{INTERNAL_ERROR, NOT_PASSED, PASSED};

use crate::canonical::Step;
use crate::formats::json;
use crate::grader::Grader;
use crate::intake::uploads::Upload;
use crate::key::Key;
use crate::options::Options;
use crate::reading::{Handed, Reader};
use crate::sandbox::{Isolation, Tier};
use crate::text::{line, say};
use crate::verdict::{Cpu, LessonVerdict, SCHEMA, SubmissionVerdict, Verdict};
use crate::{FOUL, UNREADABLE, sealed};

pub struct Batch<'a> {
    pub grader: &'a Grader,
    pub isolation: Isolation,
    pub jobs: u16,
    pub out: &'a Path,
    pub resume: bool,
    /// Somebody has named the seeds.
    pub repetition: bool,
    /// Other machines grade on the same seeds, so no verdict on others is kept.
    pub same_seeds: bool,
    pub key: Key,
    /// Set by Ctrl-C: nothing new is begun.
    pub stop: Arc<AtomicBool>,
}

/// A submission while its lessons are graded.
struct Open {
    begun: Instant,
    started: String,
    left: usize,
    submission: Arc<OnceLock<Handed>>,
    lessons: BTreeMap<usize, LessonVerdict>,
}

/// A submission whose verdict is written. Of what is in it no more is kept: two hundred submissions take no more
/// memory than ten.
pub struct Done {
    /// `verdict.json`.
    pub file: PathBuf,
    pub exit_code: u8,
}

impl Done {
    /// # Errors
    ///
    /// When the file is not there any more.
    pub fn verdict(&self) -> Result<SubmissionVerdict> {
        json::read(&self.file)?.with_context(|| format!("{} no longer exists", self.file.display()))
    }
}

/// The exit code of the batch: the worst of its submissions'.
pub fn worst(done: &[Done]) -> u8 {
    let codes: Vec<_> = done.iter().map(|done| done.exit_code).collect();
    [INTERNAL_ERROR, FOUL, UNREADABLE, NOT_PASSED]
        .into_iter()
        .find(|code| codes.contains(code))
        .unwrap_or(PASSED)
}

/// What is shared while the workers work.
#[derive(Default)]
struct State {
    open: HashMap<usize, Open>,
    done: BTreeMap<usize, Done>,
    fault: Option<anyhow::Error>,
}

impl Batch<'_> {
    /// What is done, in the order of `uploads`; fewer if it was stopped. A submission that cannot be read gets a
    /// verdict, too.
    ///
    /// # Errors
    ///
    /// When a verdict cannot be written.
    pub fn run(&self, uploads: &[Upload]) -> Result<Vec<Done>> {
        let lessons = self.grader.setup.canonical.lessons.len();
        let next = AtomicUsize::new(0);
        let state = Mutex::new(State::default());
        let progress = Progress { total: uploads.len(), begun: Instant::now() };
        for (index, upload) in uploads.iter().enumerate().filter(|_| self.resume) {
            if let Some(earlier) = self.earlier(&upload.name, &self.open(upload)) {
                self.keep(&state, index, &earlier, &progress)?;
            }
        }
        std::thread::scope(|scope| {
            for worker in 0..self.jobs {
                let (next, state, progress) = (&next, &state, &progress);
                let isolation = self.isolation.of_worker(worker);
                scope.spawn(move || {
                    while !self.stop.load(Ordering::SeqCst) {
                        let unit = next.fetch_add(1, Ordering::SeqCst);
                        if unit >= uploads.len() * lessons {
                            return;
                        }
                        let (index, lesson) = (unit / lessons, unit % lessons);
                        let graded = self.unit(state, (index, lesson), &uploads[index], isolation);
                        let result = graded.and_then(|verdict| match verdict {
                            Some(verdict) => self.keep(state, index, &verdict, progress),
                            None => Ok(()),
                        });
                        if let Err(error) = result {
                            self.stop.store(true, Ordering::SeqCst);
                            locked(state).fault.get_or_insert(error);
                            return;
                        }
                    }
                });
            }
        });
        let state = state.into_inner().unwrap_or_else(|poison| poison.into_inner());
        match state.fault {
            Some(error) => Err(error),
            None => Ok(state.done.into_values().collect()),
        }
    }

    /// Grades one lesson. The last one of a submission makes the whole verdict.
    fn unit(
        &self,
        state: &Mutex<State>,
        (index, lesson): (usize, usize),
        upload: &Upload,
        isolation: Isolation,
    ) -> Result<Option<SubmissionVerdict>> {
        let steps = &self.grader.setup.canonical.lessons;
        let submission = {
            let mut state = locked(state);
            if state.done.contains_key(&index) {
                return Ok(None);
            }
            let open = state.open.entry(index).or_insert_with(|| Open {
                begun: Instant::now(),
                started: jiff::Timestamp::now().to_string(),
                left: steps.len(),
                submission: Arc::default(),
                lessons: BTreeMap::new(),
            });
            open.submission.clone()
        };
        // Read once, by the first worker that needs it, and kept until its last lesson is graded.
        let submission = submission.get_or_init(|| self.open(upload));
        let verdict = self.grader.grade_whatever_happens(submission, &steps[lesson], isolation);
        let mut state = locked(state);
        let Some(open) = state.open.get_mut(&index) else { return Ok(None) };
        open.lessons.insert(lesson, verdict);
        open.left -= 1;
        if open.left > 0 {
            return Ok(None);
        }
        let open = state.open.remove(&index).context("a submission is graded once")?;
        drop(state);
        Ok(Some(self.whole(&upload.name, submission, open)))
    }

    fn open(&self, upload: &Upload) -> Handed {
        let setup = &self.grader.setup;
        let lessons = setup.canonical.lessons.iter().map(|step| step.index).collect();
        Reader { helper: &setup.helper, course: &setup.canonical.course, lessons }.read(&upload.path)
    }

    fn whole(&self, name: &str, submission: &Handed, open: Open) -> SubmissionVerdict {
        let canonical = &self.grader.setup.canonical;
        let lessons: Vec<_> = open.lessons.into_values().collect();
        let mut cpu = Cpu::default();
        lessons.iter().for_each(|lesson| cpu.add(lesson.cpu));
        SubmissionVerdict {
            schema: SCHEMA.to_owned(),
            submission: name.to_owned(),
            digest: whole_digest(lessons.iter().map(|lesson| (lesson.lesson.as_str(), &lesson.digest))),
            course_version: canonical.version.clone(),
            canonical: canonical.digest.clone(),
            tier: self.isolation.tier(),
            advisory: self.isolation.tier() != Tier::A,
            seeds: self.grader.setup.seeds.clone(),
            options: Some(self.options()),
            repetition: self.repetition,
            started: open.started,
            milliseconds: u64::try_from(open.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            points: lessons.iter().map(|lesson| lesson.points).sum(),
            max_points: lessons.iter().map(|lesson| lesson.max_points).sum(),
            ignored: submission.ignored.clone(),
            lessons,
            cpu,
        }
    }

    fn options(&self) -> Options {
        self.grader.options(self.isolation.tier(), self.repetition)
    }

    /// An earlier run's verdict on the same files, under the same circumstances.
    fn earlier(&self, name: &str, submission: &Handed) -> Option<SubmissionVerdict> {
        // A verdict that is damaged, missing or somebody else's is made again.
        let (_, earlier) = sealed::read(&self.out.join(name), name, &self.key)?;
        let canonical = &self.grader.setup.canonical;
        let digests: Vec<_> =
            canonical.lessons.iter().map(|step| self.grader.digest(submission, step)).collect();
        let names = canonical.lessons.iter().map(|step| canonical.lesson(step).name.as_str());
        let digest = whole_digest(names.zip(&digests));
        let paths = self.grader.setup.paths();
        let is_as_before = |(step, lesson): (&Step, &LessonVerdict)| {
            let why = self.grader.why_not(submission, step).map(|why| paths.clean(&why));
            why.is_none_or(|why| lesson.gates.iter().all(|gate| gate.reason == why))
        };
        let is_same = earlier.digest == digest
            && canonical.lessons.iter().zip(&earlier.lessons).all(is_as_before)
            && earlier.canonical == canonical.digest
            && !earlier.repetition
            && earlier.seeds.fresh.len() >= self.grader.setup.seeds.fresh.len()
            && (!self.same_seeds || earlier.seeds == self.grader.setup.seeds)
            && earlier.options.as_ref().is_some_and(|options| options.difference(&self.options()).is_none())
            && earlier.submission == self.grader.setup.paths().clean(name)
            && earlier.adds_up()
            && earlier
                .gates()
                .all(|gate| !matches!(gate.verdict, Verdict::GraderError | Verdict::Unreadable));
        Some(earlier).filter(|_| is_same)
    }

    fn keep(
        &self,
        state: &Mutex<State>,
        index: usize,
        verdict: &SubmissionVerdict,
        progress: &Progress,
    ) -> Result<()> {
        // The folder's name is sealed as it is; in the verdict it is a text like any other.
        let name = &verdict.submission;
        let paths = self.grader.setup.paths();
        let verdict = json::with_texts(verdict, &|text| paths.clean(text))?;
        let text = json::text(&verdict)?;
        let file = sealed::write(&self.out.join(name), name, &verdict, &text, &self.key)?;
        let mut state = locked(state);
        progress.show(state.done.len() + 1, &verdict);
        state.done.insert(index, Done { file, exit_code: verdict.exit_code() });
        Ok(())
    }
}

fn locked(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|poison| poison.into_inner())
}

/// The digest of a submission, by its lessons and the digests of their files.
pub fn whole_digest<'a>(lessons: impl Iterator<Item = (&'a str, &'a Option<String>)>) -> String {
    let bytes = |digest: &'a Option<String>| digest.as_deref().unwrap_or_default().as_bytes();
    crate::intake::taken::digest(lessons.map(|(lesson, digest)| (lesson, bytes(digest))))
}

/// What the terminal shows while it runs.
struct Progress {
    total: usize,
    begun: Instant,
}

impl Progress {
    fn show(&self, done: usize, verdict: &SubmissionVerdict) {
        let seconds = self.begun.elapsed().as_secs_f64();
        let first = verdict.most_telling();
        let first = first.map_or_else(String::new, |(lesson, gate)| match gate.verdict {
            Verdict::Unreadable => format!("  {}: {}", gate.verdict.name(), line(&gate.reason)),
            verdict => format!("  {} {} `{}`", verdict.name(), lesson.lesson, gate.name),
        });
        let mut left = String::new();
        if std::io::stdout().is_terminal() && done < self.total {
            let rest = seconds / done as f64 * (self.total - done) as f64;
            left = format!("  ({rest:.0} s left)");
        }
        say(format_args!(
            "{done:>4} of {}  {}  {}/{}{first}{left}",
            self.total, verdict.submission, verdict.points, verdict.max_points
        ));
    }
}
