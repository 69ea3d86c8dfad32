//! The verdict on a lesson, as the page shows it.

mod words;

use std::collections::BTreeMap;

use anstream::adapter::strip_str;
use kata::cookie_lines::spread;
use kata::course::{Gate, Lesson};
use kata::explain::shorten;
use kata::report::{Explanation, GateReport, Report, Status};
use kata::runnable::{ProgramKind, program_kind};
use kata::{guide, verdicts};

use crate::data::Data;
use crate::links::Links;
use crate::markdown::Mark;
use crate::{diff, highlight};
use words::{explained, explained_lines, inline};

/// A file and line of the student's, and the address that opens it.
pub struct Place {
    /// As HTML: a long path may be broken after a slash.
    pub text: String,
    pub address: String,
}

/// A task of the gate to pass.
pub struct Task {
    pub text: String,
    pub place: Option<Place>,
}

/// The gate to pass, in the row of all gates.
pub struct GateMark {
    pub number: usize,
    pub title: String,
    pub mark: Mark,
}

/// What there is to show of the gate to pass.
#[derive(Default)]
pub struct Panel {
    pub gates: Vec<GateMark>,
    pub passed: usize,
    /// The number and title of the gate to pass; there is none when all pass.
    pub gate: Option<(usize, String)>,
    /// One line that says what has happened.
    pub headline: String,
    /// Whether the latest verdict is more than a compiler's error.
    pub compiles: bool,
    /// What the compiler's error means.
    pub explanation: Vec<String>,
    pub place: Option<Place>,
    /// A panic, or how the process died.
    pub panic: String,
    /// The compiler's own words.
    pub rustc: String,
    pub tasks: Vec<Task>,
    /// Rows of a table.
    pub diff: String,
    /// What the gate should see, where it has seen nothing.
    pub wanted: String,
    pub log: String,
    /// What was logged while the gate provoked a fault.
    pub provoked: String,
    pub printed: String,
    pub data: Data,
    /// Two directions and the shape of the code, as HTML.
    pub hints: Vec<String>,
    /// What has passed, and what was learned from it.
    pub learnt: Vec<(String, String)>,
    /// The next lesson, when all gates of this one pass.
    pub next: Option<(String, String)>,
    /// Why the guide cannot do its work.
    pub broken: String,
    /// The command that runs the lesson's code, and what it does then.
    pub run: Option<(String, &'static str)>,
}

/// How each gate of the lesson is: what its verdict says or, before there is one, what passed at some time.
pub fn marks(
    lesson: &Lesson,
    report: Option<&Report>,
    current: Option<usize>,
    links: &Links<'_>,
) -> BTreeMap<usize, Mark> {
    let course = links.course;
    let progress =
        kata::progress::read_quietly(&course.root).map(|(progress, _)| progress).unwrap_or_default();
    let database = report.map_or_else(Default::default, |report| report.database);
    let entry = progress.entry(lesson, database);
    let has_passed = |number: usize, gate: &Gate| match report {
        Some(report) if report.build_errors.is_empty() => {
            report.gates.iter().any(|gate| gate.number == number && gate.status == Status::Pass)
        }
        _ => entry.is_some_and(|entry| entry.passed.contains(&gate.name)),
    };
    let mark = |(number, gate): (usize, &Gate)| {
        let mark = match () {
            () if Some(number) == current => Mark::Current,
            () if has_passed(number, gate) => Mark::Passed,
            () => Mark::Open,
        };
        (number, mark)
    };
    lesson.gates_on(database).into_iter().map(mark).collect()
}

/// The verdict, and the number of the gate to pass.
pub fn verdict(
    links: &Links<'_>,
    lesson: &Lesson,
    database: kata::Database,
) -> (Option<Report>, Option<usize>) {
    let report = verdicts::latest(&links.course.root, &lesson.name, database);
    let current = report.as_ref().and_then(|report| guide::gate_to_pass(links.course, lesson, report));
    (report, current)
}

/// Everything about the lesson's latest verdict.
pub fn panel(
    links: &Links<'_>,
    lesson: &Lesson,
    report: Option<&Report>,
    marks: &BTreeMap<usize, Mark>,
) -> Panel {
    let mark = |(number, gate): (&usize, &Mark)| GateMark {
        number: *number,
        title: lesson.manifest.gates[number - 1].title.clone(),
        mark: *gate,
    };
    let mut panel = Panel { gates: marks.iter().map(mark).collect(), compiles: true, ..Panel::default() };
    panel.passed = panel.gates.iter().filter(|gate| gate.mark == Mark::Passed).count();
    panel.run = program_kind(links.course, lesson).map(|kind| {
        let does = match kind {
            ProgramKind::App => "serves your app, which is then on this page, too.",
            ProgramKind::Console => "opens a console, in which you call your functions.",
        };
        (format!("cargo kata run {}", lesson.number), does)
    });
    let Some(report) = report else {
        panel.headline = "Not checked yet".to_owned();
        panel.explanation = vec![format!(
            "<p>Your code is checked when you save a file of this lesson, or run <code>cargo kata test {}</code>.</p>",
            lesson.number
        )];
        return panel;
    };
    let current = marks.iter().find(|(_, mark)| **mark == Mark::Current).map(|(number, _)| *number);
    if let Some(number) = current {
        let gate = &lesson.manifest.gates[number - 1];
        panel.gate = Some((number, gate.title.clone()));
        panel.hints = gate.hints[..2].iter().map(|hint| inline(hint)).collect();
        let code = highlight::highlighted(gate.hints[2].trim(), language(&gate.hints[2]));
        panel.hints.push(format!(
            "<pre tabindex=\"0\" role=\"group\" aria-label=\"Shape of the code\"><code>{code}</code></pre>"
        ));
    }
    for (number, gate) in lesson.gates_on(report.database) {
        if marks.get(&number) == Some(&Mark::Passed) {
            panel.learnt.push((format!("{number}. {}", gate.title), inline(&gate.learnt)));
        }
    }
    if !report.build_errors.is_empty() {
        compile_error(&mut panel, links, report);
    } else if let Some(gate) = report.first_failure() {
        failure(&mut panel, links, gate, report.explanation.as_ref());
    } else {
        panel.headline = format!("All {} gates pass.", report.total);
        let next = links.course.lessons.iter().find(|other| other.number > lesson.number);
        panel.next = next.map(|next| {
            (format!("Lesson {}: {}", next.number, next.manifest.title), links.lesson(&next.name))
        });
    }
    if let Some(gate) = current.and_then(|number| report.gates.iter().find(|gate| gate.number == number)) {
        panel.tasks = tasks(links, gate);
    }
    panel.data = Data::of(links.course, lesson, report, current);
    panel
}

fn compile_error(panel: &mut Panel, links: &Links<'_>, report: &Report) {
    panel.headline = "The lesson does not compile.".to_owned();
    panel.compiles = false;
    let shown = report.explanation.as_ref().and_then(|explanation| explanation.error).unwrap_or(0);
    let error = report.build_errors.get(shown).or(report.build_errors.first());
    panel.rustc = error.map(|error| shorten(&strip_str(error).to_string())).unwrap_or_default();
    match &report.explanation {
        Some(explanation) => explain(panel, links, explanation),
        None => {
            let first = report.error_places.first();
            panel.place =
                first.and_then(|(file, line)| place(links, &file.display().to_string(), Some(*line)));
        }
    }
}

fn explain(panel: &mut Panel, links: &Links<'_>, explanation: &Explanation) {
    let lines: Vec<_> = explanation.lines.iter().map(|line| strip_str(line).to_string()).collect();
    panel.explanation = explained_lines(&lines);
    panel.place = place(links, &explanation.file.display().to_string(), Some(explanation.line));
}

fn failure(panel: &mut Panel, links: &Links<'_>, gate: &GateReport, why: Option<&Explanation>) {
    let expected = spread(gate.expected.as_deref().unwrap_or_default());
    panel.headline = match (gate.status, &gate.panic) {
        (Status::Timeout, _) => "It did not end within ten seconds, and was stopped.".to_owned(),
        (Status::Crash, _) => "Its process died.".to_owned(),
        _ if gate.is_to_do() => "This is yours to write.".to_owned(),
        (_, Some(panic)) if panic.file.starts_with("tests") => "The gate could not go on.".to_owned(),
        (_, Some(_)) => "The code panicked.".to_owned(),
        (_, None) => "The gate saw something else than it expected.".to_owned(),
    };
    if gate.is_to_do() {
        panel.wanted.clone_from(&expected);
    } else {
        if let Some(panic) = &gate.panic {
            panel.panic.clone_from(&panic.message);
            panel.place = place(links, &panic.file, usize::try_from(panic.line).ok());
        } else if let Some(end) = &gate.end {
            panel.panic.clone_from(end);
        }
        match &gate.got {
            Some(got) => panel.diff = diff::side_by_side(&expected, &spread(got)),
            None => panel.wanted = expected,
        }
    }
    // As in the terminal: what explains it says more than which mistake leaves this.
    if let Some(explanation) = why {
        explain(panel, links, explanation);
    } else if let Some(label) = &gate.label {
        panel.explanation = vec![explained(label)];
    }
    panel.log = gate.log.join("\n");
    panel.provoked = gate.provoked.join("\n");
    // The gate prints what it sees, too.
    let seen = gate.got.as_deref().unwrap_or_default();
    let own = gate.printed.iter().filter(|line| !seen.lines().any(|seen| seen == line.as_str()));
    panel.printed = own.cloned().collect::<Vec<_>>().join("\n");
}

fn tasks(links: &Links<'_>, gate: &GateReport) -> Vec<Task> {
    let task = |edit: &kata::report::Edit| Task {
        text: inline(&edit.task),
        place: place(links, &edit.file, edit.line),
    };
    gate.edit.iter().map(task).collect()
}

fn place(links: &Links<'_>, file: &str, line: Option<usize>) -> Option<Place> {
    let text = line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
    Some(Place { text: crate::escaped(&text).replace('/', "/<wbr>"), address: links.file(file, line)? })
}

/// What the third hint is written in.
fn language(hint: &str) -> &'static str {
    let is_sql = ["CREATE ", "ALTER ", "SELECT ", "DROP ", "GRANT "].iter().any(|word| hint.contains(word));
    if is_sql { "sql" } else { "rust" }
}
