//! The instructor's side: how each lesson is compiled, which gates it has, and its solution.

pub mod given;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use kata::Database;
use kata::build::recipe::Recipe;
use kata::build::{Build, build_gate, place};
use kata::course::{Course, Gate, Lesson, USED_BY_ALL, version};
use kata::locks::{Lock, wait_alone};
use kata::process::output;
use kata::{derive, files};
use sha2::{Digest, Sha256};

use crate::intake::taken::Taken;
use given::handed_in;

/// The compiler in its toolchain's folder.
pub const RUSTC: &str = if cfg!(windows) { "bin/rustc.exe" } else { "bin/rustc" };

/// All that is the same for every submission.
pub struct Canonical {
    pub course: Course,
    /// Of the course, for people.
    pub version: Option<String>,
    /// A name for all of it.
    pub digest: String,
    /// Where rustc and its libraries are.
    pub toolchain: PathBuf,
    /// A folder with the compiled dependencies and nothing else.
    pub dependencies: PathBuf,
    pub lessons: Vec<Step>,
}

/// One lesson.
pub struct Step {
    /// Its place in the course.
    pub index: usize,
    /// What submissions are compiled in.
    pub package: Package,
    /// What the solution is compiled in where that is not the same: a project's reference is a package with
    /// dependencies of its own.
    reference: Option<Package>,
    /// The solution's files, as a student would have handed them in.
    pub solution: Taken,
    /// The same files as they are handed out.
    pub skeleton: Taken,
}

/// A package of the course without what somebody writes in it.
pub struct Package {
    pub recipe: Recipe,
    /// In the workspace.
    pub folder: PathBuf,
    /// The files around those that are written: the gates, the manifest. By path in the workspace.
    pub frame: BTreeMap<PathBuf, String>,
}

impl Canonical {
    /// Has cargo build what every submission needs, in `course`, for the lessons with these places.
    ///
    /// # Errors
    ///
    /// When the course does not compile, or the compiler does not belong to a whole toolchain.
    pub fn prepare(course: Course, lessons: &BTreeSet<usize>, work: &Path) -> Result<Self> {
        let dependencies = work.join("dependencies");
        fs::create_dir_all(&dependencies)
            .with_context(|| format!("cannot make {}", dependencies.display()))?;
        let _lock = lock(&course.root)?;
        let mut steps = Vec::new();
        for index in lessons {
            let lesson = &course.lessons[*index];
            steps.push(
                Step::prepare(&course, *index, &dependencies)
                    .with_context(|| format!("cannot prepare lesson {}", lesson.name))?,
            );
        }
        let rustc = &steps.first().context("no lesson to grade")?.package.recipe.library.program;
        let toolchain = PathBuf::from(printed(&course.root, rustc, &["--print", "sysroot"])?);
        if !toolchain.join(RUSTC).is_file() {
            bail!(
                "{1} has no {RUSTC}, but {0} reports that toolchain; set RUSTC or `build.rustc` to the compiler of a \
                 complete toolchain",
                rustc.display(),
                toolchain.display()
            );
        }
        let digest = digest(&course, &steps, &printed(&course.root, rustc, &["-vV"])?)?;
        let version = version::version(&course.root)?;
        Ok(Self { course, version, digest, toolchain, dependencies, lessons: steps })
    }

    pub fn lesson(&self, step: &Step) -> &Lesson {
        &self.course.lessons[step.index]
    }
}

impl Step {
    fn prepare(course: &Course, index: usize, dependencies: &Path) -> Result<Self> {
        let lesson = &course.lessons[index];
        let handed_out = derive::handed_out(course, lesson)?;
        let completed = derive::completed(course, lesson)?;
        // A project is compiled as its skeleton is.
        let around = if lesson.is_project() { &handed_out } else { &completed };
        let package =
            Package::prepare(course, lesson, &lesson.package(), lesson.folder(), around, dependencies)?;
        let (mut reference, mut solution) = (None, handed_in(lesson, &lesson.folder(), &completed));
        if lesson.is_project() {
            let (name, folder) = (lesson.solution_package(), lesson.solution_folder());
            let files = given::reference(course, lesson)?;
            solution = handed_in(lesson, &folder, &files);
            reference = Some(Package::prepare(course, lesson, &name, folder, &files, dependencies)?);
        }
        let skeleton = handed_in(lesson, &lesson.folder(), &handed_out);
        Ok(Self { index, package, reference, solution, skeleton })
    }

    /// What the solution is compiled in.
    pub fn package_of_solution(&self) -> &Package {
        self.reference.as_ref().unwrap_or(&self.package)
    }

    /// Whether rustc compiles a submission as it compiles the solution, and so can begin with what it remembers.
    pub fn is_like_solution(&self) -> bool {
        self.reference.is_none()
    }

    /// The gates on the database on which submissions are graded.
    pub fn gates<'a>(&self, lesson: &'a Lesson) -> Vec<(usize, &'a Gate)> {
        lesson.gates_on(Database::Sqlite)
    }
}

/// One grader at a time has cargo build.
fn lock(root: &Path) -> Result<Lock> {
    let folder = place::shared(root);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    wait_alone(&folder.join("grade.lock"))
}

