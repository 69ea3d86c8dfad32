//! `cargo kata grade`.

#![warn(clippy::missing_errors_doc)]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use clap::Parser;
use grade::batch::{self, Batch, Done};
use grade::builder::expanded;
use grade::canonical::Canonical;
use grade::formats::{self, Format};
use grade::grader::{Grader, Setup};
use grade::key::Key;
use grade::limits::Limits;
use grade::reading::{self, Reader};
use grade::sandbox::commands::{CONFINE, LIMITED, SUPERVISE};
use grade::sandbox::{Isolation, Tier, confine};
use grade::text::{clean, say};
use grade::verdict::Seeds;
use grade::work::Work;
use grade::{named, probes};
use kata::course::{self, Course, NoSuchLesson};
use kata::locks::{Tried, try_alone};
use kata::{Database, INTERNAL_ERROR, USAGE_ERROR};

/// Grades submissions: folders that hold `lessons/`, or archives of them, or a folder full of those.
///
/// Exit codes: 0 all gates pass; 1 some do not; 2 the command makes no sense, or a submission cannot be
/// read (the others are graded); 3 the grader or its sandbox failed; 4 a submission holds what no lesson allows, or has tried to
/// write its own verdict.
#[derive(Parser)]
#[command(name = "cargo kata grade", bin_name = "cargo kata grade", max_term_width = 100)]
struct Arguments {
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Only these lessons: `5`, `05`, `crud` or `05-crud`
    #[arg(long, value_delimiter = ',')]
    lesson: Vec<String>,
    /// How many lessons are graded at once; by default one for each processor
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,
    /// How many fresh seeds each gate is judged on, besides the published one
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    seeds: u8,
    /// To repeat a verdict: its fresh seeds, instead of new ones. Somebody may know them, so it is marked as a
    /// repetition, which is not a grade
    #[arg(long, value_delimiter = ',', conflicts_with_all = ["seeds", "resume"])]
    seed: Vec<u64>,
    /// The lowest tier of sandbox to accept. C has limits and nothing else; its verdicts are advisory
    #[arg(long, value_enum, ignore_case = true, default_value = "A")]
    min_tier: Tier,
    /// What to write besides verdict.json
    #[arg(long, value_enum, value_delimiter = ',', default_value = "json")]
    format: Vec<Format>,
    /// Where to write it
    #[arg(long, default_value = "target/kata/verdicts")]
    out: PathBuf,
    /// Continue an earlier run with the same `--out`: its verdicts on files that have not changed are kept
    #[arg(long)]
    resume: bool,
    /// Skip the scan of the source, which only explains early what would be refused anyway
    #[arg(long)]
    no_scan: bool,
    /// How much of the processor's time compiling one lesson may take; by the clock, three times as much
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    build_time: Option<u64>,
    /// How long one gate may take
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    gate_time: Option<u64>,
    /// How much memory one gate may take
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(64..=65536))]
    gate_memory: Option<u64>,
    /// The database to grade on: SQLite
    #[arg(long, value_enum, default_value = "sqlite")]
    db: Database,
}

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some(CONFINE) => return confine::confine(),
        Some(SUPERVISE) => return confine::supervise_inside(),
        Some(LIMITED) => return confine::limited(),
        Some(probes::PROBE) => return probes::probe(),
        Some(reading::READ) => return reading::read(),
        Some(expanded::INSPECT) => return expanded::inspect(),
        _ => {}
    }
    if let Some(code) = kata::build::recipe::as_wrapper() {
        return code;
    }
    // What a panic reports may quote a submission.
    std::panic::set_hook(Box::new(|panic| anstream::eprintln!("{}", clean(&panic.to_string()))));
    match run(&Arguments::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            anstream::eprintln!("error: {}", clean(&format!("{error:#}")));
            let is_nonsense = error.is::<NoSuchLesson>() || error.is::<Nonsense>();
            ExitCode::from(if is_nonsense { USAGE_ERROR } else { INTERNAL_ERROR })
        }
    }
}

