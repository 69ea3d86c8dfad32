//! What a student sees.

mod diff;

use anstream::{eprintln, println};
use anstyle::{AnsiColor, Style};

use crate::course::{Course, Gate, Lesson};
use crate::report::{GateReport, Report, Status};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// As many statements are shown; what a gate did last is what matters.
const STATEMENTS: usize = 12;

/// The state of a lesson, and its first failure with everything that helps to mend it.
pub fn lesson(course: &Course, lesson: &Lesson, report: &Report) {
    let Report { passed, total, .. } = report;
    println!();
    let gates = match report.build_errors.len() {
        0 => format!("{passed} of {total} gates pass"),
        _ => format!("{total} gates, not run"),
    };
    println!(
        "{BOLD}Lesson {}: {}{BOLD:#} {DIM}· about {} minutes · {} · {gates}{DIM:#}",
        lesson.number, lesson.manifest.title, lesson.manifest.minutes, report.database
    );
    println!();
    if !report.build_errors.is_empty() {
        return build_errors(report);
    }
    for (index, gate) in lesson.manifest.gates.iter().enumerate() {
        match report.gates.iter().find(|report| report.number == index + 1) {
            Some(report) => summary(report),
            None => elsewhere(index + 1, gate),
        }
    }
    println!();
    let Some(gate) = report.first_failure() else { return passed_all(course, lesson, report) };
    let manifest = &lesson.manifest.gates[gate.number - 1];
    println!("{BAD}✗ Gate {}: {}{BAD:#}", gate.number, gate.title);
    println!();
    what_happened(gate);
    sql(gate);
    edit(gate);
    next_steps(lesson, gate, manifest);
}

fn summary(gate: &GateReport) {
    let (mark, style) = match gate.status {
        Status::Pass => ("✓", GOOD),
        Status::Waiting => ("·", DIM),
        _ => ("✗", BAD),
    };
    let waiting = if gate.status == Status::Waiting { " (waiting)" } else { "" };
    println!("  {style}{mark}{style:#} {:>2}  {}{DIM}{waiting}{DIM:#}", gate.number, gate.title);
}

/// A gate that makes no sense on this database.
fn elsewhere(number: usize, gate: &Gate) {
    let databases = gate.databases.join(" or ");
    println!("  {DIM}– {number:>2}  {} (only with --db {databases}){DIM:#}", gate.title);
}

fn build_errors(report: &Report) {
    println!("{BAD}The lesson does not compile.{BAD:#} The compiler's first error, whole:");
    println!();
    println!("{}", report.build_errors[0].trim_end());
    println!();
    match report.build_errors.len() - 1 {
        0 => {}
        1 => println!("There is one more error; it may well go away with this one."),
        more => println!("There are {more} more errors; some may well go away with this one."),
    }
    println!(
        "Mend it, save, and run the command again. A hint: {BOLD}cargo kata hint {}{BOLD:#}.",
        report.lesson
    );
}

fn what_happened(gate: &GateReport) {
    let expected = gate.expected.as_deref().unwrap_or_default();
    match (gate.status, &gate.panic) {
        (Status::Timeout, _) => println!("It did not come to an end within ten seconds, and was stopped."),
        (Status::Crash, _) => println!("Its process died: {}", gate.end.as_deref().unwrap_or_default()),
        (_, _) if gate.is_to_do() => {
            println!(
                "{BOLD}This is meant to fail:{BOLD:#} what it looks at is yours to write. It should see:"
            );
            println!();
            return wanted(expected);
        }
        (_, Some(panic)) => {
            // The fixture panics when the tables do not fit it, or cannot be made.
            match panic.file.starts_with("tests") {
                true => println!("The gate could not go on:"),
                false => println!("The code panicked at {}:{}:", panic.file, panic.line),
            }
            println!();
            for line in panic.message.lines() {
                println!("    {line}");
            }
        }
        (_, None) => return diff::print(expected, gate.got.as_deref().unwrap_or_default()),
    }
    println!();
    match &gate.got {
        Some(got) => diff::print(expected, got),
        None => wanted(expected),
    }
}

/// What a gate should see that has seen nothing.
fn wanted(expected: &str) {
    for line in expected.lines() {
        println!("  {DIM}expected │{DIM:#} {line}");
    }
}

fn sql(gate: &GateReport) {
    if gate.sql.is_empty() {
        return;
    }
    println!();
    println!("{BOLD}The SQL that ran{BOLD:#}");
    println!();
    if let Some(more) = gate.sql.len().checked_sub(STATEMENTS + 1) {
        println!("    {DIM}… {} before these{DIM:#}", more + 1);
    }
    for statement in &gate.sql[gate.sql.len().saturating_sub(STATEMENTS)..] {
        println!("    {statement}");
    }
}

fn edit(gate: &GateReport) {
    println!();
    println!("{BOLD}Your task{BOLD:#}");
    for edit in &gate.edit {
        println!();
        println!("    {}", edit.task);
        match edit.line {
            Some(line) => println!("    in {BOLD}{}:{line}{BOLD:#}", edit.file),
            None => println!("    in {BOLD}{}{BOLD:#}", edit.file),
        }
    }
    println!();
}

fn next_steps(lesson: &Lesson, gate: &GateReport, manifest: &Gate) {
    if manifest.tasks.is_empty() {
        println!("    {}", manifest.hints[0]);
        println!();
    }
    println!(
        "More about it: {BOLD}{}/README.md{BOLD:#}, “{}. {}”.",
        lesson.folder().display(),
        gate.number,
        gate.title
    );
    println!(
        "Edit, save, and run the command again. A hint: {BOLD}cargo kata hint {}{BOLD:#}.",
        lesson.number
    );
}

fn passed_all(course: &Course, lesson: &Lesson, report: &Report) {
    println!("{GOOD}The lesson is passed.{GOOD:#} What you can now do:");
    println!();
    for gate in lesson.manifest.gates.iter().filter(|gate| gate.runs_on(report.database)) {
        println!("  {GOOD}✓{GOOD:#} {}", gate.learnt);
    }
    println!();
    match course.lessons.iter().find(|other| other.number > lesson.number) {
        Some(next) => println!(
            "Next: lesson {}, {}. Read {BOLD}{}/README.md{BOLD:#}, then run {BOLD}cargo kata{BOLD:#}.",
            next.number,
            next.manifest.title,
            next.folder().display()
        ),
        None => println!("That was the last lesson."),
    }
}

/// One line for a lesson that needs no more work.
pub fn passed(lesson: &Lesson, report: &Report) {
    eprintln!(
        "{GOOD}✓{GOOD:#} Lesson {}: {} {DIM}· all {} gates pass{DIM:#}",
        lesson.number, lesson.manifest.title, report.total
    );
}

pub fn finished(course: &Course) {
    println!();
    println!("{GOOD}All {} lessons are passed.{GOOD:#}", course.lessons.len());
}

/// The hints of a gate, up to `level`.
pub fn hints(lesson: &Lesson, gate: &Gate, number: usize, level: u8) {
    println!();
    println!("{BOLD}Lesson {}, gate {number}: {}{BOLD:#}", lesson.number, gate.title);
    for (hint, level) in gate.hints.iter().zip(1..=level) {
        println!();
        println!("  {DIM}Hint {level} of 3{DIM:#}");
        for line in hint.lines() {
            println!("    {line}");
        }
    }
    println!();
    if level < 3 {
        println!("More help: {BOLD}cargo kata hint {} --level {}{BOLD:#}", lesson.number, level + 1);
    }
}
