//! `cargo kata open`: the place to edit, in the student's editor.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::course::{Course, Lesson};
use crate::guide::{Server, named_or_current, run_and_note};
use crate::report::{GateReport, Report};
use crate::{Database, NOT_PASSED, PASSED};

pub fn open(course: &Course, name: Option<&str>, database: Database) -> Result<u8> {
    let lesson = named_or_current(course, name, database)?;
    let report = run_and_note(course, lesson, &Server::for_gates(database)?, false)?.report;
    let (file, line) = places(lesson, &report).swap_remove(0);
    let editor = Editor::of_student()?;
    anstream::println!("{file}:{line}");
    let status = editor.command(&course.root, &file, line).status();
    let status = status.with_context(|| format!("cannot start {}", editor.words[0]))?;
    Ok(if status.success() { PASSED } else { NOT_PASSED })
}

/// Where to edit, at least one place: the compiler's first error, or where the first failing gate's code
/// panicked, or the first of its tasks that is still to do; or, as nobody knows in which of them the mistake
/// is, all of its tasks; or the README of a lesson that is passed. A `todo!` is a task and no panic.
pub fn places(lesson: &Lesson, report: &Report) -> Vec<(String, usize)> {
    if let Some((file, line)) = report.error_places.first() {
        return vec![(file.display().to_string(), *line)];
    }
    let failure = report.first_failure();
    let panic = failure.filter(|gate| gate.reached_gap().is_none()).and_then(|gate| gate.panic.as_ref());
    if let Some(panic) = panic.filter(|panic| Path::new(&panic.file).starts_with(lesson.folder())) {
        return vec![(panic.file.clone(), panic.line as usize)];
    }
    let most = if failure.is_some_and(GateReport::is_to_do) { 1 } else { usize::MAX };
    let edits = failure.into_iter().flat_map(|gate| &gate.edit).take(most);
    let places: Vec<_> = edits.map(|edit| (edit.file.clone(), edit.line.unwrap_or(1))).collect();
    if places.is_empty() { vec![(lesson.readme(), 1)] } else { places }
}

/// The program that a student edits with, and its arguments.
pub struct Editor {
    words: Vec<String>,
}

impl Editor {
    /// `$VISUAL`, `$EDITOR`, or VS Code if it is installed.
    pub fn of_student() -> Result<Self> {
        let set = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| env::var(name).ok());
        let set = set.map(|value| value.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        if let Some(words) = set.into_iter().find(|words| !words.is_empty()) {
            return Ok(Self { words });
        }
        let code = if cfg!(windows) { "code.cmd" } else { "code" };
        let answers = Command::new(code).arg("--version").stdin(Stdio::null()).output();
        if answers.is_ok_and(|output| output.status.success()) {
            return Ok(Self { words: vec![code.to_owned()] });
        }
        bail!("which editor? Set the variable EDITOR to its command, such as `nano`, `vim` or `code`");
    }

    fn name(&self) -> &str {
        Path::new(&self.words[0]).file_stem().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Whether it has a window of its own, and so leaves the terminal alone.
    pub fn has_a_window(&self) -> bool {
        const WINDOWS: [&str; 12] = [
            "code",
            "code-insiders",
            "codium",
            "cursor",
            "gedit",
            "gvim",
            "kate",
            "notepad",
            "rustrover",
            "subl",
            "windsurf",
            "zed",
        ];
        WINDOWS.contains(&self.name())
    }

    /// The command that shows `line` of `file`.
    pub fn command(&self, root: &Path, file: &str, line: usize) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).current_dir(root);
        match self.name() {
            "code" | "code-insiders" | "codium" | "cursor" | "windsurf" => {
                command.args(["-g", &format!("{file}:{line}")])
            }
            "hx" | "helix" | "subl" | "zed" => command.arg(format!("{file}:{line}")),
            "rustrover" => command.args(["--line", &line.to_string(), file]),
            "vi" | "vim" | "nvim" | "gvim" | "nano" | "emacs" | "emacsclient" | "micro" | "kak" | "kate"
            | "gedit" | "joe" | "mg" => command.args([&format!("+{line}"), file]),
            // Of another one only the name is known.
            _ => command.arg(file),
        };
        command
    }
}

impl std::fmt::Display for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words.join(" "))
    }
}
