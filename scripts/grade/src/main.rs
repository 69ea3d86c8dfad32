//! `cargo kata grade`.

#![warn(clippy::missing_errors_doc)]

mod arguments;
mod export;
mod from_verdicts;
mod verify;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use arguments::{Arguments, Nonsense};
use clap::Parser;
use from_verdicts::{merge_shards, write_all, write_book};
use grade::batch::{self, Batch};
use grade::book::{Book, Error};
use grade::builder::expanded;
use grade::canonical::Canonical;
use grade::explaining;
use grade::formats;
use grade::grader::{Grader, Setup};
use grade::key::{Key, Unusable};
use grade::reading::{self, Reader};
use grade::sandbox::commands::{CONFINE, LIMITED, SUPERVISE};
use grade::sandbox::{Isolation, confine};
use grade::shard::record::{File, Record};
use grade::text::{clean, say};
use grade::verdict::Seeds;
use grade::work::{self, Work};
use grade::{bundle, merge, named, probes};
use kata::course::{self, Course, NoSuchLesson};
use kata::{Database, INTERNAL_ERROR, USAGE_ERROR};

fn main() -> ExitCode {
    match std::env::args_os().nth(1).as_deref().and_then(OsStr::to_str) {
        Some(CONFINE) => return confine::confine(),
        Some(SUPERVISE) => return confine::supervise_inside(),
        Some(LIMITED) => return confine::limited(),
        Some(probes::PROBE) => return probes::probe(),
        Some(reading::READ) => return reading::read(),
        Some(explaining::EXPLAIN) => return explaining::answer(),
        Some(expanded::INSPECT) => return expanded::inspect(),
        _ => {}
    }
    if let Some(code) = kata::build::recipe::as_wrapper() {
        return code;
    }
    // What a panic reports may quote a submission.
    std::panic::set_hook(Box::new(|panic| anstream::eprintln!("{}", clean(&panic.to_string()))));
    match execute() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            anstream::eprintln!("error: {}", clean(&format!("{error:#}")));
            let is_fault = |nonsense: &Nonsense| {
                matches!(
                    nonsense,
                    Nonsense::Book(Error::Other(_))
                        | Nonsense::Bundle(bundle::Error::Other(_))
                        | Nonsense::Merge(merge::Error::Other(_))
                        | Nonsense::Key(Unusable::Other(_))
                )
            };
            let is_nonsense = error.is::<NoSuchLesson>()
                || error.downcast_ref().is_some_and(|nonsense| !is_fault(nonsense));
            ExitCode::from(if is_nonsense { USAGE_ERROR } else { INTERNAL_ERROR })
        }
    }
}

fn execute() -> Result<u8> {
    if std::env::args_os().nth(1).is_some_and(|word| word == kata::export::AUTOGRADER) {
        return export::export();
    }
    let arguments = Arguments::parse();
    match arguments.verify.clone() {
        Some(bundle) => verify::verify(&bundle, arguments, &run),
        None => run(&arguments),
    }
}

