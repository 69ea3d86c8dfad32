//! Grades one lesson of one submission.

mod attempt;
mod place;
mod reference;
mod setup;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::Result;

use crate::canonical::Step;
use crate::explaining::explain;
use crate::intake::Intake;
use crate::intake::scan::Violation;
use crate::intake::taken::{self, Taken};
use crate::options::Options;
use crate::reading::Handed;
use crate::reason::Reason;
use crate::sandbox::{Isolation, Tier};
use crate::verdict::{Cpu, LessonVerdict, Verdict};
use attempt::Attempt;
use reference::References;

pub use setup::Setup;

pub struct Grader {
    pub setup: Setup,
    /// Whether the source is scanned before it is compiled.
    pub scan: bool,
    references: References,
    /// Where the verdict on these files of a lesson is kept; nowhere, if it could not be written.
    verdicts: Mutex<HashMap<(usize, String), KeptVerdict>>,
}

/// What every lesson has, and nothing compiles without.
const LIBRARY: &str = "src/lib.rs";

/// Filled by the first worker that gets these files; the others wait.
type KeptVerdict = Arc<OnceLock<Option<PathBuf>>>;

impl Grader {
    pub fn new(setup: Setup, scan: bool) -> Self {
        Self { setup, scan, references: References::default(), verdicts: Mutex::default() }
    }

    /// The options of a run with this grader.
    pub fn options(&self, tier: Tier, repetition: bool) -> Options {
        let setup = &self.setup;
        let lessons = setup.canonical.lessons.iter().map(|step| setup.canonical.lesson(step).name.clone());
        Options {
            lesson: lessons.collect(),
            build_limits: setup.build_limits,
            gate_limits: setup.gate_limits,
            scan: self.scan,
            tier,
            repetition,
        }
    }

    /// Checks that the solution passes its gates, and that the list of gates is the program's.
    ///
    /// # Errors
    ///
    /// When the course is not in order, or the sandbox fails.
    pub fn check(&self, step: &Step, isolation: Isolation) -> Result<()> {
        self.references.get(&self.setup, step, isolation).map(drop)
    }

    /// Grades a lesson; a fault of this program is that one verdict's, and the batch goes on.
    pub fn grade_whatever_happens(
        &self,
        submission: &Handed,
        step: &Step,
        isolation: Isolation,
    ) -> LessonVerdict {
        let grade = std::panic::AssertUnwindSafe(|| self.grade(submission, step, isolation));
        std::panic::catch_unwind(grade)
            .unwrap_or_else(|_| self.without_run(step, None, &Reason::GraderPanicked))
    }

    /// Grades a lesson. The same files are graded once, whoever handed them in.
    fn grade(&self, submission: &Handed, step: &Step, isolation: Isolation) -> LessonVerdict {
        let (taken, violation) = match self.take(submission, step) {
            Ok(taken) => taken,
            Err(reason) => return self.without_run(step, None, &reason),
        };
        let digest = digest_of(&taken);
        if let Some(violation) = violation.filter(|_| self.scan) {
            return self.without_run(step, Some(digest), &Reason::Violation(violation));
        }
        let cell = {
            let mut verdicts = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
            verdicts.entry((step.index, digest.clone())).or_default().clone()
        };
        let judge = || {
            // A fault of the grader may have been temporary.
            let again = |_| self.judge(step, &taken, &digest, isolation);
            self.judge(step, &taken, &digest, isolation).or_else(again).unwrap_or_else(|error| {
                self.without_run(step, Some(digest.clone()), &Reason::of_error(&error))
            })
        };
        let mut new = None;
        let kept = cell.get_or_init(|| self.keep(step, &digest, new.insert(judge())).ok());
        let earlier = || -> Option<LessonVerdict> {
            let verdict = serde_json::from_slice(&std::fs::read(kept.as_ref()?).ok()?).ok()?;
            Some(LessonVerdict { cpu: Cpu::default(), ..verdict })
        };
        new.or_else(earlier).unwrap_or_else(judge)
    }

