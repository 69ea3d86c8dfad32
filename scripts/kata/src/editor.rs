//! The student's editor: which one it is, and how to open a file at a line in it.
//!
//! The system, the environment and the file system come in as facts, so that a test covers every system.

mod command_line;
mod facts;

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use command_line::{on_path, split};
use facts::Facts;

/// How an editor takes the line to show.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Line {
    /// `-g file:12`
    Goto,
    /// `file:12`
    Suffix,
    /// `+12 file`
    Plus,
    /// `--line 12 file`
    Option,
    /// `-l 12 file`
    ShortOption,
    /// `-n12 file`
    Number,
    /// It does not take a line.
    Never,
}

/// Editors by the names of their programs; whether they have a window of their own, and so leave the terminal
/// alone.
const EDITORS: &[(&[&str], Line, bool)] = &[
    (
        &[
            "code",
            "code-insiders",
            "code - insiders",
            "code-oss",
            "codium",
            "vscodium",
            "cursor",
            "windsurf",
            "positron",
            "trae",
            "antigravity",
        ],
        Line::Goto,
        true,
    ),
    (&["subl", "sublime_text", "zed", "zeditor", "atom", "pulsar", "geany", "lapce"], Line::Suffix, true),
    (&["hx", "helix"], Line::Suffix, false),
    (
        &[
            "vi",
            "vim",
            "nvim",
            "view",
            "nano",
            "emacs-nox",
            "micro",
            "kak",
            "joe",
            "jed",
            "jmacs",
            "mg",
            "ne",
            "vis",
            "ee",
        ],
        Line::Plus,
        false,
    ),
    (&["emacs", "emacsclient"], Line::Plus, false),
    (&["gvim", "mvim", "gedit", "gnome-text-editor", "pluma", "bbedit", "nvim-qt"], Line::Plus, true),
    (&["kate", "kwrite", "mousepad"], Line::Option, true),
    (&["rustrover", "rustrover64", "idea", "idea64", "clion", "clion64", "fleet"], Line::Option, true),
    (&["mate"], Line::ShortOption, true),
    (&["notepad++"], Line::Number, true),
    (&["notepad", "write"], Line::Never, true),
];

/// Programs to look for when no variable names one: those with a window, then those in the terminal. A less
/// common one that is installed is the one to use.
const WITH_A_WINDOW: [&str; 8] =
    ["code", "codium", "cursor", "windsurf", "zed", "zeditor", "subl", "code-insiders"];
const IN_THE_TERMINAL: [&str; 8] = ["hx", "nvim", "micro", "kak", "nano", "vim", "emacs", "vi"];

/// What names an editor, in order.
const VARIABLES: [&str; 3] = ["KATA_EDITOR", "VISUAL", "EDITOR"];

/// The program that a student edits with, and its arguments.
#[derive(Debug, PartialEq)]
pub struct Editor {
    words: Vec<String>,
    /// The variable that names it.
    variable: Option<&'static str>,
}

impl Editor {
    /// The one that a variable names, or else a well-known one that is installed.
    ///
    /// # Errors
    ///
    /// When a variable names no program, or no well-known editor is installed.
    pub fn of_student() -> Result<Self> {
        Self::of(&Facts {
            system: std::env::consts::OS,
            variable: &|name| std::env::var(name).ok(),
            is_program: &is_program,
        })
    }

    /// # Errors
    ///
    /// When a variable names no program, or no well-known editor is installed.
    pub fn of(facts: &Facts<'_>) -> Result<Self> {
        for name in VARIABLES {
            let value = (facts.variable)(name).unwrap_or_default();
            // An address is for the page, which opens links.
            if value.trim().is_empty() || value.contains("://") {
                continue;
            }
            let Some(mut words) = split(value.trim(), facts) else {
                bail!(
                    "the variable {name} is `{value}`, which is not a program, or has an unclosed quote; set it to your editor's command, \
                     such as `nano`, `vim` or `code`"
                );
            };
            // Windows starts no `code.cmd` that is called `code`.
            if let Some(program) = on_path(&words[0], facts).filter(|_| facts.is_windows()) {
                words[0] = program.display().to_string();
            }
            return Ok(Self { words, variable: Some(name) });
        }
        let windows = WITH_A_WINDOW.iter().filter(|_| has_windows(facts));
        let known = windows.chain(&IN_THE_TERMINAL).chain(["notepad"].iter().filter(|_| facts.is_windows()));
        let found = known.copied().find_map(|name| Some((name, on_path(name, facts)?)));
        match found {
            Some((_, program)) if facts.is_windows() => {
                Ok(Self { words: vec![program.display().to_string()], variable: None })
            }
            Some((name, _)) => Ok(Self { words: vec![name.to_owned()], variable: None }),
            None => bail!(
                "no well-known editor is installed; set the variable EDITOR to your editor's command, such as `nano`, \
                 `vim` or `code`"
            ),
        }
    }

