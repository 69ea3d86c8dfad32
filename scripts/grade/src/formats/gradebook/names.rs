//! How a gradebook names students, and whose answers it quotes.

use anyhow::Result;

use crate::class::grades::Student;

/// Whom a page names at once; with more, it says how many.
const MOST_NAMED: usize = 600;

/// What one answer saw and should have seen, by the place of its record, its lesson and its gate.
pub type Texts<'a> = dyn Fn(usize, &str, &str) -> Result<Option<(String, Option<String>)>> + 'a;

/// The names of students, and how many there are.
pub struct Names {
    pub count: usize,
    pub names: Vec<String>,
}

/// A student as the page names them.
pub fn name(student: &Student) -> String {
    student.person.shown().to_owned()
}

pub fn names<'a>(students: impl Iterator<Item = &'a Student>) -> Names {
    let mut names: Vec<_> = students.map(name).collect();
    let count = names.len();
    names.truncate(MOST_NAMED);
    Names { count, names }
}
