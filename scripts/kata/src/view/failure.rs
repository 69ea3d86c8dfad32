//! A gate that does not pass, or a lesson that does not compile, with everything that helps.

use super::background::Background;
use super::explained::{given, why};
use super::page::Page;
use super::style::{BAD, BOLD, DIM};
use super::{compact, diff, sql, stages, text};
use crate::Database;
use crate::cookie_lines::spread;
use crate::course::Lesson;
use crate::explain::shorten;
use crate::report::{Explanation, GateReport, Report, Status};

/// As many lines of what was logged, and as much of each.
const LOG_LINES: usize = 5;
const LOG_COLUMNS: usize = 300;

/// A gate that does not pass.
pub fn failure(
    page: &mut Page,
    lesson: &Lesson,
    gate: &GateReport,
    explanation: Option<&Explanation>,
    database: Database,
    background: &Background,
) {
    if let Some(place) = stages::place(lesson, gate.number) {
        page.line(place);
        if !background.watching {
            page.blank();
        }
    }
    page.line(format_args!("{BAD}✗ Gate {}: {}{BAD:#}", gate.number, gate.title));
    let is_lost = background.lost.contains(&gate.number);
    if is_lost {
        page.line(format_args!(
            "{BOLD}It passed before:{BOLD:#} something that you changed since then breaks it."
        ));
    }
    if background.watching {
        // What fits there is in sight without scrolling.
        if is_lost || gate.edit.is_empty() {
            page.blank();
        }
        compact::tasks(page, lesson, gate);
    } else {
        page.blank();
        edit(page, gate);
    }
    if let Some(explanation) = explanation {
        why(page, explanation);
    } else if let Some(label) = &gate.label {
        page.line(label);
        page.blank();
    }
    what_happened(page, gate, background);
    // A panic names it itself.
    if let Some(file) = gate.page.as_ref().filter(|_| gate.panic.is_none()) {
        page.blank();
        page.line(format_args!("The last page that it checked: {}", page.whole_path(file)));
    }
    written(page, "It printed", &gate.printed);
    // An app writes there what it does not show to a visitor: why an answer is a 500, for example.
    written(page, "The log (standard error)", &gate.log);
    written(page, "The log while the gate provoked errors; these are not your mistakes", &gate.provoked);
    sql::print(page, gate, Some(sql::MOST));
    page.blank();
    given(page, background);
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
             update that has changed the lesson, {BOLD}cargo kata reset {}{BOLD:#} starts it over, and saves a copy of your \
             work.",
            lesson.number
        ));
        page.blank();
    }
    if let [first, ..] = &background.unmerged[..] {
        page.line(format_args!(
            "A newer version of the course has files that could not be merged with yours, such as {}. Copy what \
             you want from each of them, then delete it. Or start the lesson over with {BOLD}cargo kata reset {}{BOLD:#}, \
             which keeps a copy of your work.",
            page.place(first, None),
            lesson.number
        ));
        page.blank();
    }
    given(page, background);
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
        _ if background.running => page.line("Fix it and save."),
        (true, false) => page.line(format_args!(
            "Fix it and save. Press {BOLD}h{BOLD:#} for a hint, {BOLD}c{BOLD:#} for the compiler's full output."
        )),
        (true, true) => page.line("Fix it and save."),
        (false, false) => page.line(format_args!(
            "Fix it, save, and run the command again. For a hint, run {BOLD}cargo kata hint {0}{option}{BOLD:#}. For the \
             compiler's full output, run {BOLD}cargo kata test {0} --rustc{option}{BOLD:#}.",
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
    page.line(format_args!("{DIM}The compiler's error:{DIM:#}"));
    page.blank();
    page.line(shorten(&report.build_errors[explanation.error.unwrap_or_default()]));
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
    page.line(format_args!("{BAD}The lesson does not compile.{BAD:#} The compiler's full output:"));
    for error in &report.build_errors {
        page.blank();
        page.line(error.trim_end());
    }
}

fn what_happened(page: &mut Page, gate: &GateReport, background: &Background) {
    let expected = &spread(gate.expected.as_deref().unwrap_or_default());
    let got = gate.got.as_deref().map(spread);
    match (gate.status, &gate.panic) {
        (Status::Timeout, _) => page.line("It did not finish within ten seconds, and was stopped."),
        (Status::Crash, _) => {
            page.line(format_args!("Its process crashed: {}", gate.end.as_deref().unwrap_or_default()));
        }
        (_, _) if gate.is_to_do() => {
            if background.newcomer {
                page.line(format_args!(
                    "{BOLD}Nothing is broken.{BOLD:#} Each gate fails until you write the code that it tests. Then it \
                     passes, and the guide moves on to the next one."
                ));
                page.blank();
            }
            page.line(format_args!(
                "{BOLD}This gate is supposed to fail:{BOLD:#} you have not written the code for it yet. It expects:"
            ));
            page.blank();
            return wanted(page, expected);
        }
        (_, Some(panic)) => {
            // The fixture panics when the tables do not fit it, or cannot be made.
            match panic.file.starts_with("tests") {
                true => page.line("The gate could not continue:"),
                false => page.line(format_args!("The code panicked at {}:{}:", panic.file, panic.line)),
            }
            page.blank();
            for line in panic.message.lines() {
                page.line(format_args!("    {line}"));
            }
        }
        (_, None) => {
            let got = &got.unwrap_or_default();
            if diff::is_reordered(expected, got)
                && let Some(sorted) = sql::order(&gate.sql)
            {
                page.line(sorted);
                page.blank();
            }
            return diff::print(page, expected, got);
        }
    }
    page.blank();
    match &got {
        Some(got) => diff::print_up_to_stop(page, expected, got),
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

fn edit(page: &mut Page, gate: &GateReport) {
    if gate.edit.is_empty() {
        return;
    }
    page.line(format_args!("{BOLD}Your task{BOLD:#}"));
    for edit in &gate.edit {
        page.line(format_args!("    {}", edit.task));
        let place = page.place(&edit.file, edit.line);
        page.line(format_args!("    in {place}"));
    }
    page.blank();
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
            page.line(format_args!("For details, read {readme}, “{}. {}”.", gate.number, gate.title));
        }
    }
    if background.watching {
        page.line(format_args!("Edit and save. Press {BOLD}h{BOLD:#} for a hint."));
    } else {
        page.line(format_args!(
            "Edit, save, and run the command again. For a hint, run {BOLD}cargo kata hint {}{}{BOLD:#}.",
            lesson.number,
            database.option()
        ));
    }
}
