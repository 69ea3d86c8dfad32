//! Compiles a lesson and its gates inside the sandbox, from the files of one submission.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kata::build::recipe::{Recipe, Rustc};
use kata::files::write;

use crate::canonical::{Canonical, Step};
use crate::environment::System;
use crate::intake::taken::Taken;
use crate::limits::Limits;
use crate::sandbox::{self, End, Isolation, Outcome, Shared, Spec, Tier};

/// Where everything is, as a program in the sandbox sees it.
struct Places {
    course: PathBuf,
    dependencies: PathBuf,
    toolchain: PathBuf,
    out: PathBuf,
    scratch: PathBuf,
}

/// One worker's way of building: its sandbox and its limits.
pub struct Builder<'a> {
    pub canonical: &'a Canonical,
    pub helper: &'a Path,
    pub isolation: Isolation,
    pub limits: Limits,
    /// What rustc remembers of the solution: most of a submission is the same.
    pub remembered: Option<&'a Path>,
}

/// The folder beside the program in which rustc remembers.
pub const REMEMBERED: &str = "out/incremental";

pub struct Built {
    /// The gates' program, or `None` if it does not compile.
    pub program: Option<PathBuf>,
    /// How the compiler ended that did not succeed.
    pub end: End,
    pub diagnostics: String,
    pub milliseconds: u64,
    pub cpu_milliseconds: u64,
    pub sandbox_milliseconds: u64,
    pub peak_kib: u64,
}

/// The compiler in its toolchain's folder.
pub const RUSTC: &str = if cfg!(windows) { "bin/rustc.exe" } else { "bin/rustc" };

/// What a compiler and a linker need of a system.
const SYSTEM: [&str; 7] =
    ["/usr", "/bin", "/lib", "/lib64", "/lib32", "/etc/alternatives", "/etc/ld.so.cache"];

impl Builder<'_> {
    /// Compiles `files` of a lesson in `folder`, which is empty and the caller's to remove.
    pub fn build(&self, step: &Step, files: &Taken, folder: &Path) -> Result<Built> {
        let lesson = self.canonical.lesson(step);
        let (course, out) = (folder.join("course"), folder.join("out"));
        for (path, text) in &step.frame {
            write(&course.join(path), text)?;
        }
        for (path, text) in files {
            write(&course.join(lesson.folder()).join(path), text)?;
        }
        fs::create_dir_all(folder.join("root")).context("cannot make a folder")?;
        fs::create_dir_all(folder.join("scratch")).context("cannot make a folder")?;
        fs::create_dir_all(&out).context("cannot make a folder")?;
        if let Some(remembered) = self.remembered {
            // A copy of its own, so that no submission's compiler leaves anything for another's.
            copy(remembered, &folder.join(REMEMBERED))?;
        }
        #[cfg(unix)]
        if let Isolation::OwnUser(user) = self.isolation {
            hand_over(&out, user)?;
        }

        let places = self.places(folder);
        let mut built = Built {
            program: None,
            end: End::Exited(0),
            diagnostics: String::new(),
            milliseconds: 0,
            cpu_milliseconds: 0,
            sandbox_milliseconds: 0,
            peak_kib: 0,
        };
        let recipe = self.moved(step, &places)?.into_folder(&places.out, &places.out.join("incremental"))?;
        for command in [&recipe.library, &recipe.gate] {
            let outcome = self.run(command, &places, folder)?;
            built.milliseconds += outcome.milliseconds;
            built.cpu_milliseconds += outcome.cpu_milliseconds;
            built.sandbox_milliseconds += outcome.sandbox_milliseconds;
            built.peak_kib = built.peak_kib.max(outcome.peak_kib);
            built.diagnostics.push_str(&outcome.output);
            if outcome.end != End::Exited(0) {
                built.end = outcome.end;
                return Ok(built);
            }
        }
        let program = recipe.gate.output(false)?;
        let program = out.join(program.file_name().context("a program has a name")?);
        if !fs::symlink_metadata(&program).is_ok_and(|kind| kind.is_file()) {
            bail!("rustc succeeded and made no program");
        }
        built.program = Some(program);
        Ok(built)
    }

    fn places(&self, folder: &Path) -> Places {
        match self.isolation.tier() {
            Tier::A => Places {
                course: "/course".into(),
                dependencies: "/dependencies".into(),
                toolchain: "/toolchain".into(),
                out: "/out".into(),
                scratch: "/scratch".into(),
            },
            Tier::C => Places {
                course: folder.join("course"),
                dependencies: self.canonical.dependencies.clone(),
                toolchain: self.canonical.toolchain.clone(),
                out: folder.join("out"),
                scratch: folder.join("scratch"),
            },
        }
    }

    /// The lesson's two commands, with the course and the dependencies where they are in the sandbox.
    fn moved(&self, step: &Step, places: &Places) -> Result<Recipe> {
        let root = self.canonical.course.root.display().to_string();
        let mut recipe = step.recipe.clone();
        for command in [&mut recipe.library, &mut recipe.gate] {
            *command = moved(command, &root, &places.course, &places.dependencies)?;
        }
        Ok(recipe)
    }

    fn run(&self, command: &Rustc, places: &Places, folder: &Path) -> Result<Outcome> {
        let program = places.toolchain.join(RUSTC);
        let variables: BTreeMap<_, _> = command
            .variables
            .iter()
            .filter(|(name, _)| {
                name.starts_with("CARGO_PKG") || *name == "CARGO_CRATE_NAME" || is_folder(name)
            })
            .map(|(name, value)| (name.clone(), value.clone()))
            .chain(System::this().compiler(&places.scratch.display().to_string()))
            .collect();
        let mut shared = Vec::new();
        if self.isolation.tier() == Tier::A {
            let host = Places {
                course: folder.join("course"),
                dependencies: self.canonical.dependencies.clone(),
                toolchain: self.canonical.toolchain.clone(),
                out: folder.join("out"),
                scratch: PathBuf::new(),
            };
            shared = system(&SYSTEM);
            for (from, to, writable) in [
                (host.course, &places.course, false),
                (host.dependencies, &places.dependencies, false),
                (host.toolchain, &places.toolchain, false),
                (host.out, &places.out, true),
            ] {
                shared.push(Shared { from, to: to.clone(), writable });
            }
        }
        sandbox::run(
            self.helper,
            &Spec {
                isolation: self.isolation,
                root: folder.join("root"),
                shared,
                program,
                arguments: arguments(command),
                variables,
                folder: places.course.clone(),
                scratch: places.scratch.clone(),
                make: Vec::new(),
                collect: None,
                trace: None,
                limits: self.limits,
            },
        )
    }
}