/// A command that makes no sense.
#[derive(Debug, thiserror::Error)]
enum Nonsense {
    #[error(
        "submissions are graded on SQLite alone, not on `{}`: a database server would let one submission leave \
         something for the next",
        .0.name()
    )]
    Database(Database),
    #[error("`--out {}` does not end with the name of a folder; write that name, such as `--out verdicts`", .0.display())]
    Out(PathBuf),
    #[error(
        "`--seed {0}` cannot be used: name each seed that `verdict.json` lists as `fresh` once, and none that is larger \
         than 2^53"
    )]
    Seed(u64),
    #[error(transparent)]
    Submissions(#[from] named::Error),
}

fn run(arguments: &Arguments) -> Result<u8> {
    // The sandbox's user reads what this one makes for it, whatever the shell hides from others.
    #[cfg(unix)]
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    if arguments.db != Database::Sqlite {
        bail!(Nonsense::Database(arguments.db));
    }
    let root = course::find_root()?.canonicalize().context("the course's folder is gone")?;
    let course = Course::read(&root)?;
    let lessons = lessons(&course, &arguments.lesson)?;
    let out = std::path::absolute(&arguments.out)?;
    if out.file_name().is_none() {
        bail!(Nonsense::Out(arguments.out.clone()));
    }
    let helper = std::env::current_exe().context("cannot find itself")?;
    let reader = Reader { helper: &helper, course: &course, lessons: lessons.iter().copied().collect() };
    let uploads = named::uploads(&arguments.paths, &reader, &out).map_err(Nonsense::from)?;
    if !uploads.left_out.is_empty() {
        let names: Vec<_> =
            uploads.left_out.iter().map(|name| format!("`{}`", grade::text::line(name))).collect();
        say(format_args!("Not submissions, and left out: {}", names.join(", ")));
    }
    std::fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let lock = try_alone(&out.join(grade::LOCK))?;
    if matches!(lock, Tried::Taken) {
        bail!("another grader writes to {}; give this one another folder: `--out`", out.display());
    }

    let work = Work::begin(&root)?;
    let (isolation, why) = probes::best(&helper, &work.folder)?;
    if let Some(why) = why {
        let tier = isolation.tier();
        if tier < arguments.min_tier {
            bail!(
                "the sandbox of this machine is tier {tier}, and {} was asked for: {why:#}. `--min-tier C` grades \
                 all the same; look at such verdicts yourself",
                arguments.min_tier
            );
        }
        anstream::eprintln!("Tier {tier}: these verdicts are advisory. ({why:#})");
    }
    let seeds = seeds(arguments, &out)?;
    let canonical = Canonical::prepare(course, &lessons, &work.folder)?;
    let (build_limits, gate_limits) = limits(arguments);
    let setup = Setup { canonical, helper, seeds, build_limits, gate_limits, work: work.folder.clone() };
    let grader = Grader::new(setup, !arguments.no_scan);

    let stop = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // The first one lets running lessons finish; the second one ends the program.
        signal_hook::flag::register_conditional_shutdown(signal, 130, stop.clone())?;
        signal_hook::flag::register(signal, stop.clone())?;
    }
    let jobs = arguments.jobs.unwrap_or_else(processors);
    check_course(&grader, isolation, jobs)?;
    let (resume, repetition) = (arguments.resume, !arguments.seed.is_empty());
    let key = Key::beside(&out)?;
    let batch = Batch { grader: &grader, isolation, jobs, out: &out, resume, repetition, key, stop };
    let done = batch.run(&uploads.all)?;
    if done.len() == uploads.all.len() {
        write(&batch, &done, &arguments.format)?;
    } else {
        anstream::eprintln!(
            "Stopped after {} of {}. `--resume` goes on with the rest, and then writes what `--format` names.",
            done.len(),
            uploads.all.len()
        );
        return Ok(130);
    }
    if batch.repetition {
        say(format_args!(
            "They repeat earlier ones with the same seeds, which somebody may know: they are not grades."
        ));
    }
    say(format_args!("The verdicts are in {}.", arguments.out.display()));
    Ok(batch::worst(&done))
}

fn processors() -> u16 {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    u16::try_from(processors).unwrap_or(u16::MAX)
}