    /// The editor as the messages name it.
    pub fn described(&self) -> String {
        match self.variable {
            Some(variable) => format!("{self} (from the variable {variable})"),
            None => self.to_string(),
        }
    }

    /// Whether it has a window of its own, and so leaves the terminal alone.
    pub fn has_a_window(&self) -> bool {
        match kind(&self.words[0]) {
            // Emacs has both.
            Some(_) if name(&self.words[0]) == "emacsclient" => {
                !self.words.iter().any(|word| matches!(word.as_str(), "-t" | "-nw" | "--tty"))
                    && self
                        .words
                        .iter()
                        .any(|word| matches!(word.as_str(), "-c" | "-n" | "--create-frame" | "--no-wait"))
            }
            kind => kind.is_some_and(|(_, has_a_window)| has_a_window),
        }
    }

    /// The command that shows `line` of `file`.
    pub fn command(&self, root: &Path, file: &str, line: usize) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(self.arguments(file, line)).current_dir(root);
        command
    }

    fn arguments(&self, file: &str, line: usize) -> Vec<String> {
        let mut words = self.words[1..].to_vec();
        // The command has placeholders: its author knows an editor that this list does not.
        if words.iter().any(|word| word.contains("{file}")) {
            for word in &mut words {
                *word = word.replace("{file}", file).replace("{line}", &line.to_string());
            }
            return words;
        }
        words.extend(match kind(&self.words[0]).map(|(line, _)| line) {
            Some(Line::Goto) => vec!["-g".to_owned(), format!("{file}:{line}")],
            Some(Line::Suffix) => vec![format!("{file}:{line}")],
            Some(Line::Plus) => vec![format!("+{line}"), file.to_owned()],
            Some(Line::Option) => vec!["--line".to_owned(), line.to_string(), file.to_owned()],
            Some(Line::ShortOption) => vec!["-l".to_owned(), line.to_string(), file.to_owned()],
            Some(Line::Number) => vec![format!("-n{line}"), file.to_owned()],
            Some(Line::Never) | None => vec![file.to_owned()],
        });
        words
    }

    /// Whether only the student can say how it goes to a line.
    pub fn needs_instructions(&self) -> bool {
        kind(&self.words[0]).is_none() && !self.words.iter().any(|word| word.contains("{line}"))
    }
}

impl std::fmt::Display for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words.join(" "))
    }
}

fn kind(program: &str) -> Option<(Line, bool)> {
    let name = name(program);
    let found = EDITORS.iter().find(|(names, _, _)| names.contains(&name.as_str()));
    found.map(|(_, line, has_a_window)| (*line, *has_a_window))
}

/// The editor's own name: `vim` for `/usr/bin/vim.basic`, `code` for `C:\…\code.cmd`, `emacs` for `emacs-29.4`.
fn name(program: &str) -> String {
    let file = program.rsplit(['/', '\\']).next().unwrap_or(program).to_lowercase();
    let stem = file.split('.').next().unwrap_or(&file);
    match stem.rsplit_once('-') {
        Some((name, version)) if !version.is_empty() && version.chars().all(|c| c.is_ascii_digit()) => {
            name.to_owned()
        }
        _ => stem.to_owned(),
    }
}

/// Whether programs with a window can open one.
fn has_windows(facts: &Facts<'_>) -> bool {
    let is_in_editor = (facts.variable)("TERM_PROGRAM").is_some_and(|program| program == "vscode");
    let has_screen = matches!(facts.system, "windows" | "macos")
        || facts.has_variable(&["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]);
    is_in_editor || (has_screen && !facts.has_variable(&["SSH_CONNECTION", "SSH_TTY"]))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests;
