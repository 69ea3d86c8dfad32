//! The commands of `cargo kata`.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use crate::build::{self, recipe};
use crate::course::stages::NoSuchStage;
use crate::course::{self, Course, NoSuchLesson, version};
use crate::gate_name::{self, NoSuchGate};
use crate::guide::{self, Test};
use crate::{
    Database, INTERNAL_ERROR, PASSED, USAGE_ERROR, check, completions, demo, derive, doctor, export, goto,
    open, plan, postgres, process, progress, reference, reset, review, run as run_program, scaffold,
    solution_diff, step_diff, update, warm, watch,
};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Shows the next gate to pass, and checks it at each save. With a command, runs only that command.
#[derive(Parser)]
#[command(name = "cargo kata", bin_name = "cargo kata", max_term_width = 100, after_help = example(""))]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The database to run the gates on
    #[arg(long, global = true, value_enum, default_value_t)]
    db: Database,
    /// Print the version of the course
    #[arg(long, short = 'V')]
    version: bool,
    #[command(flatten)]
    watch: watch::Options,
}

#[derive(Subcommand)]
enum Command {
    /// Show the lesson to work on, and check it at each save
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
        /// Also run the gates after the first that does not pass
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
    /// List the lessons and your progress in each
    #[command(after_help = example("list"))]
    List {
        /// Print it as JSON (format 1, described in scripts/kata/README.md)
        #[arg(long)]
        json: bool,
    },
    /// Show a hint for the current gate, in three levels
    #[command(after_help = example("hint --level 2"))]
    Hint {
        /// The lesson, or one gate of it: `5.3`; by default the lesson to work on
        lesson: Option<String>,
        /// How much help: a direction, the name of what to use, the shape of the code
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
        level: u8,
    },
    /// Grade submissions in a sandbox: `cargo kata grade FOLDER`; `grade --help` shows its options
    #[command(disable_help_flag = true)]
    Grade {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Repeat a verdict of the grader from its bundle: `cargo kata verify NAME/bundle.json`
    #[command(disable_help_flag = true)]
    Verify {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Show your code beside the solution, once the lesson is passed
    #[command(after_help = example("diff 5"))]
    Diff {
        /// The lesson; by default the one to work on
        lesson: Option<String>,
        /// What one finished step changes in another: `--steps 4 5`
        #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with = "lesson")]
        steps: Option<Vec<String>>,
        /// Show it even if the lesson is not passed yet
        #[arg(long)]
        spoil: bool,
    },
    /// Start a lesson over; asks first, and keeps a copy of your work
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
    /// Change the lesson that you work on
    #[command(after_help = example("goto 5"))]
    Goto {
        /// The lesson
        lesson: String,
    },
    /// Go on to the next lesson
    #[command(after_help = example("next"))]
    Next,
    /// Open the place to edit in your editor
    #[command(after_help = example("open"))]
    Open {
        /// The lesson, or one gate of it: `5.3`; by default the lesson to work on
        lesson: Option<String>,
    },
    /// Show the course and your work in a browser; `page --help` shows its options
    #[command(disable_help_flag = true)]
    Page {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run a lesson's program; arguments after `--` are passed to it
    #[command(after_help = example("run 8 -- --help"))]
    Run {
        /// The lesson; by default the one to work on
        #[arg(index = 1)]
        lesson: Option<String>,
        /// Arguments for the program itself
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
        /// Show it even if the lesson is not passed yet
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
        /// Arguments for the demo itself
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
    /// Check that your computer has what the course needs
    #[command(after_help = example("doctor"))]
    Doctor,
    /// Merge a newer version of the course with your work
    #[command(after_help = example("update --from ../new-course"))]
    Update {
        /// A folder, the address of a git repository, or a branch, tag or commit; by default the newest commit
        /// of the course's git repository
        #[arg(long)]
        from: Option<String>,
    },
    /// For instructors: copy the course to a folder, to hand it out, or write an autograder for a platform
    #[command(after_help = example("export --no-solutions ../course-for-students"))]
    Export(export::Options),
    /// For instructors: divide the lessons among the sessions of a class
    #[command(after_help = example("plan --sessions 12 --minutes 90"))]
    Plan {
        /// How many sessions there are
        #[arg(long, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
        sessions: Option<usize>,
        /// How many minutes a session has at most, with its breaks
        #[arg(long, value_parser = clap::value_parser!(u32).range(30..=1440))]
        minutes: Option<u32>,
        /// Only these lessons: `1,3,4`; by default all
        #[arg(long, value_delimiter = ',', value_name = "LESSONS")]
        lesson: Vec<String>,
    },
    /// Print a script that lets your shell complete commands and lessons
    #[command(after_help = example("completions bash >> ~/.bashrc"))]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    #[command(hide = true)]
    Warm { lessons: Vec<String> },
    /// Your own PostgreSQL server, from the installed binaries
    #[command(subcommand, after_help = example("postgres start"))]
    Postgres(postgres::Action),
    /// For maintainers: create a lesson, with an example to replace
    #[command(after_help = example("new 09-topic"))]
    New {
        /// Its name: two digits and the topic
        name: String,
    },
    /// For maintainers: write the lessons' code from the solutions
    #[command(after_help = example("derive --check"))]
    Derive {
        /// Write nothing; list what is stale
        #[arg(long)]
        check: bool,
        /// Overwrite lessons that were changed by hand, and save a copy of them
        #[arg(long, conflicts_with = "check")]
        force: bool,
    },
    /// For maintainers: record the results of typical mistakes, so that the guide recognizes them
    #[command(after_help = example("labels 5"))]
    Labels {
        /// The lesson: `5`, `05`, `crud` or `05-crud`; by default all
        lesson: Option<String>,
        /// Without PostgreSQL
        #[arg(long)]
        sqlite_only: bool,
    },
    /// For maintainers: list what the lessons' texts promise, so that each promise has a gate
    #[command(after_help = example("promises 5"))]
    Promises {
        /// The lesson: `5`, `05`, `crud` or `05-crud`; by default all
        lesson: Option<String>,
    },
    /// For maintainers: check that lessons, gates, tasks, hints and snapshots match
    #[command(after_help = example("check --sqlite-only"))]
    Check {
        /// Only this lesson: `5`, `05`, `crud` or `05-crud`
        lesson: Option<String>,
        /// The number of seeds on which both databases must produce the same snapshots, twice
        #[arg(long, default_value_t = 2)]
        seeds: u64,
        /// Without PostgreSQL
        #[arg(long)]
        sqlite_only: bool,
        /// Only check that mistakes get the explanations that the files in `tests/mistakes` name
        #[arg(long)]
        explanations: bool,
        /// Only check that the gates catch the typical mistakes in `tests/mistakes`
        #[arg(long, conflicts_with = "explanations")]
        mistakes: bool,
        /// Only a sixth of the typical mistakes, the explained ones and the other right answers, each on one database;
        /// the number chooses which
        #[arg(long, value_name = "NUMBER")]
        part: Option<usize>,
    },
}

/// Commands that make no difference between databases, or check both. They accept `--db`, and their help is silent
/// about it.
const WITHOUT_DATABASE: [&str; 11] = [
    "check",
    "completions",
    "derive",
    "doctor",
    "export",
    "labels",
    "new",
    "plan",
    "postgres",
    "promises",
    "update",
];

/// What the command line offers.
fn offered() -> clap::Command {
    let command = Arguments::command();
    let db = command.get_arguments().find(|argument| argument.get_id() == "db").cloned();
    let hidden = db.map(|db| db.hide(true));
    let hide =
        |command: clap::Command, name: &str| command.mut_subcommand(name, |own| own.args(hidden.clone()));
    WITHOUT_DATABASE.into_iter().fold(command, hide)
}

/// How a command is used.
fn example(words: &str) -> String {
    format!("Example: {}", format!("cargo kata {words}").trim_end())
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(code) = recipe::as_wrapper() {
        return code;
    }
    let parsed = Arguments::from_arg_matches(&offered().get_matches());
    let arguments = parsed.unwrap_or_else(|error| error.exit());
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
    if arguments.version {
        let version = version::version(&root)?;
        anstream::println!("This is {} of the course.", version::named(version.as_deref()));
        return Ok(PASSED);
    }
    if let Some(Command::Postgres(action)) = arguments.command {
        return postgres::run(&root, action);
    }
    if let Some(Command::Grade { arguments: words }) = arguments.command {
        return grade(&root, &words);
    }
    if let Some(Command::Verify { arguments: words }) = arguments.command {
        return grade(&root, &[&["--verify".into()], &words[..]].concat());
    }
    if let Some(Command::Page { arguments: words }) = &arguments.command {
        return page(&root, arguments.db, words);
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
        Some(Command::Export(options)) => match options.autograder(&course)? {
            Some(words) => grade(&root, &words),
            None => options.export(&course),
        },
        Some(Command::Plan { sessions, minutes, lesson }) => plan::plan(&course, sessions, minutes, &lesson),
        Some(Command::Completions { shell }) => Ok(completions::completions(&course, offered(), shell)),
        Some(Command::New { name }) => scaffold::new_lesson(&course, &name),
        Some(Command::Derive { check: true, .. }) => derive::check(&course),
        Some(Command::Derive { force, .. }) => derive::derive(&course, force),
        Some(Command::Check { lesson, seeds, sqlite_only, explanations, mistakes, part }) => {
            let what = check::What { seeds, sqlite_only, explanations, mistakes, part };
            check::check(&course, lesson.as_deref(), what)
        }
        Some(Command::Labels { lesson, sqlite_only }) => {
            check::write_labels(&course, lesson.as_deref(), sqlite_only)
        }
        Some(Command::Promises { lesson }) => check::write_promises(&course, lesson.as_deref()),
        Some(
            Command::Postgres(_) | Command::Grade { .. } | Command::Verify { .. } | Command::Page { .. },
        ) => {
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
        Some(Command::Labels { lesson, .. }) => ("labels", lesson.as_deref()),
        Some(Command::Promises { lesson }) => ("promises", lesson.as_deref()),
        Some(Command::Check { lesson, .. }) => ("check", lesson.as_deref()),
        _ => return Ok(()),
    };
    gate_name::refuse(command, name)
}

/// The page is a package of its own, which is compiled when somebody asks for it.
fn page(root: &Path, database: Database, words: &[OsString]) -> anyhow::Result<u8> {
    let program = format!("page{}", std::env::consts::EXE_SUFFIX);
    if !build::place::target(root).join("debug").join(program).exists() {
        anstream::eprintln!("Compiling the page. This takes about a minute, the first time only.");
    }
    let mut command = tool(root, "page");
    command.args(["--db", database.name()]).args(words);
    // It has this program judge saves.
    command.env("KATA_PROGRAM", std::env::current_exe()?);
    // Cargo sets them for each program that it starts, and they count for a build.
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        command.env(format!("KATA_{name}"), std::env::var_os(name).unwrap_or_default());
    }
    process::replace(&mut command)
}

/// The grader is a package of its own, which a student never compiles.
fn grade(root: &Path, words: &[OsString]) -> anyhow::Result<u8> {
    course::check_grader(root)?;
    process::replace(tool(root, "grade").args(words))
}

/// The program of another package. What is added goes to the program.
fn tool(root: &Path, package: &str) -> std::process::Command {
    let mut command = build::cargo();
    command.args(["run", "--quiet", "--locked", "--package", package, "--manifest-path"]);
    command.arg(root.join("Cargo.toml")).arg("--");
    command
}