fn run(arguments: &Arguments) -> Result<u8> {
    // The sandbox's user reads what this one makes for it, whatever the shell hides from others.
    #[cfg(unix)]
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    if arguments.probe {
        return probe(arguments);
    }
    if arguments.db != Database::Sqlite {
        bail!(Nonsense::Database(arguments.db));
    }
    if let Some(file) = &arguments.new_key {
        Key::create(file)?;
        say(format_args!(
            "The key is in {}. Copy it to every machine, and make a new one for each run.",
            file.display()
        ));
        return Ok(kata::PASSED);
    }
    let shard = arguments.shard()?;
    arguments.check_variables()?;
    let root = course::find_root()?.canonicalize().context("the course's folder is gone")?;
    let course = Course::read(&root)?;
    let mut rules = arguments.rules(&course)?;
    let metadata = arguments.metadata()?;
    arguments.handed_in()?;
    let out = std::path::absolute(arguments.out()?)?;
    if out.file_name().is_none() {
        bail!(Nonsense::Out(arguments.out()?.to_owned()));
    }
    // Read before anything is written: it may be the same folder.
    let earlier = arguments.compare.clone().map(|folder| Book::of_folders(&[folder], &rules, &course));
    let earlier = earlier.transpose().map_err(Nonsense::from)?;
    if arguments.book {
        return write_book(arguments, &rules, earlier.as_ref(), &course, &out);
    }
    if let Some(key) = arguments.key.as_ref().filter(|_| arguments.merge) {
        return merge_shards(arguments, key, &rules, earlier.as_ref(), &course, &out);
    }
    let lessons = arguments.lessons(&course)?;
    let helper = std::env::current_exe().context("cannot find the grader's own program file")?;
    let reader = Reader { helper: &helper, course: &course, lessons: lessons.iter().copied().collect() };
    let mut uploads =
        named::uploads(&arguments.paths, arguments.one, &reader, &out).map_err(Nonsense::from)?;
    if let (Some(metadata), [only]) = (&metadata, &uploads.all[..]) {
        metadata.complete(&mut rules, &only.name);
    }
    if !uploads.left_out.is_empty() {
        let names: Vec<_> =
            uploads.left_out.iter().map(|name| format!("`{}`", grade::text::line(name))).collect();
        say(format_args!("Skipped, because they are not submissions: {}", names.join(", ")));
    }
    let names = uploads.all.iter().map(|upload| upload.name.clone()).collect::<Vec<_>>();
    if let Some(shard) = shard {
        uploads.all.retain(|upload| shard.holds(&upload.name));
        say(format_args!("This is {shard}: {} of {} submissions.", uploads.all.len(), names.len()));
    }
    std::fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let _lock = work::alone_in(&out)?;
    let key = match &arguments.key {
        Some(file) => Key::named(file, &out).map_err(Nonsense::from)?,
        None => Key::beside(&out).map_err(Nonsense::from)?,
    };

    let work = Work::begin(&root)?;
    let (isolation, why) = probes::best(&helper, &work.folder)?;
    if let Some(why) = why {
        let tier = isolation.tier();
        if tier < arguments.min_tier {
            bail!(
                "this machine supports only tier {tier}, but tier {} is required: {why:#}. To grade anyway, add \
                 `--min-tier C`, and check those verdicts yourself",
                arguments.min_tier
            );
        }
        anstream::eprintln!("Tier {tier}: these verdicts are advisory. ({why:#})");
    }
    let seeds = seeds(arguments, &key, &out)?;
    let canonical = Canonical::prepare(course, &lessons, &work.folder)?;
    let (build_limits, gate_limits) = arguments.limits();
    let private = arguments.paths.iter().chain([&root, &out, &work.folder]).chain(arguments.of_class());
    let hidden = private.filter_map(|path| path.canonicalize().ok()).collect();
    let work = work.folder.clone();
    let setup = Setup { canonical, helper, seeds, build_limits, gate_limits, hidden, work };
    let grader = Grader::new(setup, !arguments.no_scan);

    let stop = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // The first one lets running lessons finish; the second one ends the program.
        signal_hook::flag::register_conditional_shutdown(signal, 130, stop.clone())?;
        signal_hook::flag::register(signal, stop.clone())?;
    }
    let jobs = arguments.jobs();
    check_course(&grader, isolation, jobs)?;
    let (resume, repetition) = (arguments.resume, !arguments.seed.is_empty());
    let file = if shard.is_some() { File::Shard } else { File::Run };
    let mut record = Record::of(&grader, shard, (isolation.tier(), repetition), names);
    begin(arguments, &mut record, (&out, file), &key)?;
    let same_seeds = arguments.key.is_some();
    let batch =
        Batch { grader: &grader, isolation, jobs, out: &out, resume, repetition, same_seeds, key, stop };
    let done = batch.run(&uploads.all)?;
    if done.len() < uploads.all.len() {
        anstream::eprintln!(
            "Stopped after {} of {}. To grade the rest and write the files of `--format`, run it again with `--resume`.",
            done.len(),
            uploads.all.len()
        );
        return Ok(130);
    }
    record.is_done = true;
    record.write(&out, file, &batch.key)?;
    if let Some(shard) = shard {
        let out = arguments.out()?.display();
        say(format_args!("The verdicts of {shard} are in {out}. Put all shards together with `--merge`."));
        return Ok(batch::worst(&done));
    }
    let course = &grader.setup.canonical.course;
    let book = Book::of_batch(&done, &rules, course).map_err(Nonsense::from)?.for_gradescope(metadata);
    write_all(arguments, &book, earlier.as_ref(), course, &out)?;
    if batch.repetition {
        say(format_args!("These verdicts repeat earlier ones with known seeds, so they are not grades."));
    }
    say(format_args!("The verdicts are in {}.", arguments.out()?.display()));
    Ok(batch::worst(&done))
}

