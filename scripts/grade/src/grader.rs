//! Grades one lesson of one submission.

mod known;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use anyhow::{Context, Result, bail};
use kata::course::Gate;

use crate::builder::{Builder, Built};
use crate::canonical::{Canonical, Step};
use crate::intake::taken::{self, Taken};
use crate::intake::{Intake, Submission, scan};
use crate::limits::Limits;
use crate::run::{Runner, Seen, TOO_BUSY, judge};
use crate::sandbox::{End, Isolation};
use crate::text;
use crate::verdict::{Cpu, GateVerdict, LessonVerdict, Seeds, Verdict};
use known::{Expected, Kept, OfLesson};

/// What all workers share.
pub struct Grader {
    pub canonical: Canonical,
    /// This program, which is also the sandbox's.
    pub helper: PathBuf,
    pub seeds: Seeds,
    pub build_limits: Limits,
    pub gate_limits: Limits,
    /// Whether the source is looked at before it is compiled.
    pub scan: bool,
    /// Where folders for a moment are made.
    pub work: PathBuf,
    expected: Mutex<HashMap<usize, OfLesson>>,
    /// How many were like the skeleton of a lesson, and what rustc remembers of that.
    skeletons: Mutex<HashMap<usize, (usize, Kept)>>,
    /// Where the verdict on these files of a lesson is kept; nowhere, if it could not be written.
    done: Mutex<HashMap<(usize, String), SetAside>>,
}

/// What every lesson has, and nothing compiles without.
const LIBRARY: &str = "src/lib.rs";

/// Found out by the first worker that needs it; the others wait.
type Once<T> = Arc<OnceLock<T>>;

type SetAside = Once<Option<PathBuf>>;

impl Grader {
    pub fn new(canonical: Canonical, helper: PathBuf, seeds: Seeds, work: PathBuf) -> Self {
        Self {
            canonical,
            helper,
            seeds,
            build_limits: Limits::BUILD,
            gate_limits: Limits::GATE,
            scan: true,
            work,
            expected: Mutex::default(),
            skeletons: Mutex::default(),
            done: Mutex::default(),
        }
    }

    /// Grades a lesson; a fault of this program is that one verdict's, and the batch goes on.
    pub fn grade_whatever_happens(
        &self,
        submission: &Submission,
        step: &Step,
        isolation: Isolation,
    ) -> LessonVerdict {
        let grade = std::panic::AssertUnwindSafe(|| self.grade(submission, step, isolation));
        std::panic::catch_unwind(grade).unwrap_or_else(|_| {
            self.without_run(
                step,
                "",
                Verdict::GraderError,
                "the grader itself failed on this lesson; please report it",
            )
        })
    }

    /// Grades a lesson. The same files are graded once, whoever handed them in.
    pub fn grade(&self, submission: &Submission, step: &Step, isolation: Isolation) -> LessonVerdict {
        let taken = match submission.take(self.canonical.lesson(step)) {
            Intake::Taken(taken) => taken,
            Intake::Nothing(what) => return self.without_run(step, "", Verdict::Fail, &what),
            Intake::Unreadable(why) => {
                let reason = format!("could not be read: {why}");
                return self.without_run(step, "", Verdict::Unreadable, &reason);
            }
        };
        let taken = taken::with_course_names(&taken, step.skeleton.keys());
        if !taken.contains_key(LIBRARY) {
            let reason = format!(
                "could not be read: the lesson's `{LIBRARY}` is missing; hand in the whole folder `{}`",
                self.canonical.lesson(step).name
            );
            return self.without_run(step, "", Verdict::Unreadable, &reason);
        }
        let digest = digest_of(&taken);
        if let Some(what) = Some(()).filter(|()| self.scan).and_then(|()| scan::scan(&taken)) {
            return self.without_run(step, &digest, Verdict::Policy, &what);
        }
        let cell = {
            let mut done = self.done.lock().unwrap_or_else(|poison| poison.into_inner());
            done.entry((step.index, digest.clone())).or_default().clone()
        };
        let judge = || {
            // A fault of the grader's own may have been a moment's.
            let again = |_| self.judge(step, &taken, &digest, isolation);
            self.judge(step, &taken, &digest, isolation).or_else(again).unwrap_or_else(|error| {
                self.without_run(step, &digest, Verdict::GraderError, &text::line(&format!("{error:#}")))
            })
        };
        let mut new = None;
        let kept = cell.get_or_init(|| self.set_aside(step, new.insert(judge())).ok());
        let earlier = || -> Option<LessonVerdict> {
            let verdict = serde_json::from_slice(&std::fs::read(kept.as_ref()?).ok()?).ok()?;
            Some(LessonVerdict { cpu: Cpu::default(), ..verdict })
        };
        new.or_else(earlier).unwrap_or_else(judge)
    }