/// What the compiler prints where cargo starts it: which one rustup takes depends on the folder.
fn printed(root: &Path, rustc: &Path, arguments: &[&str]) -> Result<String> {
    output(Command::new(rustc).args(arguments).current_dir(root))
        .with_context(|| format!("{} {} failed", rustc.display(), arguments.join(" ")))
}

impl Package {
    /// Has cargo build what the package of this name needs, for `lesson`. Its own files are those in `around`, or on
    /// disk.
    fn prepare(
        course: &Course,
        lesson: &Lesson,
        name: &str,
        folder: PathBuf,
        around: &derive::Files,
        dependencies: &Path,
    ) -> Result<Self> {
        let recipe = Recipe::of(&course.root, name, &folder, Database::Sqlite)?;
        let build = build_gate(&course.root, name, Database::Sqlite)?;
        share(&build, &recipe, dependencies)?;
        let frame = frame(course, lesson, &folder, around)?;
        Ok(Self { recipe, folder, frame })
    }
}

/// The files around a student's: never a solution, a snapshot or another lesson's gate.
fn frame(
    course: &Course,
    lesson: &Lesson,
    folder: &Path,
    around: &derive::Files,
) -> Result<BTreeMap<PathBuf, String>> {
    let mut paths = vec![folder.join("tests/gate.rs"), folder.join("Cargo.toml")];
    paths.push(lesson.gate_file("rs"));
    paths.extend(lesson.gate_sources().into_iter().map(|(_, path)| path));
    // Some make the crate's documentation of it.
    paths.extend(Some(folder.join("README.md")).filter(|path| course.root.join(path).is_file()));
    let read = |path: PathBuf| {
        let text = match around.get(&path) {
            // A student may grade in the copy of the course in which they work.
            Some(text) => text.clone(),
            None => files::read_text(&course.root.join(&path))?,
        };
        Ok((path, text))
    };
    paths.into_iter().map(read).collect()
}

/// What rustc reads of a compiled dependency; the last three are plugins of its own.
const LINKED: [&str; 5] = ["rlib", "rmeta", "so", "dylib", "dll"];

/// Puts what cargo has compiled for the step into one folder: everything but the step itself.
fn share(build: &Build, recipe: &Recipe, folder: &Path) -> Result<()> {
    let own = recipe.library.output(true)?;
    for artifact in &build.artifacts {
        let is_of_course = artifact.package_id.repr.starts_with("path+");
        for file in artifact.filenames.iter().map(|file| file.as_std_path()) {
            // Cargo may have a second name for the step elsewhere.
            let is_step = file.with_extension("rlib") == own || file.parent() != own.parent();
            let is_linked =
                file.extension().and_then(|it| it.to_str()).is_some_and(|it| LINKED.contains(&it));
            if is_linked && !(is_of_course && is_step) {
                link(file, folder)?;
            }
        }
    }
    // What a package of the course is called by cargo is not what rustc reads.
    for extern_file in recipe.library.externs().chain(recipe.gate.externs()) {
        if extern_file != own {
            link(extern_file, folder)?;
            let metadata = extern_file.with_extension("rmeta");
            if metadata.exists() {
                link(&metadata, folder)?;
            }
        }
    }
    Ok(())
}

fn link(file: &Path, folder: &Path) -> Result<()> {
    let target = folder.join(file.file_name().context("a file has a name")?);
    if target.exists() {
        return Ok(());
    }
    fs::hard_link(file, &target)
        .or_else(|_| fs::copy(file, &target).map(drop))
        .with_context(|| format!("cannot share {}", file.display()))
}

fn digest(course: &Course, steps: &[Step], rustc: &str) -> Result<String> {
    let mut digest = Sha256::new();
    digest.update(rustc);
    digest.update(env!("CARGO_PKG_VERSION"));
    let mut add = |path: &Path, text: &[u8]| {
        digest.update(format!("\n{} {}\n", path.display(), text.len()));
        digest.update(text);
    };
    let mut paths: Vec<PathBuf> =
        ["Cargo.toml", "Cargo.lock", "tests/Cargo.toml"].map(PathBuf::from).to_vec();
    for folder in USED_BY_ALL.into_iter().chain(["scripts/shared-features"]) {
        let files = files::below(&course.root.join(folder))?;
        paths.extend(files.into_iter().map(|file| Path::new(folder).join(file)));
    }
    for step in steps {
        let lesson = &course.lessons[step.index];
        paths.push(lesson.gate_file("toml"));
        let gates = step.gates(lesson);
        paths.extend(gates.iter().map(|(_, gate)| lesson.snapshot_file(&gate.name)));
        for package in [Some(&step.package), step.reference.as_ref()].into_iter().flatten() {
            for (path, text) in &package.frame {
                add(path, text.as_bytes());
            }
        }
        for (path, bytes) in &step.solution {
            add(&step.package_of_solution().folder.join(path), bytes);
        }
    }
    for path in paths {
        let text = fs::read(course.root.join(&path));
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        add(&path, &files::text::normalized(&text));
    }
    Ok(kata::digest::hex(&digest.finalize()))
}
