//! What the command line asks for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use grade::class::fault::Fault;
use grade::class::gradescope::Metadata;
use grade::class::rules::Rules;
use grade::formats::Format;
use grade::formats::platforms::classroom50;
use grade::key::Unusable;
use grade::limits::Limits;
use grade::sandbox::Tier;
use grade::shard::wanted::Wanted;
use grade::shard::{self, Shard};
use grade::{book, bundle};
use grade::{merge, named};
use kata::Database;
use kata::course::Course;

/// Grades submissions: folders that contain `lessons/`, archives of such folders, or a folder full of them.
///
/// Exit codes: 0 all gates pass; 1 some do not; 2 the arguments are invalid, or a submission cannot be read (the others
/// are graded); 3 the grader or its sandbox failed; 4 a submission contains something that no lesson allows, or has
/// tried to write its own verdict; 130 it was stopped, and `--resume` continues.
#[derive(Parser)]
#[command(name = "cargo kata grade", bin_name = "cargo kata grade", max_term_width = 100)]
pub struct Arguments {
    #[arg(required_unless_present_any = ["new_key", "verify", "probe"])]
    pub paths: Vec<PathBuf>,
    /// Each path is one submission, even if it looks like a folder of them
    #[arg(long, conflicts_with_all = ["book", "merge"])]
    pub one: bool,
    /// Print which tier of sandbox this machine supports, and what it lacks; grade nothing. Exit code 0:
    /// `--min-tier` or better; 3: a lower one
    #[arg(long, conflicts_with_all = ["paths", "book", "merge", "verify"])]
    pub probe: bool,
    /// What Gradescope has written about the one submission, for `--format gradescope`: its authors, its time, and the
    /// assignment's points and due date
    #[arg(
        long, value_name = "SUBMISSION_METADATA.JSON", requires = "one",
        conflicts_with_all = ["roster", "overrides", "shard", "worksheet", "compare"],
    )]
    pub metadata: Option<PathBuf>,
    /// Grade nothing: write the gradebook of the verdicts in these folders, which were `--out` of the grader. Without
    /// `--format`: csv, html and feedback
    #[arg(long, conflicts_with_all = ["lesson", "jobs", "seeds", "seed", "resume", "no_scan"])]
    pub book: bool,
    /// Who takes part: a table with a column `id`, `username`, `email` or `name`, as an LMS exports it
    #[arg(long, value_name = "ROSTER.CSV")]
    pub roster: Option<PathBuf>,
    /// What lessons and gates count, when they are due, and what being late costs
    #[arg(long, value_name = "POLICY.TOML")]
    pub policy: Option<PathBuf>,
    /// Points by hand, with why and who
    #[arg(long, value_name = "OVERRIDES.TOML")]
    pub overrides: Option<PathBuf>,
    /// Only these lessons: `5`, `05`, `crud` or `05-crud`
    #[arg(long, value_delimiter = ',')]
    pub lesson: Vec<String>,
    /// How many lessons are graded at once; by default one for each processor
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: Option<u16>,
    /// How many fresh seeds each gate is judged on, besides the published one
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub seeds: u8,
    /// Repeat a verdict with its fresh seeds, as listed in verdict.json. Seeds may be known, so the result is marked
    /// as a repetition, not a grade
    #[arg(long, value_delimiter = ',', conflicts_with_all = ["seeds", "resume"])]
    pub seed: Vec<u64>,
    /// Grade one share of the submissions: `2/6` for the second of six, or `auto`, by what Slurm or GitLab sets; for
    /// Kubernetes, `auto/6`. Which submissions these are depends on their names alone. Needs `--key`
    #[arg(
        long, value_name = "I/N",
        conflicts_with_all = ["book", "merge", "format", "roster", "policy", "overrides", "compare", "worksheet"],
    )]
    pub shard: Option<Wanted>,
    /// Grade nothing: put the folders of all shards together in `--out`, as one grader would have written them. Needs
    /// `--key`
    #[arg(
        long,
        conflicts_with_all = [
            "book", "lesson", "jobs", "seeds", "seed", "resume", "no_scan", "min_tier", "build_time", "gate_time",
            "gate_memory",
        ],
    )]
    pub merge: bool,
    /// The key of a run: the same file for all shards and for the merge. The fresh seeds come from it, so each run
    /// needs a new one
    #[arg(long, value_name = "FILE", conflicts_with = "book")]
    pub key: Option<PathBuf>,
    /// Make the key of a run, and nothing else
    #[arg(long, value_name = "FILE", exclusive = true)]
    pub new_key: Option<PathBuf>,
    /// Repeat a verdict from its bundle, and report what differs. With `--key`, or with the key beside the results, it
    /// also checks that this grader has written it. Exit code 0: nothing differs that counts; 1: something
    #[arg(
        long, value_name = "BUNDLE",
        conflicts_with_all = [
            "paths", "book", "merge", "shard", "lesson", "seed", "seeds", "resume", "format", "roster",
            "policy", "overrides", "compare", "worksheet", "submissions", "out",
        ],
    )]
    pub verify: Option<PathBuf>,
    /// The lowest tier of sandbox to accept. C has only limits; its verdicts are advisory
    #[arg(long, value_enum, ignore_case = true, default_value = "A")]
    pub min_tier: Tier,
    /// The folder of earlier verdicts: writes changes.csv, whose points have changed since, and why
    #[arg(long, value_name = "EARLIER")]
    pub compare: Option<PathBuf>,
    /// The grading worksheet of a Moodle assignment, to be filled in as moodle-worksheet.csv
    #[arg(long, value_name = "WORKSHEET.CSV")]
    pub worksheet: Option<PathBuf>,
    /// What to write besides verdict.json
    #[arg(long, value_enum, value_delimiter = ',')]
    pub format: Vec<Format>,
    /// Where the submissions of these verdicts are, for `--format bundle,dolos`
    #[arg(long, value_name = "FOLDER")]
    pub submissions: Vec<PathBuf>,
    /// Where to write it: by default target/kata/grades, and with `--book` beside the verdicts
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Continue an earlier run with the same `--out`: its verdicts on files that have not changed are kept
    #[arg(long)]
    pub resume: bool,
    /// Skip the scan of the source, which only explains early what would be refused anyway
    #[arg(long)]
    pub no_scan: bool,
    /// CPU time limit for compiling a lesson; the wall-clock limit is three times as long
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub build_time: Option<u64>,
    /// Time limit for one gate
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub gate_time: Option<u64>,
    /// Memory limit for one gate
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(64..=65536))]
    pub gate_memory: Option<u64>,
    /// The database to grade on: SQLite
    #[arg(long, value_enum, default_value = "sqlite")]
    pub db: Database,
}

