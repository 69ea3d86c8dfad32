//! The verdict on a submission: the one model behind every format.

mod evidence;

use std::fmt;

use kata::course::Gate;
use kata::report::Explanation;
use serde::{Deserialize, Serialize};

use crate::options::Options;
use crate::sandbox::Tier;
pub use evidence::{Left, Place};

/// The name of the format; `scripts/grade/verdict.schema.json` describes it.
pub const SCHEMA: &str = "kata-verdict/v1";

#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    Pass,
    /// It ran, and saw something else than it should.
    Fail,
    /// A gate that this one needs did not pass.
    Waiting,
    BuildError,
    Timeout,
    /// It asked for more memory, processes, disk or output than it may have.
    Resource,
    /// It died, or ended before its end.
    Crash,
    /// It cannot be graded as it was handed in: a damaged archive, a link, a file that is too large. This is not an
    /// accusation.
    Unreadable,
    /// It was handed in with what no lesson allows.
    Policy,
    /// It left more behind than the gate does.
    Tamper,
    /// The grader's own fault: there is no verdict yet, and nobody loses points.
    GraderError,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Waiting => "WAITING",
            Self::BuildError => "BUILD_ERROR",
            Self::Timeout => "TIMEOUT",
            Self::Resource => "RESOURCE",
            Self::Crash => "CRASH",
            Self::Unreadable => "UNREADABLE",
            Self::Policy => "POLICY",
            Self::Tamper => "TAMPER",
            Self::GraderError => "GRADER_ERROR",
        }
    }
}

