//! Compiles a lesson and its gates inside the sandbox, from the files of one submission.

mod command;
pub mod expanded;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kata::build::recipe::{Recipe, Rustc};
use kata::files::write;

use crate::canonical::{Canonical, Package, RUSTC};
use crate::environment::System;
use crate::intake::taken::Taken;
use crate::limits::Limits;
use crate::reason::{Reason, TooBusy};
use crate::sandbox::{self, End, Isolation, Outcome, Shared, Spec, Tier};

/// Where everything is, as a program in the sandbox sees it.
struct Places {
    course: PathBuf,
    dependencies: PathBuf,
    toolchain: PathBuf,
    out: PathBuf,
    scratch: PathBuf,
}

impl Places {
    /// In tier A.
    fn inside() -> Self {
        Self {
            course: "/course".into(),
            dependencies: "/dependencies".into(),
            toolchain: "/toolchain".into(),
            out: "/out".into(),
            scratch: "/scratch".into(),
        }
    }
}

/// One worker's way of building: its sandbox and its limits.
pub struct Builder<'a> {
    pub canonical: &'a Canonical,
    pub helper: &'a Path,
    pub isolation: Isolation,
    pub limits: Limits,
    /// What rustc remembers of the solution or the skeleton: most of a submission is the same.
    pub incremental: Option<&'a Path>,
}

/// The folder beside the program in which rustc remembers.
pub const INCREMENTAL: &str = "out/incremental";
/// Among what the compiler makes, the source without macros.
const EXPANDED: &str = "expanded.rs";

pub struct Built {
    /// The gates' program, or `None` if it does not compile.
    pub program: Option<PathBuf>,
    /// How the compiler ended that did not succeed.
    pub end: End,
    /// Machine code in it, in words. Then it is not linked.
    machine_code: Option<String>,
    pub diagnostics: String,
    pub milliseconds: u64,
    pub cpu_milliseconds: u64,
    pub sandbox_milliseconds: u64,
    pub peak_kib: u64,
}

/// What a compiler and a linker need of a system.
const SYSTEM: [&str; 7] =
    ["/usr", "/bin", "/lib", "/lib64", "/lib32", "/etc/alternatives", "/etc/ld.so.cache"];

impl Built {
    /// Adds a run of the compiler, and returns whether it has succeeded.
    fn takes(&mut self, outcome: &Outcome) -> bool {
        self.milliseconds += outcome.milliseconds;
        self.cpu_milliseconds += outcome.cpu_milliseconds;
        self.sandbox_milliseconds += outcome.sandbox_milliseconds;
        self.peak_kib = self.peak_kib.max(outcome.peak_kib);
        self.diagnostics.push_str(&outcome.output);
        self.end = outcome.end;
        self.end == End::Exited(0)
    }

    /// Why there is no program.
    ///
    /// # Errors
    ///
    /// When the compiler got too little of the processor for a verdict.
    pub fn reason(&self) -> Result<Reason, TooBusy> {
        match &self.machine_code {
            Some(what) => Ok(Reason::MachineCode(what.clone())),
            None => Reason::of_compiler(self.end, &self.diagnostics),
        }
    }
}

