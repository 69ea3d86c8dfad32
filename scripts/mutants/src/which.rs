//! Which mutants the command line names.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use kata::course::Course;
use kata::submission::Submission;

use crate::mutant::{self, Class, Mutant};
use crate::operators::Operator;
use crate::subject::Subject;

/// Which mutants.
#[derive(Args)]
pub struct Which {
    /// The steps, as `5`, `crud` or `05-crud`; all, if none is named
    pub steps: Vec<String>,
    /// Those in code that students are handed out, in place of those in what they write
    #[arg(long)]
    pub given: bool,
    /// Those in this submission to the one step that is named, in its folder of `tests/submissions`; judged by the
    /// gates alone
    #[arg(long, value_name = "NAME", requires = "steps", conflicts_with = "given")]
    pub submission: Option<String>,
    /// Judge Order Up by the gates of lesson 8 alone, and not by its own tests
    #[arg(long)]
    pub gates_only: bool,
    /// Only those in this file or folder, as in `src` or `src/web.rs`
    #[arg(long, value_name = "PATH")]
    pub below: Option<PathBuf>,
    /// Only those of this operator
    #[arg(long, value_enum, hide_possible_values = true)]
    pub operator: Option<Operator>,
}

impl Which {
    /// # Errors
    ///
    /// When there is no such lesson or submission.
    pub fn subjects<'a>(&self, course: &'a Course) -> Result<Vec<Subject<'a>>> {
        let lessons: Vec<_> = match self.steps.is_empty() {
            true => course.lessons.iter().collect(),
            false => self.steps.iter().map(|step| course.lesson(step)).collect::<Result<_>>()?,
        };
        let subject = |lesson| {
            let named = |name: &String| Submission::named(course, lesson, name);
            Ok(Subject { lesson, submission: self.submission.as_ref().map(named).transpose()? })
        };
        lessons.into_iter().map(subject).collect()
    }

    /// Whether nothing but gates judges: a submission comes without tests.
    pub fn is_gates_only(&self) -> bool {
        self.gates_only || self.submission.is_some()
    }

    /// # Errors
    ///
    /// When a file cannot be read.
    pub fn mutants(&self, course: &Course, subject: &Subject<'_>) -> Result<Vec<Mutant>> {
        let mut mutants = mutant::of_subject(course, subject)?;
        mutants.retain(|mutant| {
            self.is_in_class(mutant)
                && self.below.as_ref().is_none_or(|below| mutant.file.starts_with(below))
                && self.operator.is_none_or(|operator| operator == mutant.operator)
        });
        Ok(mutants)
    }

    /// Whether it is in such code, whatever its operator.
    pub fn is_in_class(&self, mutant: &Mutant) -> bool {
        mutant.class == if self.given { Class::Given } else { Class::Written }
    }
}