impl Arguments {
    /// Where results go.
    ///
    /// # Errors
    ///
    /// When it is for a book of several folders, and none of them is meant more than another.
    pub fn out(&self) -> Result<&Path, Nonsense> {
        match (&self.out, self.book, &self.paths[..]) {
            (Some(out), ..) => Ok(out),
            (None, true, [only]) => Ok(only),
            (None, true, _) => Err(Nonsense::NoOut),
            (None, false, _) if self.merge => Err(Nonsense::NoOutOfMerge),
            (None, false, _) => Ok(Path::new("target/kata/grades")),
        }
    }

    /// The shard to grade, if not all of it.
    ///
    /// # Errors
    ///
    /// When the scheduler does not say which, or there is no key.
    pub fn shard(&self) -> Result<Option<Shard>, Nonsense> {
        if (self.shard.is_some() || self.merge) && self.key.is_none() {
            return Err(Nonsense::NoKey(if self.merge { "--merge" } else { "--shard" }));
        }
        let variable = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
        Ok(self.shard.map(|wanted| wanted.shard(&variable)).transpose()?)
    }

    /// What to write.
    pub fn formats(&self) -> Vec<Format> {
        match (&self.format[..], self.book) {
            ([], true) => vec![Format::Csv, Format::Html, Format::Feedback],
            (formats, _) => formats.to_vec(),
        }
    }