/// For compiling a lesson, and for a gate.
fn limits(arguments: &Arguments) -> (Limits, Limits) {
    let (mut build, mut gate) = (Limits::BUILD, Limits::GATE);
    if let Some(seconds) = arguments.build_time {
        build.wall_milliseconds = seconds * 3000;
        build.cpu_seconds = seconds;
    }
    if let Some(seconds) = arguments.gate_time {
        gate.wall_milliseconds = seconds * 1000;
        gate.cpu_seconds = seconds;
    }
    if let Some(mib) = arguments.gate_memory {
        gate.memory = mib << 20;
    }
    (build, gate)
}

/// Checks the course before the first submission, so that no student fails because of it.
fn check_course(grader: &Grader, isolation: Isolation, jobs: u16) -> Result<()> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let steps = &grader.setup.canonical.lessons;
    std::thread::scope(|scope| {
        let work = |worker: u16| {
            let next = &next;
            move || -> Result<()> {
                while let Some(step) = steps.get(next.fetch_add(1, Ordering::SeqCst)) {
                    grader.check(step, isolation.of_worker(worker))?;
                }
                Ok(())
            }
        };
        let workers: Vec<_> = (0..jobs).map(|worker| scope.spawn(work(worker))).collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, Result<()>>| {
            worker.join().unwrap_or_else(|_| bail!("a worker has died"))
        };
        workers.into_iter().try_for_each(join)
    })
    .context("the course itself is not in order")
}

fn lessons(course: &Course, names: &[String]) -> Result<BTreeSet<usize>> {
    if names.is_empty() {
        return Ok((0..course.lessons.len()).collect());
    }
    let place = |name: &String| {
        let lesson = course.lesson(name)?;
        course.lessons.iter().position(|other| other.number == lesson.number).context("a lesson has a place")
    };
    names.iter().map(place).collect()
}

/// New ones, unless somebody repeats a verdict: a student may have read those of an earlier run.
fn seeds(arguments: &Arguments, out: &Path) -> Result<Seeds> {
    let mut named = BTreeSet::new();
    let is_bad = |seed: &&u64| **seed == gates::PUBLISHED_SEED || **seed > 1 << 53 || !named.insert(**seed);
    if let Some(seed) = arguments.seed.iter().find(is_bad) {
        bail!(Nonsense::Seed(*seed));
    }
    let mut seeds = Seeds { published: gates::PUBLISHED_SEED, fresh: arguments.seed.clone() };
    while seeds.fresh.is_empty() || (arguments.seed.is_empty() && seeds.fresh.len() < arguments.seeds.into())
    {
        // Below 2^53, so that every reader of JSON reads the same number.
        let fresh = getrandom::u64().context("there are no random numbers")? >> 11;
        if fresh != seeds.published {
            seeds.fresh.push(fresh);
        }
    }
    formats::write(&out.join(grade::SEEDS), &serde_json::to_vec_pretty(&seeds)?)?;
    Ok(seeds)
}

fn write(batch: &Batch<'_>, done: &[Done], wanted: &[Format]) -> Result<()> {
    let out = batch.out;
    // Read again one by one, and held one by one.
    let verdicts = || done.iter().map(Done::verdict);
    for format in wanted {
        match format {
            Format::Json => {}
            Format::Junit => {
                for done in done {
                    // Its name in the verdict is written for a reader, and may not be the folder's.
                    let file = done.file.with_file_name("junit.xml");
                    formats::write(&file, formats::junit::text(&done.verdict()?)?.as_bytes())?;
                }
            }
            Format::Csv => {
                let canonical = &batch.grader.setup.canonical;
                let lessons: Vec<_> =
                    canonical.lessons.iter().map(|step| canonical.lesson(step).name.as_str()).collect();
                formats::write(&out.join("gradebook.csv"), &formats::csv::text(&lessons, verdicts())?)?;
            }
            Format::Summary => {
                let text = formats::summary::text(batch.isolation.tier() != Tier::A, verdicts())?;
                formats::write(&out.join("summary.md"), text.as_bytes())?;
                if let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY") {
                    let page = File::options().create(true).append(true).open(&file);
                    // The same is in `summary.md`, and the verdicts are more important than a page about them.
                    if let Err(error) = page.and_then(|mut page| page.write_all(text.as_bytes())) {
                        anstream::eprintln!("cannot write {}: {error}", file.display());
                    }
                }
            }
        }
    }
    Ok(())
}
