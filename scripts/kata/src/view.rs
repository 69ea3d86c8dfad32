//! What a student sees.

mod diff;
mod gates;
mod link;
pub mod page;
pub mod text;

use anstyle::{AnsiColor, Style};

use crate::Database;
use crate::course::{Course, Lesson};
use crate::report::{GateReport, Report, Status};
pub use gates::{bar, gates, marks};
pub use page::Page;

pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
pub const BAD: Style = AnsiColor::Red.on_default().bold();

/// As many statements are shown; what a gate did last is what matters.
const STATEMENTS: usize = 12;
/// As much of each: two lines of a usual terminal. What a fixture inserts is longer.
const STATEMENT_COLUMNS: usize = 150;

/// As many lines of what was logged, and as much of each.
const LOG_LINES: usize = 5;
const LOG_COLUMNS: usize = 300;

/// Of so many gates that pass at once it is said what was learnt; the next one's task has to be in sight.
const NEWS: usize = 3;

/// What is known about a lesson besides its report.
#[derive(Clone, Default)]
pub struct Background {
    /// The guide watches: it takes keys, and sees a save by itself.
    pub watching: bool,
    /// Gates that pass in the course, and all of them.
    pub course: (usize, usize),
    /// The numbers of the gates that pass and did not before.
    pub new: Vec<usize>,
    /// No lesson has been worked on yet.
    pub newcomer: bool,
    /// What comes after this lesson, if anything is left to do.
    pub next: Option<u32>,
}

/// The state of a lesson, and its first failure with everything that helps to mend it.
pub fn lesson(page: &mut Page, course: &Course, lesson: &Lesson, report: &Report, background: &Background) {
    heading(page, lesson, report, background);
    if !report.build_errors.is_empty() {
        return build_errors(page, lesson, report, background);
    }
    if background.watching {
        page.line(marks(report));
    } else {
        gates(page, lesson, report);
    }
    page.blank();
    let Some(gate) = report.first_failure() else {
        return passed_all(page, course, lesson, report, background);
    };
    newly_passed(page, lesson, background);
    failure(page, lesson, gate, report.database, background);
}

/// One gate that somebody has run alone.
pub fn gate(page: &mut Page, lesson: &Lesson, number: usize, report: &Report, background: &Background) {
    page.blank();
    page.line(format_args!(
        "{BOLD}Lesson {}: {}{BOLD:#} {DIM}· gate {number} alone · {}{DIM:#}",
        lesson.number,
        lesson.manifest.title,
        report.database.name()
    ));
    page.blank();
    if !report.build_errors.is_empty() {
        return build_errors(page, lesson, report, background);
    }
    if let Some(gate) = report.first_failure() {
        return failure(page, lesson, gate, report.database, background);
    }
    let gate = &lesson.manifest.gates[number - 1];
    page.line(format_args!("{GOOD}✓ Gate {number}: {}{GOOD:#} {}", gate.title, gate.learnt));
    page.blank();
    page.line(format_args!(
        "The whole lesson: {BOLD}cargo kata test {}{}{BOLD:#}.",
        lesson.number,
        report.database.option()
    ));
}

/// A gate that does not pass, with everything that helps to mend it.
fn failure(page: &mut Page, lesson: &Lesson, gate: &GateReport, database: Database, background: &Background) {
    page.line(format_args!("{BAD}✗ Gate {}: {}{BAD:#}", gate.number, gate.title));
    page.blank();
    what_happened(page, gate, background);
    log(page, gate);
    edit(page, gate);
    sql(page, gate, Some(STATEMENTS));
    page.blank();
    next_steps(page, lesson, gate, database, background);
}

/// A small moment: what somebody can do who has passed a gate.
fn newly_passed(page: &mut Page, lesson: &Lesson, background: &Background) {
    let learnt = |number: &usize| lesson.manifest.gates[number - 1].learnt.as_str();
    match &background.new[..] {
        [] => return,
        [only] => page.line(format_args!("{GOOD}✓ Gate {only} passes.{GOOD:#} {}", learnt(only))),
        several => {
            page.line(format_args!("{GOOD}✓ {} more gates pass.{GOOD:#}", several.len()));
            for number in &several[several.len().saturating_sub(NEWS)..] {
                page.line(format_args!("  {GOOD}✓{GOOD:#} {}", learnt(number)));
            }
        }
    }
    page.blank();
}

fn heading(page: &mut Page, lesson: &Lesson, report: &Report, background: &Background) {
    let Report { passed, total, .. } = report;
    page.blank();
    let gates = match report.build_errors.len() {
        0 => format!("{passed} of {total} gates pass"),
        _ => format!("{total} gates, not run"),
    };
    page.line(format_args!(
        "{BOLD}Lesson {}: {}{BOLD:#} {DIM}· about {} minutes · {} · {gates}{DIM:#}",
        lesson.number,
        lesson.manifest.title,
        lesson.manifest.minutes,
        report.database.name()
    ));
    let (passed, total) = background.course;
    page.line(format_args!(
        "{DIM}Course {DIM:#}{} {DIM}{passed} of {total} gates{DIM:#}",
        bar(passed, total, 24)
    ));
    page.blank();
}