    /// The lesson's files, and what a scan has found in them; or why it cannot be graded.
    fn take(&self, submission: &Handed, step: &Step) -> Result<(Taken, Option<Violation>), Reason> {
        let lesson = self.setup.canonical.lesson(step);
        let no_answer = || Reason::GraderFailed("the submission was not read".to_owned());
        let handed = submission.lesson(lesson).ok_or_else(no_answer)?;
        let taken = match &handed.intake {
            Intake::Taken(taken) => taken::with_course_names(taken, step.skeleton.keys()),
            Intake::Nothing(what) => return Err(Reason::NotHandedIn(what.clone())),
            Intake::Unreadable(why) => return Err(Reason::Unreadable(why.clone())),
            Intake::ReaderFailed(why) => return Err(Reason::GraderFailed(why.clone())),
        };
        if taken.contains_key(LIBRARY) {
            Ok((taken, handed.violation.clone()))
        } else {
            Err(Reason::Missing { file: LIBRARY, folder: lesson.name.clone() })
        }
    }

    /// Writes down the verdict on a lesson's files, for when somebody else hands the same in.
    fn keep(&self, step: &Step, digest: &str, verdict: &LessonVerdict) -> Result<PathBuf> {
        let file = self.setup.work.join(format!("verdict-{}-{digest}.json", step.index));
        std::fs::write(&file, serde_json::to_vec(verdict)?)?;
        Ok(file)
    }

    /// The digest of the lesson's files, if they can be graded.
    pub fn digest(&self, submission: &Handed, step: &Step) -> Option<String> {
        self.take(submission, step).ok().map(|(taken, _)| digest_of(&taken))
    }

    /// Why the lesson's files cannot be graded, if they cannot.
    pub fn why_not(&self, submission: &Handed, step: &Step) -> Option<String> {
        self.take(submission, step).err().map(|reason| reason.to_string())
    }

    /// All gates share one reason.
    fn without_run(&self, step: &Step, digest: Option<String>, reason: &Reason) -> LessonVerdict {
        let lesson = self.setup.canonical.lesson(step);
        let gates = step.gates(lesson).into_iter().map(|(number, gate)| reason.of_gate(number, gate));
        LessonVerdict::new(&lesson.name, digest, gates.collect())
    }

    /// An error is the grader's or its sandbox's; whatever the submission does is a verdict.
    fn judge(&self, step: &Step, taken: &Taken, digest: &str, isolation: Isolation) -> Result<LessonVerdict> {
        // The reference comes first: else a fault of the course would count as the student's.
        let setup = &self.setup;
        let reference = self.references.get(setup, step, isolation)?;
        let folder = setup.folder()?;
        let incremental = self.references.incremental(setup, step, taken, &reference, isolation)?;
        let built =
            setup.builder(isolation, incremental.as_deref()).build(&step.package, taken, folder.path())?;
        let cpu = Cpu { compiling: built.cpu_milliseconds, running: 0, sandbox: built.sandbox_milliseconds };
        let mut lesson = match &built.program {
            None => {
                let reason = built.reason()?;
                setup.check_room(&setup.build_limits, folder.path())?;
                let mut lesson = self.without_run(step, Some(digest.to_owned()), &reason);
                let canonical = &setup.canonical;
                let own = canonical.lesson(step);
                lesson.explanation =
                    explain(&setup.helper, &canonical.course, own, taken, &step.skeleton, &built.errors);
                lesson.diagnostics = Some(built.diagnostics);
                lesson.cpu = cpu;
                lesson
            }
            Some(program) => {
                let mut attempt = Attempt {
                    setup,
                    step,
                    program,
                    folder: folder.path(),
                    reference: &reference,
                    isolation,
                    cpu,
                };
                let gates = attempt.gates()?;
                let name = &setup.canonical.lesson(step).name;
                let mut lesson = LessonVerdict::new(name, Some(digest.to_owned()), gates);
                lesson.cpu = attempt.cpu;
                lesson
            }
        };
        let canonical = setup.canonical.lesson(step);
        for gate in lesson.gates.iter_mut().filter(|gate| gate.verdict != Verdict::Pass) {
            let own = canonical.manifest.gates.iter().find(|own| own.name == gate.name);
            gate.place = own.and_then(|own| place::of_gate(canonical, own, &step.skeleton, taken));
        }
        lesson.build_milliseconds = built.milliseconds;
        lesson.build_peak_kib = built.peak_kib;
        Ok(lesson)
    }
}

fn digest_of(taken: &Taken) -> String {
    taken::digest(taken.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
}
