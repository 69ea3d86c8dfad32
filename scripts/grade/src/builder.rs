//! Compiles a lesson and its gates inside the sandbox, from the files of one submission.

mod built;
mod command;
pub mod expanded;
mod read;

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
use crate::reason::Reason;
use crate::sandbox::{self, Access, Isolation, Outcome, Shared, Spec, Tier};
use crate::text::line;
use crate::untrusted;
use read::Allowed;

pub use built::Built;

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
    /// For all of a lesson's commands together.
    pub limits: Limits,
    /// Folders that a submission must not see, wherever they lie.
    pub hidden: &'a [PathBuf],
    /// What rustc remembers of the solution or the skeleton: most of a submission is the same.
    pub incremental: Option<&'a Path>,
}

/// The folder beside the program in which rustc remembers.
pub const INCREMENTAL: &str = "out/incremental";
/// Among what the compiler makes, the source without macros.
const EXPANDED: &str = "expanded.rs";

/// What a linker needs of a system: programs, libraries, and what of both it has for itself.
const SYSTEM: [&str; 11] = [
    "/bin",
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/etc/alternatives",
    "/etc/ld.so.cache",
];
/// What rustc needs of its toolchain, which may be all of `/usr`.
const TOOLCHAIN: [&str; 3] = ["bin", "lib", "lib64"];
/// Of rustc's list of the files that it has read.
const LONGEST_LIST: u64 = 16 << 20;

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
        let mut built = Built::default();
        let recipe =
            self.moved(package, &places)?.into_folder(&places.out, &places.out.join("incremental"))?;
        // Some macros follow links on the way to the lesson. In tier A they see none of it.
        let real = course.canonicalize().context("the folder is gone")?;
        let inside = [&places.course, &real].map(|course| course.join(&package.folder)).to_vec();
        let allowed = Allowed { folder: &places.course, out: &places.out, inside };
        if !self.compile(&recipe.library, &allowed, &places, folder, &mut built)? {
            return Ok(built);
        }
        if expanded::may_hold_machine_code(&recipe.library, files) {
            let arguments = expanded::arguments(&recipe.library, &places.out.join(EXPANDED));
            let outcome = self.run(&recipe.library, arguments, &places, folder, &built)?;
            if !built.takes(&outcome) {
                return Ok(built);
            }
            built.refused = self.machine_code(&out.join(EXPANDED), folder)?.map(Reason::MachineCode);
            if built.refused.is_some() {
                return Ok(built);
            }
        }
        let allowed = Allowed { inside: vec![places.course.clone(), real], ..allowed };
        if !self.compile(&recipe.gate, &allowed, &places, folder, &mut built)? {
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

    /// Runs one of cargo's commands, and returns whether what it makes is fit for use.
    fn compile(
        &self,
        command: &Rustc,
        allowed: &Allowed<'_>,
        places: &Places,
        folder: &Path,
        built: &mut Built,
    ) -> Result<bool> {
        let outcome = self.run(command, command::arguments(command), places, folder, built)?;
        let succeeded = built.takes(&outcome);
        let list = command.dependency_file()?;
        let list = folder.join("out").join(list.file_name().context("a list has a name")?);
        // What does not compile may have none.
        if !succeeded && !list.exists() {
            return Ok(false);
        }
        let list = untrusted::read(&list, LONGEST_LIST).context("cannot find out what rustc has read")?;
        if let Some(file) = allowed.first_outside(&list) {
            built.refuse(Reason::ReadsOutside(line(&file)));
        }
        Ok(succeeded && built.refused.is_none())
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
            let (from, to) = (expanded.to_owned(), file.to_owned());
            spec.shared.push(Shared { from, to, access: Access::Read });
        }
        spec.arguments = vec![expanded::INSPECT.to_owned(), file.display().to_string()];
        spec.variables = System::this().helper();
        let outcome = sandbox::run(self.helper, &spec)?;
        Ok(match outcome.output.trim() {
            expanded::CLEAN => None,
            output => Some(match output.strip_prefix(expanded::FOUND) {
                Some(what) => crate::text::line(what),
                None => "too much expanded code to scan for machine code".to_owned(),
            }),
        })
    }

    fn run(
        &self,
        command: &Rustc,
        arguments: Vec<String>,
        places: &Places,
        folder: &Path,
        before: &Built,
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
        let outside = self.outside(folder);
        let share = |from, to: &PathBuf, access| Shared { from, to: to.clone(), access };
        // Where everything is shared anyway, this one is measured.
        let mut shared = vec![share(outside.out, &places.out, Access::Write)];
        if self.isolation.tier() == Tier::A {
            shared.extend(Shared::of_system(&SYSTEM, Access::Execute));
            shared.push(share(outside.course, &places.course, Access::Read));
            shared.push(share(outside.dependencies, &places.dependencies, Access::Read));
            for part in TOOLCHAIN.iter().filter(|part| outside.toolchain.join(part).is_dir()) {
                let (from, to) = (outside.toolchain.join(part), places.toolchain.join(part));
                shared.push(share(from, &to, Access::Execute));
            }
        }
        sandbox::run(
            self.helper,
            &Spec {
                isolation: self.isolation,
                root: folder.join("root"),
                shared,
                hidden: self.hidden.to_vec(),
                program,
                arguments,
                input: String::new(),
                variables,
                folder: places.course.clone(),
                scratch: places.scratch.clone(),
                make: Vec::new(),
                collect: None,
                trace: None,
                limits: before.left_of(self.limits),
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
