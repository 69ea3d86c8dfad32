//! A course with a verdict of each kind.

use std::fs;
use std::path::Path;

use kata::course::Course;
use kata::report::{Edit, Explanation, GateReport, Report, Status};
use kata::{Database, verdicts};
use page::app::App;
use tempfile::TempDir;

use crate::gate_data::{self as data, BOOKS, RUSTC, authors, books};

pub const TOKEN: &str = "0123456789abcdef";
/// The lesson that most verdicts are about.
pub const LESSON: &str = "05-crud";

/// What a student may see.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    NothingDone,
    Gap,
    CompileError,
    WrongRows,
    WrongWrite,
    /// Columns that are not as gates expect them.
    WrongTables,
    /// A table is not there.
    MissingTable,
    /// One statement again and again, and many others.
    ManyStatements,
    /// A page of an app.
    WrongPage,
    /// A session's cookie, its row, and an error that the gate provoked.
    WrongSession,
    /// A project's gate.
    Stage,
    /// Nothing is in the tables, and nothing came.
    NoRows,
    /// Long lines, and lines from right to left.
    LongText,
    /// One writer waited, and one was refused.
    Waits,
    Panic,
    TimedOut,
    Crashed,
    Passed,
    Broken,
}

pub const ALL: [State; 19] = [
    State::NothingDone,
    State::Gap,
    State::CompileError,
    State::WrongRows,
    State::WrongWrite,
    State::WrongTables,
    State::MissingTable,
    State::ManyStatements,
    State::WrongPage,
    State::WrongSession,
    State::Stage,
    State::NoRows,
    State::LongText,
    State::Waits,
    State::Panic,
    State::TimedOut,
    State::Crashed,
    State::Passed,
    State::Broken,
];

impl State {
    /// The lesson that its verdict is about.
    pub fn lesson(self) -> &'static str {
        match self {
            Self::MissingTable => "04-relationships",
            Self::WrongPage | Self::WrongSession => "07-sessions",
            Self::Stage => "08-order-up",
            _ => LESSON,
        }
    }
}

/// The texts of the course in a folder of its own, and the app that shows them.
pub struct Site {
    pub app: App,
    pub folder: TempDir,
}

impl Site {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is a place for temporary files");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace");
        for part in ["lessons", "tests/gates", "tests/programs"] {
            for file in kata::files::below(&workspace.join(part)).expect("the course can be read") {
                let path = Path::new(part).join(file);
                kata::files::copy(&workspace.join(&path), &folder.path().join(&path))
                    .expect("it can be copied");
            }
        }
        let course = Course::read(folder.path()).expect("the course is whole");
        Self { app: App::new(course, Database::Sqlite, TOKEN), folder }
    }

    /// Has the app show this state.
    pub fn set(&self, state: State) {
        *self.app.broken.lock().expect("nobody has panicked") =
            (state == State::Broken).then(|| "cargo could not build:\nno space left on device".to_owned());
        let Some(report) = report(&self.app.course, state) else {
            let folder = verdicts::folder(self.folder.path(), Database::Sqlite).expect("there is a folder");
            let _ = fs::remove_dir_all(folder);
            return;
        };
        verdicts::keep(self.folder.path(), &report).expect("it can be written");
    }
}

/// The verdict on the lesson in this state.
pub fn report(course: &Course, state: State) -> Option<Report> {
    let (number, change): (usize, fn(&mut GateReport)) = match state {
        State::NothingDone => return None,
        State::Gap => (1, data::gap),
        State::CompileError | State::Passed => (usize::MAX, |_| ()),
        State::WrongRows => (2, data::wrong_rows),
        State::WrongWrite | State::Broken => (12, data::wrong_write),
        State::WrongTables => (2, data::wrong_tables),
        State::MissingTable => (7, data::missing_table),
        State::ManyStatements => (2, data::many_statements),
        State::WrongPage => (3, data::wrong_page),
        State::WrongSession => (9, data::wrong_session),
        State::Stage => (9, data::wrong_page),
        State::NoRows => (2, data::no_rows),
        State::LongText => (5, data::long_text),
        State::Waits => (16, data::waits),
        State::Panic => (10, data::panicked),
        State::TimedOut => (16, |gate| gate.status = Status::Timeout),
        State::Crashed => (3, |gate| {
            gate.status = Status::Crash;
            gate.end = Some("signal: 6 (SIGABRT)\nthread 'main' has overflowed its stack".to_owned());
        }),
    };
    let lesson = course.lesson(state.lesson()).expect("the course has the lesson");
    let gates = lesson.gates_on(Database::Sqlite).into_iter().map(|(at, gate)| {
        let mut report = GateReport::waiting(at, gate);
        if at < number && state != State::CompileError {
            report.status = Status::Pass;
            report.tables = vec![authors(), books(&BOOKS)];
        }
        if at == number {
            report.status = Status::Fail;
            report.expected = Some(
                "all_books\n    Book { id: 1, title: \"Emma\" }\n    Book { id: 2, title: \"<Fog>\" }"
                    .to_owned(),
            );
            change(&mut report);
        }
        let file = format!("lessons/{}/src/books.rs", lesson.name);
        let tasks = gate.tasks.iter().take(1);
        report.edit =
            tasks.map(|task| Edit { task: task.clone(), file: file.clone(), line: Some(11) }).collect();
        report
    });
    let gates: Vec<_> = gates.collect();
    let is_error = state == State::CompileError;
    Some(Report {
        format: kata::report::FORMAT,
        lesson: lesson.name.clone(),
        database: Database::Sqlite,
        seed: 1865,
        passed: gates.iter().filter(|gate| gate.status == Status::Pass).count(),
        total: gates.len(),
        build_errors: is_error.then(|| RUSTC.to_owned()).into_iter().collect(),
        error_places: is_error
            .then(|| (format!("lessons/{LESSON}/src/books.rs").into(), 31))
            .into_iter()
            .collect(),
        explanation: is_error.then(|| Explanation {
            id: "column".to_owned(),
            lines: ["`books` has no column `titel`.", "", "    books::title"].map(str::to_owned).into(),
            file: format!("lessons/{LESSON}/src/books.rs").into(),
            line: 31,
            error: Some(0),
        }),
        gates,
        is_early: false,
    })
}
