//! Checks that run the gates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use gate_contract::PUBLISHED_SEED;
use gate_contract::trace::Event;

use super::problems::Problems;
use super::variant;
use super::what::What;
use crate::build::{Build, build_gate, tests};
use crate::course::{Course, Gate, Lesson};
use crate::gate_runner::{End, GateRun, GateRunner};
use crate::judge::expected;
use crate::parallel::{gates_at_once, in_order};
use crate::server::Server;
use crate::submission::Submission;

/// What each gate saw; `None` where it left no snapshot.
type Seen = BTreeMap<String, Option<String>>;

/// The seeds of the check are derived from the published one, so that a failure can be repeated.
fn seed(index: u64) -> u64 {
    PUBLISHED_SEED + index
}

pub fn check_lesson(course: &Course, lesson: &Lesson, server: &Server, problems: &Problems) -> Result<()> {
    let skeleton = build_gate(&course.root, &lesson.package(), server.database)?;
    for warning in skeleton.warnings.iter().chain(&skeleton.errors) {
        problems.add(&lesson.folder(), format!("the skeleton must compile without a warning:\n{warning}"));
    }
    let folder = course.root.join(lesson.folder());
    check_fails(course, lesson, server, &skeleton, &folder, "the skeleton", problems)?;
    if lesson.is_project() {
        check_sentences(lesson, server, &skeleton, &folder, problems)?;
    } else {
        let variant = variant::emptiest(course, lesson, server.database)?;
        check_fails(
            course,
            lesson,
            server,
            &variant.build,
            &variant.folder,
            "a solution of empty bodies",
            problems,
        )?;
    }

    let solution = build_gate(&course.root, &lesson.solution_package(), server.database)?;
    let executable = executable(&solution, &lesson.solution_folder())?;
    check_list(lesson, server, &executable, problems)?;
    let seen = see(lesson, &executable, &course.root.join(lesson.solution_folder()), server, PUBLISHED_SEED)?;
    for (_, gate) in lesson.gates_on(server.database) {
        if !passes(course, lesson, gate, &seen)? {
            let file = lesson.snapshot_file(&gate.name);
            problems.add(
                &file,
                format!(
                    "the solution's output differs on {}; compare with `cargo test -p {}{}`",
                    server.database.name(),
                    lesson.solution_package(),
                    server
                        .database
                        .cargo_options()
                        .iter()
                        .map(|option| format!(" {option}"))
                        .collect::<String>()
                ),
            );
        }
    }
    Ok(())
}

/// Whether the gate saw what it should see.
fn passes(course: &Course, lesson: &Lesson, gate: &Gate, seen: &Seen) -> Result<bool> {
    Ok(seen[&gate.name].as_deref() == Some(&expected(course, lesson, gate)?))
}

/// A right answer passes, however it differs from ours.
pub fn check_submissions(
    course: &Course,
    lesson: &Lesson,
    server: &Server,
    problems: &Problems,
) -> Result<()> {
    for submission in Submission::all(course, lesson)? {
        if !submission.databases.contains(&server.database) {
            continue;
        }
        let path = &submission.folder;
        let variant = variant::submitted(course, lesson, &submission, server.database)?;
        let Some(executable) = &variant.build.executable else {
            problems.add(path, format!("it does not compile:\n{}", variant.build.errors[0]));
            continue;
        };
        let seen = see(lesson, executable, &variant.folder, server, PUBLISHED_SEED)?;
        for (_, gate) in lesson.gates_on(server.database) {
            if !passes(course, lesson, gate, &seen)? {
                let text = if lesson.is_project() { "the card of its stage" } else { "the lesson's README" };
                let message = format!("state this requirement in {text}, or relax the gate");
                problems.add(path, format!("it does not pass `{}`; {message}", gate.name));
            }
        }
    }
    Ok(())
}