fn build_errors(page: &mut Page, lesson: &Lesson, report: &Report, background: &Background) {
    page.line(format_args!("{BAD}The lesson does not compile.{BAD:#} The compiler's first error, whole:"));
    page.blank();
    page.line(report.build_errors[0].trim_end());
    page.blank();
    if report.error_places.first().is_some_and(|(file, _)| file.starts_with("tests/gates")) {
        page.line(
            "That is where a gate uses what you write. Compare names, parameters and types with the lesson's README; \
             the gate stays as it is.",
        );
        page.blank();
    }
    if report.build_errors[0].contains("that must be used") {
        page.line("Return what may go wrong there, with `?`, rather than ignore it as rustc proposes.");
        page.blank();
    }
    match report.build_errors.len() - 1 {
        0 => {}
        1 => page.line("There is one more error; it may well go away with this one."),
        more => page.line(format_args!("There are {more} more errors; some may well go away with this one.")),
    }
    if background.watching {
        page.line(format_args!("Mend it and save. A hint: {BOLD}h{BOLD:#}."));
    } else {
        page.line(format_args!(
            "Mend it, save, and run the command again. A hint: {BOLD}cargo kata hint {}{}{BOLD:#}.",
            lesson.number,
            report.database.option()
        ));
    }
}

fn what_happened(page: &mut Page, gate: &GateReport, background: &Background) {
    let expected = gate.expected.as_deref().unwrap_or_default();
    match (gate.status, &gate.panic) {
        (Status::Timeout, _) => page.line("It did not come to an end within ten seconds, and was stopped."),
        (Status::Crash, _) => {
            page.line(format_args!("Its process died: {}", gate.end.as_deref().unwrap_or_default()));
        }
        (_, _) if gate.is_to_do() => {
            if background.newcomer {
                page.line(format_args!(
                    "{BOLD}Nothing is broken.{BOLD:#} A gate fails until you have written what it looks at; then it \
                     passes, and the next one has its turn."
                ));
                page.blank();
            }
            page.line(format_args!(
                "{BOLD}This is meant to fail:{BOLD:#} what the gate looks at is yours to write. It should see:"
            ));
            page.blank();
            return wanted(page, expected);
        }
        (_, Some(panic)) => {
            // The fixture panics when the tables do not fit it, or cannot be made.
            match panic.file.starts_with("tests") {
                true => page.line("The gate could not go on:"),
                false => page.line(format_args!("The code panicked at {}:{}:", panic.file, panic.line)),
            }
            page.blank();
            for line in panic.message.lines() {
                page.line(format_args!("    {line}"));
            }
        }
        (_, None) => return diff::print(page, expected, gate.got.as_deref().unwrap_or_default()),
    }
    page.blank();
    match &gate.got {
        Some(got) => diff::print(page, expected, got),
        None => wanted(page, expected),
    }
}

/// What a gate should see that has seen nothing.
fn wanted(page: &mut Page, expected: &str) {
    for line in expected.lines() {
        page.line(format_args!("  {DIM}expected │{DIM:#} {line}"));
    }
}

/// What an app tells its log, and no visitor: why an answer is a 500, for one.
fn log(page: &mut Page, gate: &GateReport) {
    if gate.log.is_empty() {
        return;
    }
    page.blank();
    page.line(format_args!("{BOLD}The log (standard error){BOLD:#}"));
    page.blank();
    for line in &gate.log[gate.log.len().saturating_sub(LOG_LINES)..] {
        page.line(format_args!("    {}", text::shorten(line, LOG_COLUMNS)));
    }
}

/// The statements that the gate's code ran: all, or the beginnings of the last `most`.
pub fn sql(page: &mut Page, gate: &GateReport, most: Option<usize>) {
    if gate.sql.is_empty() {
        return;
    }
    page.blank();
    page.line(format_args!("{BOLD}The SQL that ran{BOLD:#}"));
    page.blank();
    let left_out = most.map_or(0, |most| gate.sql.len().saturating_sub(most));
    if left_out > 0 {
        page.line(format_args!("    {DIM}… {left_out} before these{DIM:#}"));
    }
    for statement in &gate.sql[left_out..] {
        match most {
            Some(_) => page.line(format_args!("    {}", beginning(statement))),
            None => page.line(format_args!("    {statement}")),
        }
    }
}

/// A statement that is long, without the columns that it asks for: what is behind them is what it does.
fn beginning(statement: &str) -> String {
    let mut text = statement.to_owned();
    if text::width(&text) > STATEMENT_COLUMNS
        && let Some(rest) = statement.strip_prefix("SELECT ")
        && let Some(from) = rest.find(" FROM ")
    {
        text = format!("SELECT …{}", &rest[from..]);
    }
    if text::width(&text) > STATEMENT_COLUMNS
        && let Some((before, after)) = text.split_once(" RETURNING ")
    {
        let binds = after.find(" -- binds: ").map_or("", |at| &after[at..]);
        text = format!("{before} RETURNING …{binds}");
    }
    text::shorten(&text, STATEMENT_COLUMNS)
}