    /// The files for a gradebook elsewhere, which shows only numbers.
    pub fn imported(&self) -> Vec<&'static str> {
        let wanted = |format| self.formats().contains(&format);
        let worksheet = self.worksheet.is_some();
        let files = [
            ("canvas.csv", wanted(Format::Canvas)),
            ("moodle.csv", wanted(Format::Moodle)),
            ("moodle-worksheet.csv", worksheet),
        ];
        files.into_iter().filter(|(_, is_wanted)| *is_wanted).map(|(name, _)| name).collect()
    }

    /// The files that are about the class, and for nobody who is graded.
    pub fn of_class(&self) -> impl Iterator<Item = &PathBuf> {
        let of_class =
            [&self.roster, &self.policy, &self.overrides, &self.worksheet, &self.compare, &self.metadata];
        of_class.into_iter().chain([&self.key]).flatten()
    }

    /// What an instructor has written down for the class.
    ///
    /// # Errors
    ///
    /// When a file makes no sense.
    pub fn rules(&self, course: &Course) -> Result<Rules, Nonsense> {
        let needs_roster = [Format::Canvas, Format::Moodle].iter().any(|format| self.format.contains(format));
        if self.roster.is_none() && (needs_roster || self.worksheet.is_some()) {
            return Err(Nonsense::NoRoster);
        }
        Ok(Rules::read(self.roster.as_deref(), self.policy.as_deref(), self.overrides.as_deref(), course)?)
    }

    /// What Gradescope has written about the submission.
    ///
    /// # Errors
    ///
    /// When it makes no sense, or there are several submissions.
    pub fn metadata(&self) -> Result<Option<Metadata>, Nonsense> {
        match (&self.metadata, &self.paths[..]) {
            (Some(file), [_]) => Ok(Some(Metadata::read(file)?)),
            (Some(_), _) => Err(Nonsense::Several),
            (None, _) => Ok(None),
        }
    }

    /// Checks what the formats need of the environment, before anything is graded for them.
    ///
    /// # Errors
    ///
    /// When a variable is missing or wrong.
    pub fn check_variables(&self) -> Result<(), Nonsense> {
        if self.format.contains(&Format::Classroom50) {
            classroom50::check(&|name| std::env::var(name).ok())?;
        }
        Ok(())
    }

    /// What was handed in; for what is made of verdicts, where it is now.
    ///
    /// # Errors
    ///
    /// When that is needed, and nobody says.
    pub fn handed_in(&self) -> Result<&[PathBuf], Nonsense> {
        match (self.book || self.merge, &self.submissions[..]) {
            (false, _) => Ok(&self.paths),
            (true, []) if self.needs_submissions() => Err(Nonsense::NoSubmissions),
            (true, submissions) => Ok(submissions),
        }
    }

    /// Whether something is made of what was handed in, and not of verdicts alone.
    pub fn needs_submissions(&self) -> bool {
        [Format::Bundle, Format::Dolos].iter().any(|format| self.format.contains(format))
    }

    /// How many lessons are graded at once.
    pub fn jobs(&self) -> u16 {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.unwrap_or_else(|| u16::try_from(processors).unwrap_or(u16::MAX))
    }

    /// For compiling a lesson, and for a gate.
    pub fn limits(&self) -> (Limits, Limits) {
        let (mut build, mut gate) = (Limits::BUILD, Limits::GATE);
        if let Some(seconds) = self.build_time {
            build.wall_milliseconds = seconds * 3000;
            build.cpu_seconds = seconds;
        }
        if let Some(seconds) = self.gate_time {
            gate.wall_milliseconds = seconds * 1000;
            gate.cpu_seconds = seconds;
        }
        if let Some(mib) = self.gate_memory {
            gate.memory = mib << 20;
        }
        (build, gate)
    }

    /// The lessons to grade, by their places in the course.
    ///
    /// # Errors
    ///
    /// When one of them is not a lesson.
    pub fn lessons(&self, course: &Course) -> Result<BTreeSet<usize>> {
        if self.lesson.is_empty() {
            return Ok((0..course.lessons.len()).collect());
        }
        let place = |name: &String| {
            let lesson = course.lesson(name)?;
            let mut lessons = course.lessons.iter();
            lessons.position(|other| other.number == lesson.number).context("a lesson has a place")
        };
        self.lesson.iter().map(place).collect()
    }
}

/// A command that makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum Nonsense {
    #[error(
        "submissions are graded only on SQLite, not on `{}`: on a database server, one submission could leave \
         something for the next",
        .0.name()
    )]
    Database(Database),
    #[error("`--out {}` must end with a folder name, such as `--out verdicts`", .0.display())]
    Out(PathBuf),
    #[error(
        "`--seed {0}` cannot be used: use each seed that `verdict.json` lists as `fresh` once; seeds must not exceed \
         2^53"
    )]
    Seed(u64),
    #[error("`--book` with several folders needs `--out`: name a folder for the gradebook of all of them")]
    NoOut,
    #[error(
        "what an LMS imports needs to know who is who: name a list of the students, `--roster roster.csv`"
    )]
    NoRoster,
    #[error(
        "`--format dolos` and `bundle` are made of what students handed in: name it, `--submissions FOLDER`"
    )]
    NoSubmissions,
    #[error("`--merge` needs `--out`: name a folder for the verdicts of all shards")]
    NoOutOfMerge,
    #[error(
        "`{0}` needs `--key FILE`: the verdicts of all shards are sealed with one key, and their fresh seeds come from \
         it. `cargo kata grade --new-key run.key` makes one; copy that file to every machine"
    )]
    NoKey(&'static str),
    #[error(
        "the verdicts in {} were graded as {before}, and not as {now}: choose a different folder for `--out`",
        .out.display()
    )]
    OtherShard { out: PathBuf, before: String, now: String },
    #[error(
        "the verdicts in {} were graded with {option} {before}, and not {now}: repeat the same command, or leave out \
         `--resume` to grade them again",
        .out.display()
    )]
    OtherOptions { out: PathBuf, option: String, before: String, now: String },
    #[error("`--metadata` is about one submission: name only that one")]
    Several,
    #[error(transparent)]
    Variable(#[from] classroom50::Variable),
    #[error(transparent)]
    Shard(#[from] shard::Error),
    #[error(transparent)]
    Bundle(#[from] bundle::Error),
    #[error(transparent)]
    Key(#[from] Unusable),
    #[error(transparent)]
    Merge(#[from] merge::Error),
    #[error(transparent)]
    Submissions(#[from] named::Error),
    #[error(transparent)]
    Rules(#[from] Fault),
    #[error(transparent)]
    Book(#[from] book::Error),
}