    /// Writes down what is known of a lesson's files, for when somebody else hands the same in.
    fn set_aside(&self, step: &Step, verdict: &LessonVerdict) -> Result<PathBuf> {
        let file = self.work.join(format!("verdict-{}-{}.json", step.index, verdict.digest));
        std::fs::write(&file, serde_json::to_vec(verdict)?)?;
        Ok(file)
    }

    /// The digest under which a lesson's result is known.
    pub fn digest(&self, submission: &Submission, step: &Step) -> String {
        match submission.take(self.canonical.lesson(step)) {
            Intake::Taken(taken) => digest_of(&taken::with_course_names(&taken, step.skeleton.keys())),
            Intake::Nothing(_) | Intake::Unreadable(_) => String::new(),
        }
    }

    /// All gates share one verdict.
    fn without_run(&self, step: &Step, digest: &str, verdict: Verdict, reason: &str) -> LessonVerdict {
        let lesson = self.canonical.lesson(step);
        let gates = step.gates(lesson).into_iter();
        let mut lesson = LessonVerdict {
            lesson: lesson.name.clone(),
            digest: digest.to_owned(),
            points: 0,
            max_points: 0,
            build_milliseconds: 0,
            build_peak_kib: 0,
            diagnostics: None,
            gates: gates.map(|(number, gate)| unjudged(number, gate, verdict, reason)).collect(),
            cpu: Cpu::default(),
        };
        lesson.add_up();
        lesson
    }

    /// # Errors
    ///
    /// When the grader or its sandbox fails; whatever the submission does is a verdict.
    fn judge(&self, step: &Step, taken: &Taken, digest: &str, isolation: Isolation) -> Result<LessonVerdict> {
        // First what it is compared with: else a fault of the course would be the student's.
        let known = self.known(step, isolation)?;
        let folder = self.folder()?;
        let remembered = self.remembered(step, taken, &known, isolation)?;
        let built = self.builder(isolation, Some(&remembered)).build(step, taken, folder.path())?;
        let mut cpu =
            Cpu { compiling: built.cpu_milliseconds, running: 0, sandbox: built.sandbox_milliseconds };
        if built.end == End::Starved {
            bail!(TOO_BUSY);
        }
        let Some(program) = &built.program else {
            self.check_room(&self.build_limits)?;
            let (verdict, reason) = not_built(&built);
            let mut lesson = self.without_run(step, digest, verdict, &reason);
            lesson.diagnostics = Some(self.said(&built.diagnostics));
            return Ok(LessonVerdict { cpu, ..with_build(lesson, &built) });
        };
        let mut gates: Vec<GateVerdict> = Vec::new();
        for (number, gate) in step.gates(self.canonical.lesson(step)) {
            let passed =
                |name: &String| gates.iter().any(|gate| &gate.name == name && gate.verdict == Verdict::Pass);
            if let Some(needed) = gate.needs.as_ref().filter(|needed| !passed(needed)) {
                let reason = format!("it needs `{needed}`, which did not pass");
                gates.push(unjudged(number, gate, Verdict::Waiting, &reason));
                continue;
            }
            gates.push(self.gate(step, program, (number, gate), &known.snapshots, isolation, &mut cpu)?);
        }
        let mut lesson = self.without_run(step, digest, Verdict::Pass, "");
        lesson.gates = gates;
        lesson.add_up();
        Ok(LessonVerdict { cpu, ..with_build(lesson, &built) })
    }

    /// The published seed first, then those that nobody has seen; the first that does not pass decides.
    fn gate(
        &self,
        step: &Step,
        program: &Path,
        (number, gate): (usize, &Gate),
        expected: &Expected,
        isolation: Isolation,
        cpu: &mut Cpu,
    ) -> Result<GateVerdict> {
        let mut report = unjudged(number, gate, Verdict::Pass, "");
        let seeds = [self.seeds.published].into_iter().chain(self.seeds.fresh.iter().copied());
        for seed in seeds {
            let wanted = expected.get(&(seed, gate.name.clone())).context("no snapshot to compare with")?;
            let (mut seen, mut verdict, mut reason) =
                self.see(step, program, gate, seed, wanted, isolation, cpu)?;
            if verdict == Verdict::Crash && seen.outcome.end == End::Exited(0) {
                // libtest's last words may have been torn apart by somebody else's.
                (seen, verdict, reason) = self.see(step, program, gate, seed, wanted, isolation, cpu)?;
            }
            report.milliseconds += seen.outcome.milliseconds;
            report.peak_kib = report.peak_kib.max(seen.outcome.peak_kib);
            (report.verdict, report.reason) = (verdict, reason);
            if verdict == Verdict::Pass {
                continue;
            }
            report.points = 0;
            report.seed = Some(seed);
            report.sql = seen.sql();
            report.got = seen.got().map(|got| self.said(&got));
            if seed == self.seeds.published {
                report.expected = Some(wanted.clone());
            } else {
                report.reason = format!("on data that it has not seen before, {}", report.reason);
            }
            break;
        }
        Ok(report)
    }

