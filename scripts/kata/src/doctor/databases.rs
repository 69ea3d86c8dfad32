//! Do the databases open?

use anyhow::{Context, Result, bail};
use gate_contract::PUBLISHED_SEED;
use gate_contract::postgres::Throwaway;

use super::finding::Finding;
use super::system::System;
use crate::Database;
use crate::build::build_gate;
use crate::course::{Course, Lesson};
use crate::gate_runner::GateRunner;
use crate::judge::{expected, judge};
use crate::report::Status;

/// Runs the gate that shows that the tools work: of the solution where there is one, since a student's
/// code need not compile.
pub fn sqlite(course: &Course) -> Finding {
    match open_sqlite(course) {
        Ok(what) => Finding::Works(what),
        Err(error) => {
            let text = format!("{error:#}");
            // Cargo prints its progress before its errors.
            let is_error = |line: &&str| line.trim_start().starts_with("error");
            let from_error: Vec<_> = text.lines().skip_while(|line| !is_error(line)).take(4).collect();
            let short = if from_error.is_empty() { text.lines().take(4).collect() } else { from_error };
            Finding::Missing {
                what: short.join("\n      "),
                fix: "cargo test -p lesson-01-database shows the full error".to_owned(),
            }
        }
    }
}

fn open_sqlite(course: &Course) -> Result<String> {
    let lesson = course.lessons.first().context("the course has no lessons")?;
    let gate = lesson.manifest.gates.iter().enumerate().find(|(_, gate)| gate.passes_untouched);
    let (index, gate) = gate.context("the course has no gate that passes untouched")?;
    let (package, folder) = package(course, lesson);
    let build = build_gate(&course.root, &package, Database::Sqlite)?;
    let Some(executable) = &build.executable else {
        bail!("{package} does not compile:\n{}", build.errors.first().map_or("", String::as_str));
    };
    let runner = GateRunner {
        executable,
        folder: course.root.join(folder),
        module: lesson.topic(),
        seed: PUBLISHED_SEED,
        server: None,
        tables: false,
    };
    let report = judge(index + 1, gate, expected(course, lesson, gate)?, runner.run(&gate.name)?);
    if report.status != Status::Pass {
        bail!("it cannot open a database: {}", report.panic.map_or(String::new(), |panic| panic.message));
    }
    Ok("it opens a database and answers".to_owned())
}

fn package(course: &Course, lesson: &Lesson) -> (String, std::path::PathBuf) {
    if course.root.join(lesson.solution_folder()).is_dir() {
        (lesson.solution_package(), lesson.solution_folder())
    } else {
        (lesson.package(), lesson.folder())
    }
}

/// Starts a throwaway server.
pub fn postgres(system: &System) -> Finding {
    match Throwaway::start() {
        Ok(_server) => Finding::Works("a temporary server starts and stops".to_owned()),
        Err(error) => Finding::Optional {
            what: format!("only `--db postgres` needs it. {:#}", anyhow::Error::from(error)),
            fix: system.install_postgres(),
        },
    }
}
