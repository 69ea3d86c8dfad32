//! Where a gate's tasks are in the student's files, so that the guide can name the place to edit.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

use crate::content::sources;
use crate::course::{Course, Gate, Lesson};
use crate::derive::tasks::{indent, task};
use crate::report::Edit;
use crate::{Database, base_folder, files};

/// Where a lesson's tasks stand. Each folder is read once: a lesson may have a task for each of its gates.
pub struct Places<'a> {
    course: &'a Course,
    lesson: &'a Lesson,
    /// In the folder that the student has.
    here: Vec<Marker>,
    /// Where else one may look for what the student has deleted.
    elsewhere: OnceCell<Vec<Marker>>,
}

struct Marker {
    task: String,
    /// Its path inside the folder.
    file: PathBuf,
    /// Counted from 1.
    line: usize,
    around: Option<Around>,
    /// A `todo!` follows it.
    is_gap: bool,
    /// The lines before and after it.
    beside: [String; 2],
}

/// The first line of the function, or of the block, that a marker stands in. Somebody who deletes the
/// marker leaves this.
struct Around {
    line: String,
    /// How many lines before it say the same, as each `fn fmt` of a file does.
    before: usize,
}

impl Around {
    fn of(lines: &[&str], marker: usize) -> Option<Self> {
        let is_outside = |line: &&str, within: usize| !line.trim().is_empty() && indent(line) < within;
        let above =
            |from: usize, within: usize| lines[..from].iter().rposition(|line| is_outside(line, within));
        let mut first = above(marker, indent(lines[marker]))?;
        // The end of a signature that takes several lines; it begins where a line is as little indented.
        if lines[first].trim_start().starts_with(')') {
            first = above(first, indent(lines[first]) + 1)?;
        }
        let before = lines[..first].iter().filter(|line| **line == lines[first]).count();
        Some(Self { line: lines[first].to_owned(), before })
    }

    /// Its line in another version of the file, counted from 1.
    fn find(&self, text: &str) -> Option<usize> {
        let mut same = text.lines().enumerate().filter(|(_, line)| *line == self.line);
        same.nth(self.before).map(|(index, _)| index + 1)
    }
}

impl<'a> Places<'a> {
    pub fn of(course: &'a Course, lesson: &'a Lesson) -> Self {
        let here = markers(&course.root.join(lesson.folder()));
        Self { course, lesson, here, elsewhere: OnceCell::new() }
    }

    /// The files and lines of the gate's tasks, as a student sees them who works on `database`:
    /// migrations for the other one are for later.
    pub fn of_gate(&self, gate: &Gate, database: Database) -> Vec<Edit> {
        let other = Path::new("migrations").join(database.other().name());
        let mut edits = Vec::new();
        for wanted in &gate.tasks {
            let is_wanted = |marker: &&Marker| marker.task == *wanted;
            let (marker, is_here) = match self.here.iter().find(is_wanted) {
                Some(marker) => (Some(marker), true),
                None => (self.elsewhere().iter().find(is_wanted), false),
            };
            if let Some(marker) = marker.filter(|marker| !marker.file.starts_with(&other)) {
                edits.push(self.edit(marker, is_here));
            }
        }
        edits
    }

    /// What to edit now that the `todo!` that says `gap` has stopped the gate: of the gate's bodies that one
    /// alone, and before it what is not a body and still as it was handed out. Nothing, if no marker has this
    /// text.
    pub fn up_to_gap(&self, gap: &str, edits: &[Edit]) -> Option<Vec<Edit>> {
        let is_gap = |marker: &&Marker| marker.is_gap && marker.task.trim_end_matches('.') == gap;
        let gap = self.here.iter().find(is_gap)?;
        let handed_out = self.elsewhere();
        let is_due = |edit: &&Edit| {
            let marker = self.here.iter().find(|marker| marker.task == edit.task && !marker.is_gap);
            marker.is_some_and(|marker| {
                let same = |other: &Marker| other.task == marker.task && other.file == marker.file;
                handed_out.iter().find(|other| same(other)).is_some_and(|other| other.beside == marker.beside)
            })
        };
        let due = edits.iter().filter(is_due).cloned();
        Some(due.chain([self.edit(gap, true)]).collect())
    }

    /// The markers of the lesson as it was handed out, or of the solution: they know at least the file.
    fn elsewhere(&self) -> &[Marker] {
        self.elsewhere.get_or_init(|| {
            let mut found = markers(&base_folder(&self.course.root).join(self.lesson.folder()));
            found.extend(markers(&self.course.root.join(self.lesson.solution_folder())));
            found
        })
    }

    fn edit(&self, marker: &Marker, is_here: bool) -> Edit {
        Edit {
            task: marker.task.clone(),
            file: self.lesson.folder().join(&marker.file).display().to_string(),
            line: if is_here { Some(marker.line) } else { self.line_around(marker) },
        }
    }

    fn line_around(&self, marker: &Marker) -> Option<usize> {
        let file = self.course.root.join(self.lesson.folder()).join(&marker.file);
        marker.around.as_ref()?.find(&files::read_text(&file).ok()?)
    }
}

/// The markers in `folder`, in the order of the files and their lines.
fn markers(folder: &Path) -> Vec<Marker> {
    // A course that was handed out without its solutions has no such folder.
    let mut found = Vec::new();
    // A build reads no other files, so they are not a place to edit.
    for file in sources(folder) {
        // What cannot be read cannot be edited either.
        let Ok(bytes) = fs::read(folder.join(&file)) else { continue };
        let text = files::text::shown(&bytes);
        let lines: Vec<_> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            if let Some(task) = task(line) {
                found.push(Marker {
                    task: task.to_owned(),
                    file: file.clone(),
                    line: index + 1,
                    around: Around::of(&lines, index),
                    is_gap: lines.get(index + 1).is_some_and(|next| next.trim_start().starts_with("todo!(")),
                    beside: [lines[..index].last(), lines.get(index + 1)]
                        .map(|line| line.copied().unwrap_or_default().to_owned()),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Places;
    use crate::Database;
    use crate::course::{Course, Lesson};
    use crate::files::write;

    const MANIFEST: &str = "
        title = 'Books'
        minutes = 1
        handed_in = ['src/**']
        [[gate]]
        name = 'one'
        title = 'One'
        tasks = ['Load all books.']
        hints = ['a', 'b', 'c']
        learnt = 'x'
    ";

    #[test]
    fn a_file_that_no_build_reads_is_not_a_place_to_edit() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("lessons/05-books/src");
        let handed_out = "fn all() {\n    // Task: Load all books.\n    todo!()\n}\n";
        write(&root.path().join(".kata/base/lessons/05-books/src/books.rs"), handed_out).unwrap();
        // The student has deleted the marker; each of these still has it.
        write(&folder.join("books.rs"), "\n\nfn all() {\n    load()\n}\n").unwrap();
        for left in ["a (conflicted copy).rs", "a 2.rs", "#a.rs#", "books.rs.new", "books.rs~", "README.md"] {
            write(&folder.join(left), handed_out).unwrap();
        }
        let manifest = toml::from_str(MANIFEST).unwrap();
        let lesson = Lesson { number: 5, name: "05-books".to_owned(), manifest };
        let course = Course { root: root.path().to_owned(), lessons: Vec::new() };
        let places = Places::of(&course, &lesson);
        let edits = places.of_gate(&lesson.manifest.gates[0], Database::Sqlite);
        let found: Vec<_> = edits.iter().map(|edit| (Path::new(&edit.file), edit.line)).collect();
        assert_eq!(found, [(Path::new("lessons/05-books/src/books.rs"), Some(3))]);
    }
}
