//! The commands of `cargo kata`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use kata::build::{self, recipe};
use kata::course::stages::NoSuchStage;
use kata::course::{self, Course, NoSuchLesson};
use kata::gate_name::{self, NoSuchGate};
use kata::guide::{self, Test};
use kata::{
    Database, INTERNAL_ERROR, USAGE_ERROR, check, completions, demo, derive, doctor, export, goto, open,
    postgres, process, progress, reference, reset, review, run as run_program, solution_diff, step_diff,
    update, warm, watch,
};

/// Shows the next gate to pass, and watches; with a command, does one thing.
#[derive(Parser)]
#[command(name = "cargo kata", bin_name = "cargo kata", max_term_width = 100, after_help = example(""))]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The database to run the gates on
    #[arg(long, global = true, value_enum, default_value_t)]
    db: Database,
    #[command(flatten)]
    watch: watch::Options,
}

#[derive(Subcommand)]
enum Command {
    /// Show the lesson to work on, and judge it at each save
    #[command(after_help = example("watch"))]
    Watch(watch::Options),
    /// Run the gates of one lesson
    #[command(after_help = example("test 5"))]
    Test {
        /// The lesson: `5`, `05`, `crud` or `05-crud`; or one gate of it: `5.3`; by default the lesson to work on
        #[arg(index = 1)]
        lesson: Option<String>,
        /// One stage of a lesson that has stages, by name or number
        #[arg(index = 2)]
        stage: Option<String>,
        /// Run the gates behind the first that does not pass too
        #[arg(long)]
        all: bool,
        /// Print the report as JSON (format 1, described in scripts/kata/README.md)
        #[arg(long)]
        json: bool,
        /// Show all of the compiler's errors, in its own words
        #[arg(long, conflicts_with = "json")]
        rustc: bool,
        /// For the guide that watches: each report is a line, and the first may come before all gates have run
        #[arg(long, hide = true)]
        early: bool,
        /// It always runs once; whoever knows `cargo kata --once` may say so
        #[arg(long, hide = true)]
        once: bool,
    },
    /// List the lessons and how far each is
    #[command(after_help = example("list"))]
    List {
        /// Print it as JSON (format 1, described in scripts/kata/README.md)
        #[arg(long)]
        json: bool,
    },
    /// Help with the gate to pass, a little at a time
    #[command(after_help = example("hint --level 2"))]
    Hint {
        /// The lesson, or one gate of it: `5.3`; by default the lesson to work on
        lesson: Option<String>,
        /// How much help: a direction, the name of what to use, the shape of the code
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
        level: u8,
    },
    /// Grade submissions that nobody has read: `cargo kata grade FOLDER`; `grade --help` says more
    #[command(disable_help_flag = true)]
    Grade {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Show what you have written beside the solution, once the lesson is passed
    #[command(after_help = example("diff 5"))]
    Diff {
        /// The lesson; by default the one to work on
        lesson: Option<String>,
        /// What one finished step changes in another: `--steps 4 5`
        #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with = "lesson")]
        steps: Option<Vec<String>>,
        /// Before it is passed, too
        #[arg(long)]
        spoil: bool,
    },
    /// Begin a lesson anew; asks first, and keeps a copy of what is there
    #[command(after_help = example("reset 5"))]
    Reset {
        /// The lesson
        #[arg(required_unless_present = "all")]
        lesson: Option<String>,
        /// All lessons
        #[arg(long, conflicts_with = "lesson")]
        all: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Make a lesson the one to work on
    #[command(after_help = example("goto 5"))]
    Goto {
        /// The lesson
        lesson: String,
    },
    /// Go on with the next lesson
    #[command(after_help = example("next"))]
    Next,
    /// Open what is to be edited in your editor
    #[command(after_help = example("open"))]
    Open {
        /// The lesson, or one gate of it: `5.3`; by default the lesson to work on
        lesson: Option<String>,
    },
    /// Run the program of a lesson; what stands behind `--` is for the program
    #[command(after_help = example("run 8 -- --help"))]
    Run {
        /// The lesson; by default the one to work on
        #[arg(index = 1)]
        lesson: Option<String>,
        /// What the program itself is told
        #[arg(index = 2, last = true)]
        arguments: Vec<OsString>,
    },
    /// Show how the reference solves a stage that you have passed
    #[command(after_help = example("show 8 board"))]
    Show {
        /// The lesson
        #[arg(index = 1)]
        lesson: String,
        /// The stage, by name or number; without it, the stages are listed
        #[arg(index = 2)]
        stage: Option<String>,
        /// Before it is passed, too
        #[arg(long)]
        spoil: bool,
    },
    /// Read the reference beside your own app, once all gates of a project pass
    #[command(after_help = example("review"))]
    Review {
        /// The lesson; by default the course's project
        lesson: Option<String>,
    },
    /// Show the finished step
    #[command(after_help = example("demo 5 -- --pause"))]
    Demo {
        /// The lesson
        #[arg(index = 1)]
        lesson: String,
        /// What the demo itself is told
        #[arg(index = 2, last = true)]
        arguments: Vec<String>,
    },
    /// Show what you have passed
    #[command(after_help = example("progress"))]
    Progress {
        /// Print it as JSON (format 1, described in scripts/kata/README.md)
        #[arg(long)]
        json: bool,
    },
    /// Look whether everything is there that the course needs
    #[command(after_help = example("doctor"))]
    Doctor,
    /// Take in a newer version of the course, and keep what you have written
    #[command(after_help = example("update --from ../new-course"))]
    Update {
        /// A folder, a git repository's address, or a branch, tag or commit; by default what the course's
        /// git repository has newest
        #[arg(long)]
        from: Option<String>,
    },
    /// For instructors: copy the course to a folder, to hand it out
    #[command(after_help = example("export --no-solutions ../course-for-students"))]
    Export {
        /// The folder to make
        folder: PathBuf,
        /// Leave out solutions, Order Up and what else gives them away
        #[arg(long)]
        no_solutions: bool,
    },
    /// Print what a shell needs to complete commands and lessons
    #[command(after_help = example("completions bash >> ~/.bashrc"))]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    #[command(hide = true)]
    Warm { lessons: Vec<String> },
    /// A PostgreSQL of your own, from the binaries that are installed
    #[command(subcommand, after_help = example("postgres start"))]
    Postgres(postgres::Action),
    /// For maintainers: write the lessons' code from the solutions
    #[command(after_help = example("derive --check"))]
    Derive {
        /// Write nothing; say what is stale
        #[arg(long)]
        check: bool,
        /// Write over lessons that somebody has changed, and keep a copy of what was there
        #[arg(long, conflicts_with = "check")]
        force: bool,
    },
    /// For maintainers: check that lessons, gates, tasks, hints and snapshots fit together
    #[command(after_help = example("check --sqlite-only"))]
    Check {
        /// Of the lessons, only this one: `5`, `05`, `crud` or `05-crud`
        lesson: Option<String>,
        /// On this many seeds do both databases leave the same snapshots, twice
        #[arg(long, default_value_t = 2)]
        seeds: u64,
        /// Without PostgreSQL
        #[arg(long)]
        sqlite_only: bool,
        /// Only whether compile errors are explained as the files in `tests/mistakes` say
        #[arg(long)]
        explanations: bool,
        /// Only whether the gates notice the typical mistakes in `tests/mistakes`
        #[arg(long, conflicts_with = "explanations")]
        mistakes: bool,
        /// Of the typical mistakes and compile errors only a third, another one for each number
        #[arg(long, value_name = "NUMBER")]
        part: Option<usize>,
    },
}

/// How a command is used.
fn example(words: &str) -> String {
    format!("Example: {}", format!("cargo kata {words}").trim_end())
}

fn main() -> ExitCode {
    if let Some(code) = recipe::as_wrapper() {
        return code;
    }
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            let is_usage_error =
                error.is::<NoSuchLesson>() || error.is::<NoSuchGate>() || error.is::<NoSuchStage>();
            ExitCode::from(if is_usage_error { USAGE_ERROR } else { INTERNAL_ERROR })
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<u8> {
    let root = course::find_root()?;
    if let Some(Command::Postgres(action)) = arguments.command {
        return postgres::run(&root, action);
    }
    if let Some(Command::Grade { arguments: words }) = arguments.command {
        return grade(&root, &words);
    }
    let course = Course::read(&root)?;
    let db = arguments.db;
    refuse_gate(arguments.command.as_ref())?;
    match arguments.command {
        None if watch::is_possible() && !arguments.watch.once => watch::watch(&course, db, arguments.watch),
        None => guide::once(&course, db),
        Some(Command::Watch(options)) if options.once => guide::once(&course, db),
        Some(Command::Watch(options)) => watch::watch(&course, db, options),
        Some(Command::Warm { lessons }) => warm::warm(&course, &lessons, db),
        Some(Command::Test { lesson, stage, all, json, rustc, early, once: _ }) => {
            let test = Test { name: lesson.as_deref(), stage: stage.as_deref(), all, json, rustc, early };
            guide::test(&course, test, db)
        }
        Some(Command::List { json }) => progress::list(&course, db, json),
        Some(Command::Progress { json }) => progress::progress(&course, db, json),
        Some(Command::Hint { lesson, level }) => guide::hint(&course, lesson.as_deref(), db, level),
        Some(Command::Diff { steps: Some(steps), spoil, .. }) => {
            step_diff::diff(&course, &steps[0], &steps[1], db, spoil)
        }
        Some(Command::Diff { lesson, spoil, .. }) => {
            solution_diff::diff(&course, lesson.as_deref(), db, spoil)
        }
        Some(Command::Reset { lesson, yes, .. }) => reset::reset(&course, lesson.as_deref(), yes),
        Some(Command::Goto { lesson }) => goto::goto(&course, &lesson, db),
        Some(Command::Next) => goto::next(&course, db),
        Some(Command::Open { lesson }) => open::open(&course, lesson.as_deref(), db),
        Some(Command::Run { lesson, arguments }) => {
            run_program::run(&course, lesson.as_deref(), db, &arguments)
        }
        Some(Command::Show { lesson, stage, spoil }) => {
            reference::show(&course, &lesson, stage.as_deref(), db, spoil)
        }
        Some(Command::Review { lesson }) => review::review(&course, lesson.as_deref(), db),
        Some(Command::Demo { lesson, arguments }) => demo::demo(&course, &lesson, db, &arguments),
        Some(Command::Doctor) => doctor::doctor(&course),
        Some(Command::Update { from }) => update::update(&course, from.as_deref()),
        Some(Command::Export { folder, no_solutions }) => export::export(&course, &folder, no_solutions),
        Some(Command::Completions { shell }) => {
            Ok(completions::completions(&course, Arguments::command(), shell))
        }
        Some(Command::Derive { check: true, .. }) => derive::check(&course),
        Some(Command::Derive { force, .. }) => derive::derive(&course, force),
        Some(Command::Check { lesson, seeds, sqlite_only, explanations, mistakes, part }) => {
            let what = check::What { seeds, sqlite_only, explanations, mistakes, part };
            check::check(&course, lesson.as_deref(), what)
        }
        Some(Command::Postgres(_) | Command::Grade { .. }) => {
            unreachable!("handled before the course is read")
        }
    }
}

/// Commands that take whole lessons refuse a gate.
fn refuse_gate(command: Option<&Command>) -> anyhow::Result<()> {
    let (command, name) = match command {
        Some(Command::Diff { lesson, .. }) => ("diff", lesson.as_deref()),
        Some(Command::Reset { lesson, .. }) => ("reset", lesson.as_deref()),
        Some(Command::Goto { lesson }) => ("goto", Some(lesson.as_str())),
        Some(Command::Demo { lesson, .. }) => ("demo", Some(lesson.as_str())),
        Some(Command::Run { lesson, .. }) => ("run", lesson.as_deref()),
        Some(Command::Show { lesson, .. }) => ("show", Some(lesson.as_str())),
        Some(Command::Review { lesson }) => ("review", lesson.as_deref()),
        Some(Command::Check { lesson, .. }) => ("check", lesson.as_deref()),
        _ => return Ok(()),
    };
    gate_name::refuse(command, name)
}

/// The grader is a package of its own, which a student never compiles.
fn grade(root: &Path, words: &[OsString]) -> anyhow::Result<u8> {
    course::check_grader(root)?;
    let mut command = build::cargo();
    let manifest = root.join("Cargo.toml");
    command.args(["run", "--quiet", "--locked", "--package", "grade", "--manifest-path"]).arg(manifest);
    command.arg("--").args(words);
    process::replace(&mut command)
}