/// Tries the sandbox, and grades nothing.
fn probe(arguments: &Arguments) -> Result<u8> {
    let root = course::find_root()?.canonicalize().context("the course's folder is gone")?;
    let helper = std::env::current_exe().context("cannot find the grader's own program file")?;
    let work = Work::begin(&root)?;
    let (isolation, why) = probes::best(&helper, &work.folder)?;
    say(format_args!("This machine supports tier {}.", isolation.tier()));
    if let Some(why) = &why {
        say(format_args!("What it lacks for a better one: {why:#}"));
    }
    Ok(if isolation.tier() < arguments.min_tier { INTERNAL_ERROR } else { kata::PASSED })
}

/// Leaves beside the verdicts which they are, and how they come about.
fn begin(arguments: &Arguments, record: &mut Record, (out, file): (&Path, File), key: &Key) -> Result<()> {
    // One that cannot be read is written again, and a verdict without its seal is not kept.
    if let Ok(earlier) = Record::read(out, file, key) {
        if file == File::Run {
            record.add_earlier(&earlier, out);
            return record.write(out, file, key);
        }
        if earlier.shard != record.shard {
            let (before, now) = (earlier.shard.to_string(), record.shard.to_string());
            bail!(Nonsense::OtherShard { out: out.to_owned(), before, now });
        }
        let difference = earlier.options.difference(&record.options).filter(|_| arguments.resume);
        if let Some((option, before, now)) = difference {
            bail!(Nonsense::OtherOptions { out: out.to_owned(), option, before, now });
        }
    }
    record.write(out, file, key)
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
    .context("the course itself is broken")
}

/// New ones, unless somebody repeats a verdict: a student may have read those of an earlier run. Machines that share a
/// key draw the same.
fn seeds(arguments: &Arguments, key: &Key, out: &Path) -> Result<Seeds> {
    let mut named = BTreeSet::new();
    let is_bad =
        |seed: &&u64| **seed == gate_contract::PUBLISHED_SEED || **seed > 1 << 53 || !named.insert(**seed);
    if let Some(seed) = arguments.seed.iter().find(is_bad) {
        bail!(Nonsense::Seed(*seed));
    }
    let mut seeds = Seeds { published: gate_contract::PUBLISHED_SEED, fresh: arguments.seed.clone() };
    let mut place = 0..;
    while seeds.fresh.is_empty() || (arguments.seed.is_empty() && seeds.fresh.len() < arguments.seeds.into())
    {
        let fresh = match place.next().filter(|_| arguments.key.is_some()) {
            Some(place) => key.seed(place),
            // Below 2^53, so that every reader of JSON reads the same number.
            None => getrandom::u64().context("the system cannot generate random numbers")? >> 11,
        };
        if fresh != seeds.published && !seeds.fresh.contains(&fresh) {
            seeds.fresh.push(fresh);
        }
    }
    formats::write(&out.join(grade::SEEDS), &serde_json::to_vec_pretty(&seeds)?)?;
    Ok(seeds)
}
