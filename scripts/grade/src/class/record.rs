//! Of a verdict, what a gradebook needs: five hundred of them fit in memory.

use sha2::{Digest, Sha256};

use crate::options::Options;
use crate::sandbox::Tier;
use crate::text::line;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// One submission.
#[derive(Clone, Debug)]
pub struct Record {
    /// The folder of its results, by name.
    pub folder: String,
    pub submission: String,
    pub digest: String,
    pub course_version: Option<String>,
    pub canonical: String,
    pub tier: Tier,
    pub advisory: bool,
    pub repetition: bool,
    pub fresh_seeds: Vec<u64>,
    pub options: Option<Options>,
    pub lessons: Vec<RecordedLesson>,
    /// Why its verdict does not count, if it does not.
    pub fault: Option<String>,
    /// What whoever grades sees first of it: lesson, gate, verdict, reason.
    pub most_telling: Option<(String, String, Verdict, String)>,
}

#[derive(Clone, Debug)]
pub struct RecordedLesson {
    pub name: String,
    /// Of the files that were taken.
    pub digest: Option<String>,
    /// Why it does not compile, by the name of the rule that explains it and its first line.
    pub explanation: Option<(String, String)>,
    pub gates: Vec<RecordedGate>,
}

#[derive(Clone, Debug)]
pub struct RecordedGate {
    pub number: usize,
    pub name: String,
    pub title: String,
    pub verdict: Verdict,
    pub points: u32,
    pub max_points: u32,
    pub reason: String,
    pub label: Option<String>,
    /// What it saw, in place of the text: equal texts on one seed are equal here.
    pub got: Option<[u8; 16]>,
    pub is_fresh: bool,
}

/// How a panic begins where a task is still to be written.
const NOT_BEGUN: &str = "it panicked: not yet implemented";

impl Record {
    pub fn of(folder: &str, verdict: &SubmissionVerdict) -> Self {
        let most_telling = verdict.most_telling().map(|(lesson, gate)| {
            (lesson.lesson.clone(), gate.name.clone(), gate.verdict, line(&gate.reason))
        });
        Self {
            folder: folder.to_owned(),
            submission: line(&verdict.submission),
            digest: verdict.digest.clone(),
            course_version: verdict.course_version.clone(),
            canonical: verdict.canonical.clone(),
            tier: verdict.tier,
            advisory: verdict.advisory,
            repetition: verdict.repetition,
            fresh_seeds: verdict.seeds.fresh.clone(),
            options: verdict.options.clone(),
            lessons: verdict.lessons.iter().map(|lesson| RecordedLesson::of(lesson, verdict)).collect(),
            fault: (!verdict.adds_up()).then(|| "its points are not those of its gates".to_owned()),
            most_telling,
        }
    }

    /// A submission whose verdict cannot be read, or is not the grader's.
    pub fn broken(folder: &str, why: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            submission: line(folder),
            digest: String::new(),
            course_version: None,
            canonical: String::new(),
            tier: Tier::C,
            advisory: false,
            repetition: false,
            fresh_seeds: Vec::new(),
            options: None,
            lessons: Vec::new(),
            fault: Some(why.to_owned()),
            most_telling: None,
        }
    }

    pub fn lesson(&self, name: &str) -> Option<&RecordedLesson> {
        self.lessons.iter().find(|lesson| lesson.name == name)
    }

    /// Whether its verdict on a lesson is not a number, before points by hand. A record with a fault is always open.
    pub fn is_open(&self, lesson: &str) -> bool {
        let is_open = |gate: &RecordedGate| gate.verdict == Verdict::GraderError || gate.verdict.is_foul();
        let lesson = self.lesson(lesson);
        self.fault.is_some()
            || lesson.is_some_and(|lesson| self.repetition || lesson.gates.iter().any(is_open))
    }

    pub fn gates(&self) -> impl Iterator<Item = &RecordedGate> {
        self.lessons.iter().flat_map(|lesson| &lesson.gates)
    }
}

impl RecordedLesson {
    fn of(lesson: &LessonVerdict, verdict: &SubmissionVerdict) -> Self {
        let explanation = lesson.explanation.as_ref().map(|explanation| {
            let first = explanation.lines.first().map(|text| line(text)).unwrap_or_default();
            (explanation.id.clone(), first)
        });
        Self {
            name: lesson.lesson.clone(),
            digest: lesson.digest.clone(),
            explanation,
            gates: lesson.gates.iter().map(|gate| RecordedGate::of(gate, verdict.seeds.published)).collect(),
        }
    }

    pub fn gate(&self, name: &str) -> Option<&RecordedGate> {
        self.gates.iter().find(|gate| gate.name == name)
    }

    pub fn first_not_passed(&self) -> Option<&RecordedGate> {
        self.gates.iter().find(|gate| gate.verdict != Verdict::Pass)
    }

    /// Whether the grader could not say: then it has no points, and that is not a zero.
    pub fn has_grader_error(&self) -> bool {
        self.gates.iter().any(|gate| gate.verdict == Verdict::GraderError)
    }
}

impl RecordedGate {
    fn of(gate: &GateVerdict, published: u64) -> Self {
        let got = gate.got.as_deref().filter(|got| !got.is_empty() && gate.verdict == Verdict::Fail);
        let short = |got: &str| {
            // What is equal on two seeds is not the same answer.
            let text = format!("{}\n{got}", gate.seed.unwrap_or(published));
            let digest: [u8; 32] = Sha256::digest(text).into();
            let mut short = [0; 16];
            short.copy_from_slice(&digest[..16]);
            short
        };
        Self {
            number: gate.number,
            name: gate.name.clone(),
            title: gate.title.clone(),
            verdict: gate.verdict,
            points: gate.points,
            max_points: gate.max_points,
            reason: line(&gate.reason),
            label: gate.label.clone(),
            got: got.filter(|_| !is_not_begun(gate)).map(short),
            is_fresh: gate.seed.is_some_and(|seed| seed != published),
        }
    }

    /// Whether its task is as it was handed out.
    pub fn is_not_begun(&self) -> bool {
        self.verdict == Verdict::Fail && self.reason.starts_with(NOT_BEGUN)
    }
}

/// Whether a gate's task is as it was handed out.
pub fn is_not_begun(gate: &GateVerdict) -> bool {
    gate.verdict == Verdict::Fail && gate.reason.starts_with(NOT_BEGUN)
}
