//! A gate that does not pass, or a lesson that does not compile, with everything that helps.

use super::background::Background;
use super::page::Page;
use super::style::{BAD, BOLD, DIM};
use super::{diff, stages, text};
use crate::Database;
use crate::course::Lesson;
use crate::explain::shorten;
use crate::report::{Explanation, GateReport, Report, Status};

/// As many statements are shown; what a gate did last is what matters.
const STATEMENTS: usize = 12;
/// As much of each: two lines of a usual terminal. What a fixture inserts is longer.
const STATEMENT_COLUMNS: usize = 150;

/// As many lines of what was logged, and as much of each.
const LOG_LINES: usize = 5;
const LOG_COLUMNS: usize = 300;

/// A gate that does not pass.
pub fn failure(
    page: &mut Page,
    lesson: &Lesson,
    gate: &GateReport,
    database: Database,
    background: &Background,
) {
    if let Some(place) = stages::place(lesson, gate.number) {
        page.line(place);
        page.blank();
    }
    page.line(format_args!("{BAD}✗ Gate {}: {}{BAD:#}", gate.number, gate.title));
    page.blank();
    if background.lost.contains(&gate.number) {
        page.line(format_args!(
            "{BOLD}It passed before:{BOLD:#} something that you changed since then breaks it."
        ));
        page.blank();
    }
    what_happened(page, gate, background);
    // A panic names it itself.
    if let Some(file) = gate.page.as_ref().filter(|_| gate.panic.is_none()) {
        page.blank();
        page.line(format_args!("The page that it looked at last: {}", page.whole_path(file)));
    }
    written(page, "It printed", &gate.printed);
    // An app writes there what it does not show to a visitor: why an answer is a 500, for example.
    written(page, "The log (standard error)", &gate.log);
    edit(page, gate);
    sql(page, gate, Some(STATEMENTS));
    page.blank();
    next_steps(page, lesson, gate, database, background);
}

/// Why the lesson does not compile: what explains it, and the compiler's own words.
pub fn build_errors(page: &mut Page, lesson: &Lesson, report: &Report, background: &Background) {
    match &report.explanation {
        _ if background.rustc => whole_errors(page, report),
        Some(explanation) => explained(page, report, explanation),
        None => first_error(page, report),
    }
    page.blank();
    if report.build_errors[0].contains("couldn't read") && report.build_errors[0].contains("up.sql") {
        page.line(format_args!(
            "A folder in `migrations` that has no `up.sql` is not a migration: write the file, or delete the folder. After an \
             update that has changed the lesson, {BOLD}cargo kata reset {}{BOLD:#} begins it anew, and keeps a copy of your \
             work.",
            lesson.number
        ));
        page.blank();
    }
    if let [first, ..] = &background.unmerged[..] {
        page.line(format_args!(
            "A newer version of the course has files that could not be merged with yours, such as {}. Take over from each what \
             you want and delete it; or begin the lesson anew with {BOLD}cargo kata reset {}{BOLD:#}, which keeps a copy of \
             yours.",
            page.place(first, None),
            lesson.number
        ));
        page.blank();
    }
    if let Some(gate) = background.gate.and_then(|number| report.gates.get(number - 1)) {
        page.line(format_args!("{BOLD}Gate {}: {}{BOLD:#}", gate.number, gate.title));
        for edit in &gate.edit {
            page.line(format_args!(
                "    {}, in {}",
                edit.task.trim_end_matches('.'),
                page.place(&edit.file, edit.line)
            ));
        }
        page.blank();
    }
    let option = report.database.option();
    match (background.watching, background.rustc) {
        (true, false) => page.line(format_args!(
            "Fix it and save. A hint: {BOLD}h{BOLD:#}. All that the compiler says: {BOLD}c{BOLD:#}."
        )),
        (true, true) => page.line("Fix it and save."),
        (false, false) => page.line(format_args!(
            "Fix it, save, and run the command again. A hint: {BOLD}cargo kata hint {0}{option}{BOLD:#}. All that the compiler \
             says: {BOLD}cargo kata test {0} --rustc{option}{BOLD:#}.",
            lesson.number,
        )),
        (false, true) => page.line("Fix it, save, and run the command again."),
    }
}

fn explained(page: &mut Page, report: &Report, explanation: &Explanation) {
    let place = page.place(&explanation.file.display().to_string(), Some(explanation.line));
    page.line(format_args!("{BAD}The lesson does not compile:{BAD:#} {place}"));
    page.blank();
    for line in &explanation.lines {
        page.line(line);
    }
    page.blank();
    page.line(format_args!("{DIM}The compiler says:{DIM:#}"));
    page.blank();
    page.line(shorten(&report.build_errors[explanation.error]));
    more_errors(page, report);
}

fn first_error(page: &mut Page, report: &Report) {
    page.line(format_args!("{BAD}The lesson does not compile.{BAD:#} The compiler's first error:"));
    page.blank();
    page.line(shorten(&report.build_errors[0]));
    more_errors(page, report);
    if report.error_places.first().is_some_and(|(file, _)| file.starts_with("tests/gates")) {
        page.blank();
        page.line(
            "That is where a gate uses what you write. Compare names, parameters and types with the lesson's README; \
             the gate stays as it is.",
        );
    }
}

fn more_errors(page: &mut Page, report: &Report) {
    let more = match report.build_errors.len() - 1 {
        0 => return,
        1 => "There is one more error; it may go away with this one.".to_owned(),
        more => format!("There are {more} more errors; some may go away with this one."),
    };
    page.blank();
    page.line(more);
}

fn whole_errors(page: &mut Page, report: &Report) {
    page.line(format_args!("{BAD}The lesson does not compile.{BAD:#} All that the compiler says:"));
    for error in &report.build_errors {
        page.blank();
        page.line(error.trim_end());
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

/// What the code wrote, if it wrote anything: the last lines of it.
fn written(page: &mut Page, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    page.blank();
    page.line(format_args!("{BOLD}{heading}{BOLD:#}"));
    page.blank();
    for line in &lines[lines.len().saturating_sub(LOG_LINES)..] {
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
    // Forty alike are one line.
    let runs = counted(&gate.sql);
    let first = most.map_or(0, |most| runs.len().saturating_sub(most));
    let left_out: usize = runs[..first].iter().map(|(_, times)| times).sum();
    if left_out > 0 {
        page.line(format_args!("    {DIM}… {left_out} before these{DIM:#}"));
    }
    for (statement, times) in &runs[first..] {
        let shown = if most.is_some() { beginning(statement) } else { (*statement).to_owned() };
        match times {
            1 => page.line(format_args!("    {shown}")),
            times => page.line(format_args!("    {DIM}{times} times:{DIM:#} {shown}")),
        }
    }
}

/// Statements, and how often each ran one after the other.
fn counted(statements: &[String]) -> Vec<(&str, usize)> {
    let same = statements.chunk_by(|one, next| one == next);
    same.map(|same| (same[0].as_str(), same.len())).collect()
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
    match lesson.stage_of(gate.number).filter(|_| lesson.is_project()) {
        Some(stage) => {
            let card = page.place(&lesson.card(stage), None);
            page.line(format_args!("Read {card}."));
        }
        None => {
            if manifest.tasks.is_empty() {
                page.line(format_args!("    {}", manifest.hints[0]));
                page.blank();
            }
            let readme = page.place(&lesson.readme(), None);
            page.line(format_args!("More about it: {readme}, “{}. {}”.", gate.number, gate.title));
        }
    }
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
