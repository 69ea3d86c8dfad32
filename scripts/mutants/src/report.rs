//! Tables of what became of the mutants.

use std::collections::BTreeMap;

use anyhow::Result;
use comfy_table::{Table, presets};
use kata::course::Course;
use kata::{NOT_PASSED, PASSED};

use crate::mutant::{self, Mutant};
use crate::operators::{OPERATORS, Operator};
use crate::results::{Results, State};
use crate::subject::Subject;
use crate::unobservable::{self, Entry};
use crate::verdict::Outcome;
use crate::which::Which;

/// At most this share of the mutants that compile may be listed as unobservable.
const LISTED_AT_MOST: f64 = 0.05;
/// An operator of whose mutants a smaller share compiles is not worth its time.
const COMPILED_AT_LEAST: f64 = 0.6;

/// How many mutants had which end.
#[derive(Default)]
struct Counts {
    made: usize,
    open: usize,
    compiled: usize,
    caught: usize,
    timed_out: usize,
    missed: usize,
    listed: usize,
}

impl Counts {
    fn add(&mut self, outcome: Option<Outcome>, is_listed: bool) {
        self.made += 1;
        match outcome {
            None => {
                self.open += 1;
                return;
            }
            Some(Outcome::Unviable) => return,
            Some(Outcome::Caught) => self.caught += 1,
            Some(Outcome::TimedOut) => self.timed_out += 1,
            Some(Outcome::Missed) if is_listed => self.listed += 1,
            Some(Outcome::Missed) => self.missed += 1,
        }
        self.compiled += 1;
    }

    fn plus(&mut self, other: &Self) {
        self.made += other.made;
        self.open += other.open;
        self.compiled += other.compiled;
        self.caught += other.caught;
        self.timed_out += other.timed_out;
        self.missed += other.missed;
        self.listed += other.listed;
    }

    fn row(&self, name: &str) -> Vec<String> {
        let judged = self.made - self.open;
        let share = if judged == 0 { 0.0 } else { 100.0 * self.compiled as f64 / judged as f64 };
        let numbers = [self.made, self.open, self.compiled];
        let ends = [self.caught, self.timed_out, self.missed, self.listed];
        let mut row = vec![name.to_owned()];
        row.extend(numbers.map(|number| number.to_string()));
        row.push(format!("{share:.0} %"));
        row.extend(ends.map(|number| number.to_string()));
        row
    }
}

fn table(first: &str) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header([first, "made", "open", "compiled", "share", "caught", "timed out", "missed", "listed"]);
    table
}

/// Reports on all mutants that `which` names.
///
/// # Errors
///
/// When a file cannot be read.
pub fn report(course: &Course, which: &Which) -> Result<u8> {
    let mut chosen = Vec::new();
    for subject in which.subjects(course)? {
        let mutants = which.mutants(course, &subject)?;
        chosen.push((subject, mutants));
    }
    of(course, which, &chosen)
}

/// Reports on these mutants: the missed ones, the tables, and what is wrong with the list of
/// those that cannot be observed.
///
/// # Errors
///
/// When a file cannot be read.
pub fn of(course: &Course, which: &Which, chosen: &[(Subject<'_>, Vec<Mutant>)]) -> Result<u8> {
    let results = Results::open(&course.root)?;
    let entries = unobservable::read(&course.root)?;
    let mut steps = Vec::new();
    let mut operators: BTreeMap<Operator, Counts> = BTreeMap::new();
    let mut all = Counts::default();
    let mut problems = Vec::new();
    // Of the whole steps, however small a sample was judged, and without mutants that did not compile.
    let (mut listed, mut viable) = (0, 0);
    for (subject, mutants) in chosen {
        let mut counts = Counts::default();
        let state = State::of(course, subject, which.is_gates_only())?;
        for mutant in mutants {
            let record = results.get(&state, mutant);
            let entry = entries.iter().find(|entry| entry.is_about(mutant));
            let outcome = record.map(|record| record.outcome);
            counts.add(outcome, entry.is_some());
            operators.entry(mutant.operator).or_default().add(outcome, entry.is_some());
            match (outcome, entry) {
                (Some(Outcome::Missed), None) => {
                    println!("missed: {}\n        {}", mutant.title(), mutant.change());
                }
                (Some(Outcome::Caught | Outcome::TimedOut | Outcome::Unviable), Some(entry)) => {
                    problems.push(format!("listed as unobservable, and is not missed: {}", entry.title()));
                }
                _ => {}
            }
        }
        let whole = mutant::of_subject(course, subject)?;
        problems.extend(unmatched(&subject.name(), &whole, &entries));
        for mutant in whole.iter().filter(|mutant| which.is_in_class(mutant)) {
            let record = results.get(&state, mutant);
            if record.is_none_or(|record| record.outcome != Outcome::Unviable) {
                viable += 1;
                listed += usize::from(entries.iter().any(|entry| entry.is_about(mutant)));
            }
        }
        all.plus(&counts);
        steps.push((subject.name(), counts));
    }
    let mut by_step = table("step");
    for (name, counts) in &steps {
        by_step.add_row(counts.row(name));
    }
    by_step.add_row(all.row("all"));
    println!("\n{by_step}\n");
    let mut by_operator = table("operator");
    for row in &OPERATORS {
        if let Some(counts) = operators.get(&row.operator) {
            by_operator.add_row(counts.row(&row.operator.to_string()));
            let judged = counts.made - counts.open;
            if judged >= 10 && (counts.compiled as f64) < COMPILED_AT_LEAST * judged as f64 {
                println!("note: less than 60 % of the mutants of {} compile", row.operator);
            }
        }
    }
    println!("{by_operator}");
    if listed as f64 > LISTED_AT_MOST * viable as f64 {
        problems.push(format!(
            "{listed} of the {viable} mutants of these steps are listed as unobservable: over 5 %"
        ));
    }
    for problem in &problems {
        println!("error: {problem}");
    }
    Ok(if all.missed == 0 && problems.is_empty() { PASSED } else { NOT_PASSED })
}

/// Entries about this step that match no mutant of it any more.
fn unmatched(step: &str, mutants: &[Mutant], entries: &[Entry]) -> Vec<String> {
    let of_step = entries.iter().filter(|entry| entry.step == step);
    let unmatched = of_step.filter(|entry| !mutants.iter().any(|mutant| entry.is_about(mutant)));
    unmatched
        .map(|entry| format!("listed as unobservable, and there is no such mutant: {}", entry.title()))
        .collect()
}

/// Lists the mutants.
///
/// # Errors
///
/// When a file cannot be read.
pub fn list(course: &Course, which: &Which, only_missed: bool) -> Result<()> {
    let results = Results::open(&course.root)?;
    for subject in which.subjects(course)? {
        let state = State::of(course, &subject, which.is_gates_only())?;
        for mutant in which.mutants(course, &subject)? {
            let record = results.get(&state, &mutant);
            let end = match record {
                Some(record) => format!("{} {}", record.outcome, record.by.join(" ")),
                None => "open".to_owned(),
            };
            if !only_missed || record.is_some_and(|record| record.outcome == Outcome::Missed) {
                println!("{} [{}]\n        {}", mutant.title(), end.trim(), mutant.change());
            }
        }
    }
    Ok(())
}

/// Shows what each operator does.
pub fn operators() {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(["operator", "before", "after", "looks for"]);
    for row in &OPERATORS {
        table.add_row([&row.operator.to_string(), row.before, row.after, row.looks_for]);
    }
    println!("{table}");
}
