//! What a student sees.

mod background;
mod compact;
mod diff;
mod explained;
mod failure;
mod gates;
mod link;
pub mod page;
mod sql;
pub mod stages;
mod style;
pub mod text;

use crate::Database;
use crate::course::{Course, Lesson};
use crate::report::Report;
pub use background::Background;
use failure::{build_errors, failure};
pub use gates::bar;
use gates::{gates, marks};
pub use page::Page;
pub use sql::print as sql;
pub use style::{BAD, BOLD, DIM, GOOD};

/// The state of a lesson, and its first failure with everything that helps to fix it.
pub fn lesson(page: &mut Page, course: &Course, lesson: &Lesson, report: &Report, background: &Background) {
    if background.watching && !report.all_passed() {
        return to_fix(page, lesson, report, background);
    }
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
    stages::finished(page, lesson, report, background);
    failure(page, lesson, gate, report.explanation.as_ref(), report.database, background);
}

/// What is to be fixed, for the guide's screen: the diagnosis is in sight at once, and what has passed is a row.
fn to_fix(page: &mut Page, lesson: &Lesson, report: &Report, background: &Background) {
    compact::heading(page, lesson, report, background);
    let gate = match report.first_failure() {
        Some(gate) if report.build_errors.is_empty() => gate,
        _ => {
            page.blank();
            return build_errors(page, lesson, report, background);
        }
    };
    let has_news = compact::praise(page, lesson, background);
    let is_finished = stages::praise(page, lesson, report, background);
    page.blank();
    failure(page, lesson, gate, report.explanation.as_ref(), report.database, background);
    if has_news {
        compact::news(page, lesson, background);
    }
    if is_finished {
        page.blank();
        stages::commit(page, lesson, report, background);
    }
}

/// One gate that was run alone.
pub fn gate(page: &mut Page, lesson: &Lesson, number: usize, report: &Report, background: &Background) {
    page.blank();
    page.line(format_args!(
        "{BOLD}Lesson {}: {}{BOLD:#} {DIM}· only gate {number} · {}{DIM:#}",
        lesson.number,
        lesson.manifest.title,
        report.database.name()
    ));
    page.blank();
    if !report.build_errors.is_empty() {
        return build_errors(page, lesson, report, background);
    }
    if let Some(gate) = report.first_failure() {
        return failure(page, lesson, gate, report.explanation.as_ref(), report.database, background);
    }
    let gate = &lesson.manifest.gates[number - 1];
    page.line(format_args!("{GOOD}✓ Gate {number}: {}.{GOOD:#} {}", gate.title, gate.learnt));
    page.blank();
    page.line(format_args!(
        "The whole lesson: {BOLD}cargo kata test {}{}{BOLD:#}.",
        lesson.number,
        report.database.option()
    ));
}

/// One stage that was run alone.
pub fn stage(page: &mut Page, lesson: &Lesson, index: usize, report: &Report, background: &Background) {
    page.blank();
    page.line(format_args!(
        "{BOLD}Lesson {}: {}{BOLD:#} {DIM}· only stage {} · {}{DIM:#}",
        lesson.number,
        lesson.manifest.title,
        index + 1,
        report.database.name()
    ));
    page.blank();
    if !report.build_errors.is_empty() {
        return build_errors(page, lesson, report, background);
    }
    let of_stage: Vec<_> =
        report.gates.iter().filter(|gate| lesson.stage_of(gate.number) == Some(index)).collect();
    stages::heading(page, lesson, index, of_stage.iter().copied());
    for gate in &of_stage {
        gates::summary(page, gate);
    }
    page.blank();
    stages::finished(page, lesson, report, background);
    if let Some(gate) = report.first_failure() {
        return failure(page, lesson, gate, report.explanation.as_ref(), report.database, background);
    }
    page.line(format_args!(
        "All gates of the stage pass. The whole lesson: {BOLD}cargo kata test {}{}{BOLD:#}.",
        lesson.number,
        report.database.option()
    ));
}

/// What the student has learned by passing a gate.
fn newly_passed(page: &mut Page, lesson: &Lesson, background: &Background) {
    let learnt = |number: &usize| compact::learnt(lesson, *number);
    match &background.new[..] {
        [] => return,
        [only] => page.line(format_args!("{GOOD}✓ Gate {only} passes.{GOOD:#} {}", learnt(only))),
        several => {
            page.line(format_args!("{GOOD}✓ {} more gates pass.{GOOD:#}", several.len()));
            for number in compact::last(several) {
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

fn passed_all(page: &mut Page, course: &Course, lesson: &Lesson, report: &Report, background: &Background) {
    stages::finished(page, lesson, report, background);
    page.line(format_args!("{GOOD}The lesson is passed.{GOOD:#} What you have learned:"));
    page.blank();
    for gate in lesson.manifest.gates.iter().filter(|gate| gate.runs_on(report.database)) {
        page.line(format_args!("  {GOOD}✓{GOOD:#} {}", gate.learnt));
    }
    page.blank();
    let compare =
        if background.watching { "d".to_owned() } else { format!("cargo kata diff {}", lesson.number) };
    let has_solution = course.root.join(lesson.solution_folder()).is_dir();
    if has_solution && lesson.is_project() {
        page.line(format_args!(
            "Read the reference as a reviewer: {BOLD}cargo kata review {}{BOLD:#}.",
            lesson.number
        ));
    } else if has_solution {
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
    let total = lesson.gates_on(database).len();
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