impl Verdict {
    /// Whether somebody has to look at it who decides about more than points.
    pub fn is_foul(self) -> bool {
        matches!(self, Self::Policy | Self::Tamper)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct GateVerdict {
    pub number: usize,
    pub name: String,
    pub title: String,
    pub verdict: Verdict,
    /// In one sentence.
    pub reason: String,
    pub points: u32,
    pub max_points: u32,
    pub milliseconds: u64,
    pub peak_kib: u64,
    /// The seed on which it did not pass.
    pub seed: Option<u64>,
    /// What it should have seen; on the published seed only.
    pub expected: Option<String>,
    pub got: Option<String>,
    /// The typical mistake that leaves exactly this on the published seed, where there is one and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where its task stands in the student's files, if it did not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What it left on each seed that it ran on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// The statements that the student's code ran.
    #[serde(default)]
    pub sql: Vec<String>,
}

impl GateVerdict {
    pub fn passed(number: usize, gate: &Gate) -> Self {
        Self {
            number,
            name: gate.name.clone(),
            title: gate.title.clone(),
            verdict: Verdict::Pass,
            reason: "its output is as expected".to_owned(),
            points: gate.points,
            max_points: gate.points,
            milliseconds: 0,
            peak_kib: 0,
            seed: None,
            expected: None,
            got: None,
            label: None,
            place: None,
            left: Vec::new(),
            sql: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LessonVerdict {
    pub lesson: String,
    /// Of the files that were taken; as text, nothing is empty.
    #[serde(with = "text_or_empty")]
    pub digest: Option<String>,
    pub points: u32,
    pub max_points: u32,
    pub build_milliseconds: u64,
    pub build_peak_kib: u64,
    /// The compiler's diagnostics, where it did not compile.
    pub diagnostics: Option<String>,
    /// What the first error means, where the guide knows.
    #[serde(default)]
    pub explanation: Option<Explanation>,
    pub gates: Vec<GateVerdict>,
    /// Where the processor's time went, in milliseconds.
    pub cpu: Cpu,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub struct Cpu {
    pub compiling: u64,
    pub running: u64,
    pub sandbox: u64,
}

impl Cpu {
    pub fn add(&mut self, other: Self) {
        self.compiling += other.compiling;
        self.running += other.running;
        self.sandbox += other.sandbox;
    }
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Seeds {
    pub published: u64,
    pub fresh: Vec<u64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SubmissionVerdict {
    pub schema: String,
    pub submission: String,
    /// Of all files that were taken.
    pub digest: String,
    /// The version of the course that graded it; a course from before versions has none.
    pub course_version: Option<String>,
    /// Of the course, the gates, the solutions, the dependencies and the compiler.
    pub canonical: String,
    pub tier: Tier,
    /// The sandbox cannot keep a submission from cheating: a person has to check this verdict.
    pub advisory: bool,
    pub seeds: Seeds,
    /// With which it came about; a verdict of an earlier version of the grader has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Options>,
    /// It repeats an earlier one with that one's seeds, which somebody may know: it is not a grade.
    pub repetition: bool,
    /// When it was begun, in UTC.
    pub started: String,
    pub milliseconds: u64,
    pub points: u32,
    pub max_points: u32,
    /// Files that the student has changed and that do not count.
    pub ignored: Vec<String>,
    pub lessons: Vec<LessonVerdict>,
    pub cpu: Cpu,
}

/// How the format writes a text that may not be there.
mod text_or_empty {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text.as_deref().unwrap_or_default())
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Option<String>, D::Error> {
        Ok(Some(String::deserialize(deserializer)?).filter(|text| !text.is_empty()))
    }
}

impl Seeds {
    /// The published seed first, then those that nobody has seen.
    pub fn all(&self) -> impl Iterator<Item = u64> {
        [self.published].into_iter().chain(self.fresh.iter().copied())
    }
}

impl LessonVerdict {
    pub fn new(lesson: &str, digest: Option<String>, gates: Vec<GateVerdict>) -> Self {
        Self {
            lesson: lesson.to_owned(),
            digest,
            points: gates.iter().map(|gate| gate.points).sum(),
            max_points: gates.iter().map(|gate| gate.max_points).sum(),
            build_milliseconds: 0,
            build_peak_kib: 0,
            diagnostics: None,
            explanation: None,
            gates,
            cpu: Cpu::default(),
        }
    }

    /// Whether there was anything of it to grade.
    pub fn is_handed_in(&self) -> bool {
        self.digest.is_some() || self.gates.iter().any(|gate| gate.verdict != Verdict::Fail)
    }

    pub fn first_not_passed(&self) -> Option<&GateVerdict> {
        self.gates.iter().find(|gate| gate.verdict != Verdict::Pass)
    }

    /// What whoever grades has to see of it: foul play, also behind a gate that did not pass; else the first gate that
    /// did not pass.
    pub fn most_telling(&self) -> Option<&GateVerdict> {
        self.gates.iter().find(|gate| gate.verdict.is_foul()).or_else(|| self.first_not_passed())
    }
}

impl SubmissionVerdict {
    pub fn gates(&self) -> impl Iterator<Item = &GateVerdict> {
        self.lessons.iter().flat_map(|lesson| &lesson.gates)
    }

    /// Of the whole submission, what [`LessonVerdict::most_telling`] is of a lesson.
    pub fn most_telling(&self) -> Option<(&LessonVerdict, &GateVerdict)> {
        let mut gates = self.lessons.iter().filter_map(|lesson| Some((lesson, lesson.most_telling()?)));
        let first = || self.first_to_fix().and_then(|lesson| Some((lesson, lesson.first_not_passed()?)));
        gates.find(|(_, gate)| gate.verdict.is_foul()).or_else(first)
    }

    /// The first lesson that does not pass: one that was handed in, if there is one. A student who hands in one lesson
    /// has to read about that one.
    pub fn first_to_fix(&self) -> Option<&LessonVerdict> {
        let mut lessons = self.lessons.iter().filter(|lesson| lesson.first_not_passed().is_some());
        lessons.clone().find(|lesson| lesson.is_handed_in()).or_else(|| lessons.next())
    }

    /// Whether all points are those of the verdicts.
    pub fn adds_up(&self) -> bool {
        let of_gate = |gate: &GateVerdict| if gate.verdict == Verdict::Pass { gate.max_points } else { 0 };
        let sum = |points: &mut dyn Iterator<Item = u32>| points.map(u64::from).sum::<u64>();
        self.gates().all(|gate| gate.points == of_gate(gate))
            && self.lessons.iter().all(|lesson| {
                sum(&mut lesson.gates.iter().map(|gate| gate.points)) == u64::from(lesson.points)
            })
            && sum(&mut self.lessons.iter().map(|lesson| lesson.points)) == u64::from(self.points)
    }

    /// The exit code that this submission alone would lead to.
    pub fn exit_code(&self) -> u8 {
        let has = |verdicts: &[Verdict]| self.gates().any(|gate| verdicts.contains(&gate.verdict));
        if has(&[Verdict::GraderError]) {
            kata::INTERNAL_ERROR
        } else if self.gates().any(|gate| gate.verdict.is_foul()) {
            crate::FOUL
        } else if has(&[Verdict::Unreadable]) {
            crate::UNREADABLE
        } else if self.gates().all(|gate| gate.verdict == Verdict::Pass) {
            kata::PASSED
        } else {
            kata::NOT_PASSED
        }
    }
}