/// The command with the course and the dependencies in other places. Cargo keeps compiled dependencies in
/// several folders, when it compiles for a target by name: those of the compiler's own plugins are apart.
fn moved(command: &Rustc, root: &str, course: &Path, dependencies: &Path) -> Result<Rustc> {
    let mut moved = command.clone();
    for text in moved.variables.values_mut() {
        *text = text.replace(root, &course.display().to_string());
    }
    let mut option = "";
    let mut arguments = Vec::new();
    for word in &command.arguments {
        let there = |file: &str| -> Result<String> {
            let name = Path::new(file).file_name().context("a compiled dependency has a name")?;
            Ok(dependencies.join(name).display().to_string())
        };
        arguments.push(match (option, word.split_once('=')) {
            ("--out-dir", _) => dependencies.display().to_string(),
            ("-L", Some(("dependency", _))) => format!("dependency={}", dependencies.display()),
            ("--extern", Some((name, file))) => format!("{name}={}", there(file)?),
            _ => word.replace(root, &course.display().to_string()),
        });
        option = word;
    }
    moved.arguments = arguments;
    Ok(moved)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.with_context(|| format!("cannot read {}", from.display()))?;
        let target = to.join(entry.path().strip_prefix(from)?);
        let copied = match entry.file_type().is_dir() {
            true => fs::create_dir_all(&target),
            false => fs::copy(entry.path(), &target).map(drop),
        };
        copied.with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

/// Makes everything in `folder` the sandbox's user's.
#[cfg(unix)]
fn hand_over(folder: &Path, user: u32) -> Result<()> {
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        std::os::unix::fs::lchown(entry.path(), Some(user), Some(user))
            .with_context(|| format!("cannot hand {} over", entry.path().display()))?;
    }
    Ok(())
}

/// Those folders of the system that there are.
pub fn system(folders: &[&str]) -> Vec<Shared> {
    let there = folders.iter().map(PathBuf::from).filter(|folder| fs::symlink_metadata(folder).is_ok());
    there.map(|folder| Shared { from: folder.clone(), to: folder, writable: false }).collect()
}

fn is_folder(name: &str) -> bool {
    matches!(name, "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "INSTA_WORKSPACE_ROOT")
}

/// Cargo's arguments, for a reader who is a person, and without what leads to other folders.
fn arguments(command: &Rustc) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut words = command.arguments.iter().peekable();
    while let Some(word) = words.next() {
        let next = words.peek().map(|next| next.as_str()).unwrap_or_default();
        let is_left_out =
            (word == "-L" && next.starts_with("native=")) || (word == "-C" && next.starts_with("debuginfo="));
        if is_left_out {
            words.next();
        } else if !word.starts_with("--error-format") && !word.starts_with("--json") {
            arguments.push(word.clone());
        }
    }
    // The last word counts: neither the manifest nor an attribute takes it back.
    arguments.extend(["-C", "debuginfo=0"].map(str::to_owned));
    arguments.extend(["-F", "unsafe_code", "-A", "warnings", "--color", "never"].map(str::to_owned));
    // What is read is what is compiled: rustc refuses these, and a submission cannot allow them.
    arguments.extend(["-F", "text_direction_codepoint_in_comment"].map(str::to_owned));
    arguments.extend(["-F", "text_direction_codepoint_in_literal"].map(str::to_owned));
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_found_wherever_cargo_has_compiled_them() {
        for target in
            ["/course/target/debug", "/course/target/x86_64-unknown-linux-gnu/debug", "/elsewhere/debug"]
        {
            let words = format!(
                "--crate-name gate lessons/01/tests/gate.rs --out-dir {target}/deps -L dependency={target}/deps \
                 -L dependency=/elsewhere/host/deps --extern step={target}/deps/libstep-1.rlib \
                 --extern plugin=/elsewhere/host/deps/libplugin-2.so --cfg path=\"/course/x\""
            );
            let command = Rustc {
                wrappers: Vec::new(),
                program: "rustc".into(),
                arguments: words.split(' ').map(str::to_owned).collect(),
                variables: [("CARGO_MANIFEST_DIR".to_owned(), "/course/lessons/01".to_owned())].into(),
                folder: "/course".into(),
            };
            let moved = moved(&command, "/course", Path::new("/in"), Path::new("/dependencies")).unwrap();
            assert_eq!(
                moved.arguments.join(" "),
                "--crate-name gate lessons/01/tests/gate.rs --out-dir /dependencies -L dependency=/dependencies \
                 -L dependency=/dependencies --extern step=/dependencies/libstep-1.rlib \
                 --extern plugin=/dependencies/libplugin-2.so --cfg path=\"/in/x\""
            );
            assert_eq!(moved.variables["CARGO_MANIFEST_DIR"], "/in/lessons/01");
        }
    }
}
