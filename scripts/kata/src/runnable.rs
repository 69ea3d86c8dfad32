//! What `cargo kata run` can run of a lesson.

use std::path::{Path, PathBuf};

use crate::course::{Course, Lesson};
use crate::files;

/// The two kinds of programs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProgramKind {
    /// It serves pages at an address.
    App,
    /// It reads lines from a terminal.
    Console,
}

/// What a lesson's program is, if it has one.
pub fn program_kind(course: &Course, lesson: &Lesson) -> Option<ProgramKind> {
    if !is_example(course, lesson) {
        return course.root.join(main_file(lesson)).is_file().then_some(ProgramKind::App);
    }
    let program = files::read_text(&course.root.join(lesson.program_file())).unwrap_or_default();
    let is_console = program.lines().any(|line| line.trim() == "mod console;");
    Some(if is_console { ProgramKind::Console } else { ProgramKind::App })
}

/// The course, and not the student, has written the program around the lesson's code.
pub fn is_example(course: &Course, lesson: &Lesson) -> bool {
    course.root.join(lesson.program_file()).is_file()
}

fn main_file(lesson: &Lesson) -> PathBuf {
    lesson.folder().join(Path::new("src/main.rs"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::course::find_root;

    #[test]
    fn lessons_2_7_and_8_have_an_app_and_the_others_a_console() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        for lesson in &course.lessons {
            let expected = match lesson.number {
                2 | 7 | 8 => ProgramKind::App,
                _ => ProgramKind::Console,
            };
            assert_eq!(program_kind(&course, lesson), Some(expected), "{}", lesson.name);
        }
    }

    #[test]
    fn each_app_of_a_program_has_its_own_host_and_so_its_own_cookies() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        for lesson in &course.lessons {
            let program = files::read_text(&course.root.join(lesson.program_file())).unwrap_or_default();
            let hosts: Vec<_> =
                program.lines().filter_map(|line| line.trim().strip_prefix("host: ")).collect();
            let different: BTreeSet<_> = hosts.iter().collect();
            assert_eq!(different.len(), hosts.len(), "{}: {hosts:?}", lesson.name);
            assert!(lesson.number != 7 || hosts.len() == 2, "lesson 7 has two apps: {hosts:?}");
        }
    }
}
