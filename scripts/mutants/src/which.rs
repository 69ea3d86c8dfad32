//! Which mutants the command line names.

use anyhow::Result;
use clap::Args;
use kata::course::{Course, Lesson};

use crate::mutant::{self, Class, Mutant};
use crate::operators::Operator;

/// Which mutants.
#[derive(Args)]
pub struct Which {
    /// The steps, as `5`, `crud` or `05-crud`; all, if none is named
    pub steps: Vec<String>,
    /// Those in code that students are handed out, in place of those in what they write
    #[arg(long)]
    pub given: bool,
    /// Those in what students write, which is the default but for Order Up
    #[arg(long, conflicts_with = "given")]
    pub written: bool,
    /// Judge Order Up by the gates of lesson 8 alone, and not by its own tests
    #[arg(long)]
    pub gates_only: bool,
    /// Only those of this operator
    #[arg(long, value_enum, hide_possible_values = true)]
    pub operator: Option<Operator>,
}

impl Which {
    /// # Errors
    ///
    /// When there is no such lesson.
    pub fn lessons<'a>(&self, course: &'a Course) -> Result<Vec<&'a Lesson>> {
        if self.steps.is_empty() {
            return Ok(course.lessons.iter().collect());
        }
        self.steps.iter().map(|step| course.lesson(step)).collect()
    }

    /// # Errors
    ///
    /// When a file cannot be read.
    pub fn mutants(&self, course: &Course, lesson: &Lesson) -> Result<Vec<Mutant>> {
        let mut mutants = mutant::of_step(course, lesson)?;
        mutants.retain(|mutant| {
            self.is_in_class(lesson, mutant)
                && self.operator.is_none_or(|operator| operator == mutant.operator)
        });
        Ok(mutants)
    }

    /// Whether it is in such code, whatever its operator.
    pub fn is_in_class(&self, lesson: &Lesson, mutant: &Mutant) -> bool {
        // Of an app, all code counts: the course has written it.
        let is_all = lesson.manifest.app.is_some() && !self.given && !self.written;
        let class = if self.given { Class::Given } else { Class::Written };
        is_all || mutant.class == class
    }
}