/// The tests in the binary are those that the manifest lists for this database.
fn check_list(lesson: &Lesson, server: &Server, executable: &Path, problems: &Problems) -> Result<()> {
    let mut in_binary = tests(executable)?;
    let mut in_manifest: Vec<_> = lesson
        .gates_on(server.database)
        .iter()
        .map(|(_, gate)| format!("{}::{}", lesson.topic(), gate.name))
        .collect();
    in_binary.sort();
    in_manifest.sort();
    if in_binary != in_manifest {
        let (file, database) = (lesson.gate_file("toml"), server.database.name());
        problems.add(&file, format!("on {database} the gates are {}; fix `databases`", in_binary.join(", ")));
    }
    Ok(())
}

fn check_fails(
    course: &Course,
    lesson: &Lesson,
    server: &Server,
    build: &Build,
    folder: &Path,
    whose: &str,
    problems: &Problems,
) -> Result<()> {
    let Some(executable) = &build.executable else { return Ok(()) };
    let seen = see(lesson, executable, folder, server, PUBLISHED_SEED)?;
    for (_, gate) in lesson.gates_on(server.database) {
        let passes = passes(course, lesson, gate, &seen)?;
        match (passes, gate.passes_untouched) {
            (true, false) => problems.add(
                &lesson.gate_file("rs"),
                format!(
                    "`{}` passes on {whose}; make it check something that only a solution does",
                    gate.name
                ),
            ),
            (false, true) => {
                problems.add(
                    &lesson.gate_file("rs"),
                    format!("`{}` must pass on the untouched skeleton, but does not", gate.name),
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// How messages begin that Rust itself words: they say what went wrong in a gate or in the skeleton, and not what a
/// student is to do.
const OF_RUST: [&str; 9] = [
    "called `",
    "assertion ",
    "attempt to ",
    "explicit panic",
    "index out of bounds",
    "internal error",
    "not implemented",
    "not yet implemented",
    "range ",
];

/// Each gate of a project's skeleton ends as a test ends, and leaves a text for the student: a sentence, or what it
/// has seen so far.
fn check_sentences(
    lesson: &Lesson,
    server: &Server,
    build: &Build,
    folder: &Path,
    problems: &Problems,
) -> Result<()> {
    let Some(executable) = &build.executable else { return Ok(()) };
    let runner = runner(lesson, executable, folder, server, PUBLISHED_SEED);
    let gates = lesson.gates_on(server.database);
    let runs =
        in_order(gates_at_once(), gates.len(), |index, _| Ok((runner.run(&gates[index].1.name)?, true)))?;
    for ((_, gate), run) in gates.into_iter().zip(runs) {
        let why = match run.end {
            End::Finished => without_sentence(&run),
            End::TimedOut => Some("takes too long".to_owned()),
            End::Crashed(end) => Some(format!("dies: {end}")),
            End::Abandoned => None,
        };
        if let Some(why) = why {
            let path = lesson.gate_sources().into_iter().find(|(start, _)| gate.name.starts_with(start));
            let path = path.map_or_else(|| lesson.gate_file("rs"), |(_, path)| path);
            let message = "have the gate say in a sentence what is missing and what to do";
            problems.add(&path, format!("`{}` {why} on the skeleton; {message}", gate.name));
        }
    }
    Ok(())
}

/// Why what the gate left behind does not help a student.
fn without_sentence(run: &GateRun) -> Option<String> {
    let panic = run.events.iter().find_map(|event| match event {
        Event::Panic { message, .. } => Some(message),
        _ => None,
    });
    match panic {
        Some(message)
            if OF_RUST.iter().any(|start| message.starts_with(start)) || !message.trim().contains(' ') =>
        {
            Some(format!("says “{}”", message.lines().next().unwrap_or_default()))
        }
        Some(_) => None,
        None if run.snapshots.iter().all(|(_, body)| body.trim().is_empty()) => {
            Some("says nothing".to_owned())
        }
        None => None,
    }
}

pub fn check_seeds(
    course: &Course,
    lesson: &Lesson,
    servers: &[Server],
    what: What,
    problems: &Problems,
) -> Result<()> {
    let runs = &["first", "second"][..what.runs(servers.len())];
    let folder = course.root.join(lesson.solution_folder());
    let mut all = Vec::new();
    for index in 0..what.seeds {
        let mut first: Option<Seen> = None;
        for server in servers {
            let build = build_gate(&course.root, &lesson.solution_package(), server.database)?;
            let executable = executable(&build, &lesson.solution_folder())?;
            for run in runs {
                let seen = see(lesson, &executable, &folder, server, seed(index))?;
                let first = first.get_or_insert_with(|| seen.clone());
                for (gate, seen) in &seen {
                    let same = first.entry(gate.clone()).or_insert_with(|| seen.clone());
                    let why = match seen {
                        None => "panics before it has a snapshot; `--nocapture` shows where",
                        Some(_) if same != seen => {
                            "gives a different snapshot; look for a query without a total order, a time, or an id \
                             after a refused insert"
                        }
                        Some(_) => continue,
                    };
                    let (database, seed) = (server.database.name(), seed(index));
                    let what = format!("`{gate}`, seed {seed}: the {run} run on {database} {why}");
                    problems.add(&lesson.gate_file("rs"), what);
                }
            }
        }
        all.push(first.unwrap_or_default());
    }
    check_differs(lesson, &all, problems);
    Ok(())
}

/// Other seeds leave other snapshots, unless the manifest says why not.
fn check_differs(lesson: &Lesson, all: &[Seen], problems: &Problems) {
    for gate in &lesson.manifest.gates {
        let different: BTreeSet<_> = all.iter().filter_map(|seen| seen.get(&gate.name)).collect();
        // Two seeds may lead to the same small number now and then; they may not as a rule.
        let depends = different.len() > 1 && different.len() * 4 > all.len();
        if different.is_empty() || all.len() == 1 {
            continue;
        }
        if !depends && gate.same_for_every_seed.is_none() {
            problems.add(
                &lesson.gate_file("rs"),
                format!(
                    "`{}` gives the same snapshot for other seeds; make it depend on the fixture's rows",
                    gate.name
                ),
            );
        }
        if different.len() > 1 && gate.same_for_every_seed.is_some() {
            problems.add(
                &lesson.gate_file("toml"),
                format!("`{}` depends on the seed; delete its `same_for_every_seed`", gate.name),
            );
        }
    }
}

/// Runs every gate of the step, each in a process of its own.
fn see(lesson: &Lesson, executable: &Path, folder: &Path, server: &Server, seed: u64) -> Result<Seen> {
    let runner = runner(lesson, executable, folder, server, seed);
    let gates = lesson.gates_on(server.database);
    let seen = in_order(gates_at_once(), gates.len(), |index, _| {
        let gate = gates[index].1;
        Ok(((gate.name.clone(), body(runner.run(&gate.name)?)), true))
    })?;
    Ok(seen.into_iter().collect())
}

/// What the gate saw, if it left anything.
fn body(run: GateRun) -> Option<String> {
    run.snapshots.into_iter().next().map(|(_, body)| body.trim_end().to_owned())
}

pub fn runner<'a>(
    lesson: &'a Lesson,
    executable: &'a Path,
    folder: &Path,
    server: &'a Server,
    seed: u64,
) -> GateRunner<'a> {
    GateRunner {
        executable,
        folder: folder.to_owned(),
        module: lesson.topic(),
        seed,
        server: server.url.as_deref(),
        tables: false,
    }
}

fn executable(build: &Build, folder: &Path) -> Result<PathBuf> {
    if let Some(error) = build.errors.first() {
        bail!("{} does not compile:\n{error}", folder.display());
    }
    build.executable.clone().with_context(|| format!("cargo built no gate for {}", folder.display()))
}
