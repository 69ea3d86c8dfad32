//! When a verdict is not a number: no format shows one then, or a zero that somebody seems to have earned.

use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// Why there is no number yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Open {
    /// It will be graded again: it repeats a verdict, or the grader itself failed.
    Again,
    /// A person decides, for this reason.
    Held(String),
}

impl LessonVerdict {
    pub fn open(&self) -> Option<Open> {
        let is_foul = |gate: &&GateVerdict| gate.verdict.is_foul();
        let held = |gate: &GateVerdict| Open::Held(format!("{}: {}", gate.verdict.name(), gate.reason));
        let is_failed = self.gates.iter().any(|gate| gate.verdict == Verdict::GraderError);
        self.gates.iter().find(is_foul).map(held).or_else(|| is_failed.then_some(Open::Again))
    }
}

impl SubmissionVerdict {
    /// Of the whole submission; a lesson of it may still have a number.
    pub fn open(&self) -> Option<Open> {
        if self.repetition {
            return Some(Open::Again);
        }
        let open: Vec<_> = self.lessons.iter().filter_map(LessonVerdict::open).collect();
        let held = open.iter().find(|open| matches!(open, Open::Held(_)));
        held.or(open.first()).cloned()
    }

    /// The same submission without a verdict, since this one is not to be believed.
    #[must_use]
    pub fn voided(&self, why: &str) -> Self {
        let mut verdict = self.clone();
        for lesson in &mut verdict.lessons {
            for gate in &mut lesson.gates {
                (gate.verdict, gate.points, gate.seed) = (Verdict::GraderError, 0, None);
                why.clone_into(&mut gate.reason);
                (gate.expected, gate.got, gate.label, gate.place) = (None, None, None, None);
                gate.left.clear();
                gate.sql.clear();
            }
            (lesson.points, lesson.diagnostics, lesson.explanation) = (0, None, None);
        }
        verdict.points = 0;
        verdict
    }
}
