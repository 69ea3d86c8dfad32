//! Where the task of a gate stands in a student's files, so that a verdict can name the line.

use kata::course::{Gate, Lesson};
use kata::derive::tasks::{indent, task};

use crate::intake::taken::Taken;
use crate::verdict::Place;

/// The file and the line of the gate's first task that the student's files still have a place for. By its marker; where
/// that is gone, by the function that it stood in.
pub fn of_gate(lesson: &Lesson, gate: &Gate, skeleton: &Taken, taken: &Taken) -> Option<Place> {
    gate.tasks.iter().find_map(|wanted| {
        skeleton.iter().find_map(|(path, given)| {
            let (given, own) =
                (std::str::from_utf8(given).ok()?, std::str::from_utf8(taken.get(path)?).ok()?);
            let marker = line_of(given, wanted)?;
            let line = line_of(own, wanted).or_else(|| line_around(given, marker, own)).unwrap_or(0);
            let file = lesson.folder().join(path).display().to_string().replace('\\', "/");
            Some(Place { file, line: u32::try_from(line + 1).unwrap_or(u32::MAX) })
        })
    })
}

/// The line of a marker, from 0.
fn line_of(text: &str, wanted: &str) -> Option<usize> {
    text.lines().position(|line| task(line) == Some(wanted))
}

/// The line in `own` that is the first above the marker in `given` and less indented than it.
fn line_around(given: &str, marker: usize, own: &str) -> Option<usize> {
    let lines: Vec<_> = given.lines().collect();
    let within = indent(lines.get(marker)?);
    let is_around = |line: &&&str| !line.trim().is_empty() && indent(line) < within;
    let around = lines[..marker].iter().rev().find(is_around)?.trim();
    own.lines().position(|line| line.trim() == around)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "use x;\n\nfn one() {\n    // Task: First.\n    todo!()\n}\n\nfn two() {\n    \
                         // Task: Second.\n    todo!()\n}\n";

    #[test]
    fn a_task_is_found_by_its_marker_or_by_its_function() {
        let mut course = kata::course::Course::read(&kata::course::find_root().unwrap()).unwrap();
        course.lessons[4].manifest.gates[0].tasks = vec!["Second.".to_owned()];
        let lesson = course.lesson("5").unwrap();
        let gate = &lesson.manifest.gates[0];
        let files = |text: &str| Taken::from([("src/a.rs".to_owned(), text.as_bytes().to_vec())]);
        let line = |own: &str| {
            of_gate(lesson, gate, &files(GIVEN), &files(own)).map(|place| (place.file, place.line))
        };
        let file = "lessons/05-crud/src/a.rs".to_owned();
        assert_eq!(line(GIVEN), Some((file.clone(), 9)));
        assert_eq!(line("\nfn two() {\n    1\n}\n"), Some((file.clone(), 2)));
        assert_eq!(line("fn other() {}\n"), Some((file, 1)));
        assert_eq!(of_gate(lesson, gate, &files(GIVEN), &Taken::new()), None);
        let other = Taken::from([("src/a.rs".to_owned(), vec![0xff, 0])]);
        assert_eq!(of_gate(lesson, gate, &files(GIVEN), &other), None);
    }
}