impl Builder<'_> {
    /// Compiles `files` of a package in `folder`, which is empty and the caller's to remove.
    ///
    /// # Errors
    ///
    /// When the sandbox fails. Where the files do not compile, there is no program.
    pub fn build(&self, package: &Package, files: &Taken, folder: &Path) -> Result<Built> {
        let (course, out) = (folder.join("course"), folder.join("out"));
        for (path, text) in &package.frame {
            write(&course.join(path), text)?;
        }
        for (path, text) in files {
            write(&course.join(&package.folder).join(path), text)?;
        }
        fs::create_dir_all(folder.join("root")).context("cannot make a folder")?;
        fs::create_dir_all(folder.join("scratch")).context("cannot make a folder")?;
        fs::create_dir_all(&out).context("cannot make a folder")?;
        if let Some(incremental) = self.incremental {
            // A copy of its own, so that no submission's compiler leaves anything for another's.
            copy(incremental, &folder.join(INCREMENTAL))?;
        }
        #[cfg(unix)]
        if let Isolation::OwnUser(user) = self.isolation {
            hand_over(&out, user)?;
        }

        let places = match self.isolation.tier() {
            Tier::A => Places::inside(),
            Tier::C => self.outside(folder),
        };
        let mut built = Built {
            program: None,
            end: End::Exited(0),
            machine_code: None,
            diagnostics: String::new(),
            milliseconds: 0,
            cpu_milliseconds: 0,
            sandbox_milliseconds: 0,
            peak_kib: 0,
        };
        let recipe =
            self.moved(package, &places)?.into_folder(&places.out, &places.out.join("incremental"))?;
        if !built.takes(&self.run(&recipe.library, command::arguments(&recipe.library), &places, folder)?) {
            return Ok(built);
        }
        if expanded::may_hold_machine_code(files) {
            let arguments = expanded::arguments(&recipe.library, &places.out.join(EXPANDED));
            if !built.takes(&self.run(&recipe.library, arguments, &places, folder)?) {
                return Ok(built);
            }
            built.machine_code = self.machine_code(&out.join(EXPANDED), folder)?;
            if built.machine_code.is_some() {
                return Ok(built);
            }
        }
        if !built.takes(&self.run(&recipe.gate, command::arguments(&recipe.gate), &places, folder)?) {
            return Ok(built);
        }
        let program = recipe.gate.output(false)?;
        let program = out.join(program.file_name().context("a program has a name")?);
        if !fs::symlink_metadata(&program).is_ok_and(|kind| kind.is_file()) {
            bail!("rustc succeeded and made no program");
        }
        built.program = Some(program);
        Ok(built)
    }

    /// Where everything is on this machine.
    fn outside(&self, folder: &Path) -> Places {
        Places {
            course: folder.join("course"),
            dependencies: self.canonical.dependencies.clone(),
            toolchain: self.canonical.toolchain.clone(),
            out: folder.join("out"),
            scratch: folder.join("scratch"),
        }
    }

    /// The package's two commands, with the course and the dependencies where they are in the sandbox.
    fn moved(&self, package: &Package, places: &Places) -> Result<Recipe> {
        let root = self.canonical.course.root.display().to_string();
        let mut recipe = package.recipe.clone();
        for command in [&mut recipe.library, &mut recipe.gate] {
            *command = command::moved(command, &root, &places.course, &places.dependencies)?;
        }
        Ok(recipe)
    }

    /// What a process of our own finds in the source without macros, which may hold anything.
    fn machine_code(&self, expanded: &Path, folder: &Path) -> Result<Option<String>> {
        let inspection = folder.join("inspection");
        let mut spec = Spec::of_program(self.isolation, self.helper, &inspection, self.limits)?;
        let file = if self.isolation.tier() == Tier::A { Path::new("/source") } else { expanded };
        if self.isolation.tier() == Tier::A {
            spec.shared.push(Shared { from: expanded.to_owned(), to: file.to_owned(), writable: false });
        }
        spec.arguments = vec![expanded::INSPECT.to_owned(), file.display().to_string()];
        spec.variables = System::this().helper();
        let outcome = sandbox::run(self.helper, &spec)?;
        Ok(match outcome.output.trim() {
            expanded::CLEAN => None,
            output => Some(match output.strip_prefix(expanded::FOUND) {
                Some(what) => crate::text::line(what),
                None => "more than can be looked through for machine code".to_owned(),
            }),
        })
    }

    fn run(
        &self,
        command: &Rustc,
        arguments: Vec<String>,
        places: &Places,
        folder: &Path,
    ) -> Result<Outcome> {
        let program = places.toolchain.join(RUSTC);
        let is_expanding = arguments.iter().any(|argument| argument.starts_with("-Z"));
        let variables: BTreeMap<_, _> = command
            .variables
            .iter()
            .filter(|(name, _)| command::keeps_variable(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .chain(System::this().compiler(&places.scratch.display().to_string()))
            .chain(is_expanding.then(|| ("RUSTC_BOOTSTRAP".to_owned(), "1".to_owned())))
            .collect();
        let mut shared = Vec::new();
        if self.isolation.tier() == Tier::A {
            let outside = self.outside(folder);
            shared = Shared::of_system(&SYSTEM);
            for (from, to, writable) in [
                (outside.course, &places.course, false),
                (outside.dependencies, &places.dependencies, false),
                (outside.toolchain, &places.toolchain, false),
                (outside.out, &places.out, true),
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
                arguments,
                input: String::new(),
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
