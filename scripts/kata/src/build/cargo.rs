//! Runs cargo and reads its own report, never printed text.

use std::io::{BufReader, IsTerminal, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use cargo_metadata::{Artifact, Message};

use super::interruption;
use crate::files::detours::without_detours;
use crate::{process, stdout};

/// What came of a build.
#[derive(Default)]
pub struct Build {
    /// The test binary, if all compiled.
    pub executable: Option<PathBuf>,
    /// The same errors, with all that rustc knows of them.
    pub diagnostics: Vec<Diagnostic>,
    /// rustc's messages as rustc words them, for the package's own code.
    pub errors: Vec<String>,
    /// Where they are: file, as cargo names it, and line.
    pub error_places: Vec<(PathBuf, usize)>,
    pub warnings: Vec<String>,
    pub artifacts: Vec<Artifact>,
    /// How many of the errors, and of their places, are in `schema.rs`.
    pub(super) in_schema: (usize, usize),
    /// An error says that something is wrong with what the package is compiled with, or with the compiler.
    pub(super) is_about_dependencies: bool,
    /// While it is there, no other `cargo kata` puts another program in the place of this one.
    pub(super) _lock: Option<crate::locks::Lock>,
}

/// rustc's errors about compiled dependencies that are missing, stale or of another compiler. They name the
/// place in the package's source that asks for the dependency.
const ABOUT_DEPENDENCIES: [&str; 9] =
    ["E0457", "E0460", "E0461", "E0462", "E0463", "E0464", "E0514", "E0519", "E0786"];

impl Build {
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        // rustc closes with a count, which is not an error of its own.
        if diagnostic.message.starts_with("aborting due to") {
            return;
        }
        let code = diagnostic.code.as_ref().map(|code| code.code.as_str());
        self.is_about_dependencies |= matches!(diagnostic.level, DiagnosticLevel::Ice)
            || code.is_some_and(|code| ABOUT_DEPENDENCIES.contains(&code));
        let text = diagnostic.rendered.clone().unwrap_or_else(|| diagnostic.message.clone());
        match diagnostic.level {
            DiagnosticLevel::Error | DiagnosticLevel::Ice => {
                // The other spans are what the compiler was reminded of.
                let spans = diagnostic.spans.iter().filter(|span| span.is_primary);
                let places: Vec<_> = spans
                    .map(|span| (PathBuf::from(without_detours(&span.file_name)), span.line_start))
                    .collect();
                // What is wrong in `table!` is wrong again in each struct and query, and rustc often says so
                // before it names the cause.
                let mut at = (self.errors.len(), self.error_places.len());
                if places.iter().any(|(file, _)| file.ends_with("schema.rs")) {
                    at = self.in_schema;
                    self.in_schema = (at.0 + 1, at.1 + places.len());
                }
                self.errors.insert(at.0, text);
                self.diagnostics.insert(at.0, diagnostic);
                self.error_places.splice(at.1..at.1, places);
            }
            DiagnosticLevel::Warning => self.warnings.push(text),
            _ => {}
        }
    }
}

/// Cargo's own variable for when to show its progress; where it is set, progress is wanted.
pub const PROGRESS: &str = "CARGO_TERM_PROGRESS_WHEN";

/// The cargo that runs this tool, so that both use the same toolchain.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a cargo command that builds, and collects its messages. Its progress goes to the terminal.
///
/// # Errors
///
/// When cargo cannot be started, or fails without naming an error in the code.
pub fn build(root: &Path, mut command: Command) -> Result<Build> {
    let color = if stdout::has_colors() { "-diagnostic-rendered-ansi" } else { "" };
    command.arg(format!("--message-format=json{color}")).current_dir(root);
    // Cargo's progress is for a terminal. Elsewhere it is kept, in case cargo fails without a
    // word in its report.
    let mut progress = tempfile::tempfile().context("cannot make a temporary file")?;
    let is_watched = std::io::stderr().is_terminal() || std::env::var_os(PROGRESS).is_some();
    if !is_watched {
        command.stderr(progress.try_clone()?);
    }
    let (mut child, _running) =
        interruption::spawn(command.stdout(Stdio::piped())).context("cannot start cargo")?;
    let stdout = child.stdout.take().context("cargo has no output")?;
    let mut build = Build::default();
    let mut finished = None;
    for message in Message::parse_stream(BufReader::new(stdout)) {
        match message.context("cannot read cargo's report")? {
            Message::CompilerMessage(message) => build.add(message.message),
            Message::CompilerArtifact(artifact) => {
                // A solution's demo has an executable too.
                if let (Some(executable), true) = (&artifact.executable, artifact.profile.test) {
                    build.executable = Some(executable.clone().into());
                }
                build.artifacts.push(artifact);
            }
            Message::BuildFinished(end) => finished = Some(end.success),
            _ => {}
        }
    }
    child.wait().context("cannot wait for cargo")?;
    match finished {
        Some(true) => Ok(build),
        Some(false) if !build.errors.is_empty() => Ok(Build { executable: None, ..build }),
        _ => {
            let mut text = String::new();
            progress
                .rewind()
                .and_then(|()| progress.read_to_string(&mut text))
                .context("cargo could not build")?;
            bail!("cargo could not build:\n{text}")
        }
    }
}

/// What a compiler that was asked for JSON has printed: as a person reads it, and its errors.
pub fn diagnostics(output: &str) -> (String, Vec<Diagnostic>) {
    let (mut text, mut errors) = (String::new(), Vec::new());
    for line in output.lines() {
        match serde_json::from_str::<Diagnostic>(line) {
            Ok(diagnostic) => {
                text += diagnostic.rendered.as_deref().unwrap_or(&diagnostic.message);
                let is_error = diagnostic.level == DiagnosticLevel::Error;
                // rustc closes with a count, which is not an error of its own.
                if is_error && !diagnostic.message.starts_with("aborting due to") {
                    errors.push(diagnostic);
                }
            }
            // What is not its report, such as the linker's words.
            Err(_) => {
                text += line;
                text.push('\n');
            }
        }
    }
    (text, errors)
}

/// The names of the tests in a binary, as `module::name`.
///
/// # Errors
///
/// When the binary cannot be run.
pub fn tests(executable: &Path) -> Result<Vec<String>> {
    let text = process::output(Command::new(executable).args(["--list", "--format", "terse"]))?;
    Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}