    #[expect(clippy::too_many_arguments, reason = "one run has as many circumstances")]
    fn see(
        &self,
        step: &Step,
        program: &Path,
        gate: &Gate,
        seed: u64,
        wanted: &str,
        isolation: Isolation,
        cpu: &mut Cpu,
    ) -> Result<(Seen, Verdict, String)> {
        let folder = self.folder()?;
        let lesson = self.canonical.lesson(step);
        let seen = self.runner(isolation).run(program, lesson, &gate.name, seed, folder.path())?;
        cpu.running += seen.outcome.cpu_milliseconds;
        cpu.sandbox += seen.outcome.sandbox_milliseconds;
        let (verdict, reason) = judge(&seen, wanted);
        if verdict == Verdict::GraderError {
            bail!(reason);
        }
        if verdict != Verdict::Pass {
            self.check_room(&self.gate_limits)?;
        }
        Ok((seen, verdict, reason))
    }

    /// What failed may have failed for want of room, where there is less than it was allowed to write.
    fn check_room(&self, limits: &Limits) -> Result<()> {
        let room = fs4::available_space(&self.work).context("cannot ask for the space that is left")?;
        if room < limits.written {
            bail!(
                "a submission may write {} MiB, and the disk that holds `target` has room for {}: make room",
                limits.written >> 20,
                room >> 20
            );
        }
        Ok(())
    }

    fn builder<'a>(&'a self, isolation: Isolation, remembered: Option<&'a Path>) -> Builder<'a> {
        // The solution, with which nothing is remembered yet, is the course's: no limit is for it.
        let limits = if remembered.is_some() { self.build_limits } else { Limits::BUILD };
        Builder { canonical: &self.canonical, helper: &self.helper, isolation, limits, remembered }
    }

    fn runner(&self, isolation: Isolation) -> Runner<'_> {
        Runner { helper: &self.helper, isolation, limits: self.gate_limits }
    }

    pub fn folder(&self) -> Result<tempfile::TempDir> {
        crate::work::folder(&self.work)
    }

    /// Text of a student's, without the paths of whoever grades.
    fn said(&self, text: &str) -> String {
        let mut text = text.replace(&self.work.display().to_string(), "");
        text = text.replace(&self.canonical.course.root.display().to_string(), "");
        text::clean(&text.replace("/course/", ""))
    }
}

fn digest_of(taken: &Taken) -> String {
    taken::digest(taken.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
}

fn with_build(lesson: LessonVerdict, built: &Built) -> LessonVerdict {
    LessonVerdict { build_milliseconds: built.milliseconds, build_peak_kib: built.peak_kib, ..lesson }
}

fn unjudged(number: usize, gate: &Gate, verdict: Verdict, reason: &str) -> GateVerdict {
    GateVerdict {
        number,
        name: gate.name.clone(),
        title: gate.title.clone(),
        verdict,
        reason: reason.to_owned(),
        points: if verdict == Verdict::Pass { gate.points } else { 0 },
        max_points: gate.points,
        milliseconds: 0,
        peak_kib: 0,
        seed: None,
        expected: None,
        got: None,
        sql: Vec::new(),
    }
}

/// A program that does not compile, and one that the compiler did not come to an end with.
fn not_built(built: &Built) -> (Verdict, String) {
    match &built.end {
        End::Exited(_) => (Verdict::BuildError, "it does not compile".to_owned()),
        End::TimedOut => (Verdict::Timeout, "it takes longer to compile than it may".to_owned()),
        End::Starved => (Verdict::GraderError, TOO_BUSY.to_owned()),
        End::Exceeded(what) if what == "output" => {
            (Verdict::Resource, "the compiler has more to say about it than it may".to_owned())
        }
        End::Exceeded(what) => (Verdict::Resource, format!("compiling it takes more {what} than it may")),
        End::Signal(signal) if built.diagnostics.contains("memory allocation of ") => {
            (Verdict::Resource, format!("compiling it takes more memory than it may (signal {signal})"))
        }
        End::Signal(signal) => (Verdict::BuildError, format!("the compiler died of signal {signal}")),
    }
}