fn edit(page: &mut Page, gate: &GateReport) {
    if gate.edit.is_empty() {
        return;
    }
    page.blank();
    page.line(format_args!("{BOLD}Your task{BOLD:#}"));
    for edit in &gate.edit {
        page.blank();
        page.line(format_args!("    {}", edit.task));
        let place = page.place(&edit.file, edit.line);
        page.line(format_args!("    in {place}"));
    }
}

fn next_steps(
    page: &mut Page,
    lesson: &Lesson,
    gate: &GateReport,
    database: Database,
    background: &Background,
) {
    let manifest = &lesson.manifest.gates[gate.number - 1];
    if manifest.tasks.is_empty() {
        page.line(format_args!("    {}", manifest.hints[0]));
        page.blank();
    }
    let readme = page.place(&lesson.readme(), None);
    page.line(format_args!("More about it: {readme}, “{}. {}”.", gate.number, gate.title));
    if background.watching {
        page.line(format_args!("Edit and save; the guide sees it. A hint: {BOLD}h{BOLD:#}."));
    } else {
        page.line(format_args!(
            "Edit, save, and run the command again. A hint: {BOLD}cargo kata hint {}{}{BOLD:#}.",
            lesson.number,
            database.option()
        ));
    }
}

fn passed_all(page: &mut Page, course: &Course, lesson: &Lesson, report: &Report, background: &Background) {
    page.line(format_args!("{GOOD}The lesson is passed.{GOOD:#} What you have learnt:"));
    page.blank();
    for gate in lesson.manifest.gates.iter().filter(|gate| gate.runs_on(report.database.name())) {
        page.line(format_args!("  {GOOD}✓{GOOD:#} {}", gate.learnt));
    }
    page.blank();
    let compare =
        if background.watching { "d".to_owned() } else { format!("cargo kata diff {}", lesson.number) };
    if course.root.join(lesson.solution_folder()).is_dir() {
        page.line(format_args!("Your code beside the solution: {BOLD}{compare}{BOLD:#}."));
    }
    let elsewhere = lesson.manifest.gates.len() - report.total;
    if report.database == Database::Sqlite && elsewhere > 0 {
        let gates =
            if elsewhere == 1 { "one more gate".to_owned() } else { format!("{elsewhere} more gates") };
        page.line(format_args!(
            "PostgreSQL has {gates}: {BOLD}cargo kata test {}{}{BOLD:#}.",
            lesson.number,
            Database::Postgres.option()
        ));
    }
    let next = background.next.and_then(|number| course.lessons.iter().find(|other| other.number == number));
    match next {
        Some(next) => {
            let readme = page.place(&next.readme(), None);
            let then = match background.watching {
                true => "press n".to_owned(),
                false => format!("run cargo kata{}", report.database.option()),
            };
            page.line(format_args!(
                "Next: lesson {}, {}. Read {readme}, then {BOLD}{then}{BOLD:#}.",
                next.number, next.manifest.title
            ));
        }
        None => finished(page, course),
    }
}

/// One line for a lesson that needs no more work.
pub fn passed(page: &mut Page, lesson: &Lesson, database: Database) {
    let total = lesson.gates_on(database.name()).len();
    page.line(format_args!(
        "{GOOD}✓{GOOD:#} Lesson {}: {} {DIM}· all {total} gates pass{DIM:#}",
        lesson.number, lesson.manifest.title
    ));
}

pub fn finished(page: &mut Page, course: &Course) {
    page.line(format_args!("{GOOD}All {} lessons are passed.{GOOD:#}", course.lessons.len()));
}

/// The hints of a gate, up to `level`.
pub fn hints(page: &mut Page, lesson: &Lesson, number: usize, level: u8, database: Database, watching: bool) {
    let gate = &lesson.manifest.gates[number - 1];
    page.blank();
    page.line(format_args!("{BOLD}Lesson {}, gate {number}: {}{BOLD:#}", lesson.number, gate.title));
    for (hint, level) in gate.hints.iter().zip(1..=level) {
        page.blank();
        page.line(format_args!("  {DIM}Hint {level} of 3{DIM:#}"));
        for line in hint.lines() {
            page.line(format_args!("    {}", page.prose(line)));
        }
    }
    page.blank();
    if level < 3 && watching {
        page.line(format_args!("More help: {BOLD}h{BOLD:#} again."));
    } else if level < 3 {
        page.line(format_args!(
            "More help: {BOLD}cargo kata hint {}.{number} --level {}{}{BOLD:#}",
            lesson.number,
            level + 1,
            database.option()
        ));
    }
}
