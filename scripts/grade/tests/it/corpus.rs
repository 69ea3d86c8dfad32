//! The corpus: right answers, wrong ones, and those that try to get away with something.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use grade::verdict::{SubmissionVerdict, Verdict};
use kata::course::Course;
use kata::submission::Submission;
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::entry::Entry;
use crate::harmless::{fault, fault_of_cell};
use crate::material::{completed, course, grade, root, write};

/// Any will do; with this one the runs are the same every time.
const SEED: &str = "20260214";

/// Another right answer: its name and its files.
type Other = (String, kata::derive::Files);

/// What a submission gets: verdict, first gate that does not pass, and the reason; the digest of its files; and the
/// rule that explains why it does not compile.
type Grade = (Verdict, Option<String>, String, Option<String>, Option<String>);

type Got = BTreeMap<String, Grade>;

/// CI grades a part each day, and all within this many days.
const DAYS: usize = 2;
/// Of so many entries it grades one a second time.
const AGAIN: usize = 10;

/// Whether what has this place in a list has its turn: always, or, with a number in `CORPUS_PART`, once in `days`.
#[cfg(target_os = "linux")]
fn has_its_turn(place: usize, days: usize) -> bool {
    let part: Option<usize> = std::env::var("CORPUS_PART").ok().map(|part| part.parse().expect("a number"));
    part.is_none_or(|part| place % days == part % days)
}

/// Those that `CORPUS_ONLY` names, with commas between them, where it is set.
#[cfg(target_os = "linux")]
fn chosen(entries: Vec<(String, Entry)>) -> Option<Vec<(String, Entry)>> {
    let names = std::env::var("CORPUS_ONLY").ok()?;
    let names: BTreeSet<_> = names.split(',').collect();
    let chosen: Vec<_> = entries.into_iter().filter(|(name, _)| names.contains(name.as_str())).collect();
    assert_eq!(chosen.len(), names.len(), "CORPUS_ONLY names what is not in the corpus");
    Some(chosen)
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "for whoever writes an entry; CORPUS_ONLY says which"]
fn the_chosen_submissions_get_the_expected_verdicts() {
    let course = course();
    let entries = chosen(read(&course).0).expect("CORPUS_ONLY says which");
    let got = run(&course, &entries.iter().collect::<Vec<_>>(), &[], false, &[]);
    let wrong =
        entries.iter().filter_map(|(name, entry)| unexpected(name, entry, &got[name], entry.expect.verdict));
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All of them at once, and in seconds: a solution whose words have changed leaves several of them behind.
#[test]
#[cfg(target_os = "linux")]
fn every_edit_of_the_corpus_applies() {
    let course = course();
    let mut faults = Vec::new();
    for (name, entry) in read(&course).0 {
        let folder = tempfile::tempdir().unwrap();
        faults.extend(entry.make(&course, folder.path()).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
#[cfg(target_os = "linux")]
fn every_submission_of_the_corpus_gets_the_expected_verdict() {
    let course = course();
    let (all, mut others) = read(&course);
    let every = |days: usize| {
        let entries = all.iter().enumerate().filter(|(place, _)| has_its_turn(*place, days));
        entries.map(|(_, entry)| entry).collect::<Vec<_>>()
    };
    let entries = every(DAYS);
    // `cargo kata check` knows these too; what is packed is compared with the solutions.
    let mut place = 0..;
    others.retain(|(name, _)| name.starts_with("solution-") || has_its_turn(place.next().unwrap(), DAYS));
    let first = run(&course, &entries, &others, false, &[]);
    // The second time in another order, and without the look at the source.
    let again = every(AGAIN);
    let second = run(&course, &again, &[], true, &["--no-scan"]);

    let mut wrong = Vec::new();
    for (name, entry) in &entries {
        let unscanned = entry.expect.unscanned.as_ref();
        for (run, verdict) in
            [(&first, &entry.expect.verdict), (&second, unscanned.unwrap_or(&entry.expect.verdict))]
        {
            let Some(got) = run.get(name) else { continue };
            wrong.extend(unexpected(name, entry, got, *verdict));
        }
        let other =
            second.get(name).filter(|second| unscanned.is_none() && !is_the_same(&first[name], second));
        if let Some(second) = other {
            wrong.push(format!("{name}: {:?}, and then {second:?}", first[name]));
        }
    }
    for (name, _) in &others {
        if first[name].0 != Verdict::Pass {
            wrong.push(format!("{name}, which is right: {:?}", first[name]));
        }
    }
    // The same work has the same files, however it is handed in.
    for (name, entry) in entries.iter().filter(|(_, entry)| entry.is_the_solution_packed()) {
        if first[name].3 != first[&format!("solution-{}", entry.lesson)].3 {
            wrong.push(format!("{name}: other files were taken than are the solution's"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // A verdict that nothing in the corpus gets is one that nobody has tried. What has its turn got what it should.
    let hit = |verdict: Verdict| all.iter().any(|(_, entry)| entry.expect.verdict == verdict);
    for verdict in [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::BuildError,
        Verdict::Timeout,
        Verdict::Resource,
        Verdict::Crash,
        Verdict::Unreadable,
        Verdict::Policy,
        Verdict::Tamper,
    ] {
        assert!(hit(verdict), "nothing in the corpus gets {verdict}");
    }
}

/// Whether two runs came to the same. Without the look at the source, the compiler's reads show what breaks the rules,
/// in other words.
fn is_the_same(one: &Grade, other: &Grade) -> bool {
    let is_reason = one.0 == Verdict::Policy || one.2 == other.2;
    is_reason && (one.0, &one.1, &one.3, &one.4) == (other.0, &other.1, &other.3, &other.4)
}

/// What is wrong with what a submission got, if something is.
fn unexpected(name: &str, entry: &Entry, got: &Grade, verdict: Verdict) -> Option<String> {
    let (what, gate, reason, _, rule) = got;
    if rule != &entry.expect.explains && entry.expect.explains.is_some() {
        return Some(format!("{name}: {rule:?} explains it, not {:?}", entry.expect.explains));
    }
    let is_reason = entry.expect.reason.as_ref().is_none_or(|part| reason.contains(part));
    let is_gate = entry.expect.gate.is_none() || &entry.expect.gate == gate;
    let is_expected = *what == verdict && is_gate && (entry.expect.unscanned.is_some() || is_reason);
    let expected = &entry.expect.gate;
    (!is_expected)
        .then(|| format!("{name}: {what} at {gate:?} ({reason}), expected {verdict} at {expected:?}"))
}

/// The entries for the grader alone, and right answers that `cargo kata check` knows too: the solutions,
/// and those that somebody else has written.
fn read(course: &Course) -> (Vec<(String, Entry)>, Vec<Other>) {
    let folder = root().join("tests/submissions/grading");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<_> = names.collect();
    let entries = names.into_iter().map(|name| (name.clone(), Entry::read(&folder.join(name)))).collect();
    let mut others = Vec::new();
    for lesson in &course.lessons {
        // A project's solution is a package of its own, which nobody hands in.
        if !lesson.is_project() {
            others.push((format!("solution-{}", lesson.name), completed(course, lesson)));
        }
        for submission in Submission::all(course, lesson).unwrap() {
            let files = submission.in_lesson(course, lesson).unwrap();
            others.push((format!("{}-{}", lesson.name, submission.name), files));
        }
    }
    (entries, others)
}

fn run(
    course: &Course,
    entries: &[&(String, Entry)],
    others: &[Other],
    reversed: bool,
    options: &[&str],
) -> Got {
    let folder = tempfile::tempdir().unwrap();
    // The grader goes through submissions by name, so other names are another order.
    let place = |index: usize| {
        let place = if reversed { 999 - index } else { index * 617 % 1000 };
        folder.path().join("all").join(format!("{place:03}-{index}"))
    };
    let names: Vec<_> =
        entries.iter().map(|(name, _)| name).chain(others.iter().map(|(name, _)| name)).collect();
    for (index, (_, entry)) in entries.iter().enumerate() {
        assert_eq!(entry.make(course, &place(index)), [""; 0], "{}", entries[index].0);
    }
    for (index, (_, files)) in others.iter().enumerate() {
        write(&place(entries.len() + index), files);
    }
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    let arguments = [
        all.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--seed",
        SEED,
        "--format",
        "json,junit,summary,csv",
        "--build-time",
        "20",
        "--gate-time",
        "4",
        "--gate-memory",
        "256",
    ];
    let output = grade(&[&arguments[..], options].concat());
    assert!(
        matches!(output.status.code(), Some(0 | 1 | 2 | 4)),
        "the grader has failed: {:?}",
        output.status
    );

    let schema = root().join("scripts/grade/verdict.schema.json");
    let schema: serde_json::Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut got = Got::new();
    for (index, name) in names.into_iter().enumerate() {
        let folder = out.join(place(index).file_name().unwrap());
        assert!(folder.is_dir(), "{name} has no verdict");
        let text = fs::read_to_string(folder.join("verdict.json")).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(
            schema.is_valid(&value),
            "{name}: {:?}",
            schema.iter_errors(&value).next().map(|error| error.to_string())
        );
        check_is_harmless(name, &text);
        let junit = fs::read_to_string(folder.join("junit.xml")).unwrap();
        check_is_harmless(name, &junit.replace("&gt;", ">"));
        let document = roxmltree::Document::parse(&junit);
        assert!(document.is_ok(), "{name}: {:?}", document.err());
        let verdict: SubmissionVerdict = serde_json::from_value(value).unwrap();
        let lesson = entries.get(index).map(|(_, entry)| entry.lesson.clone());
        let lesson = lesson.unwrap_or_else(|| others[index - entries.len()].0.replace("solution-", ""));
        let is_own = |own: &&grade::verdict::LessonVerdict| lesson.starts_with(&own.lesson);
        let lesson = verdict.lessons.iter().find(is_own).unwrap();
        let first = lesson.first_not_passed();
        let what = first.map_or(Verdict::Pass, |gate| gate.verdict);
        let reason = first.map(|gate| gate.reason.clone()).unwrap_or_default();
        let gate = first.map(|gate| gate.name.clone());
        let rule = lesson.explanation.as_ref().map(|explanation| explanation.id.clone());
        got.insert(name.clone(), (what, gate, reason, lesson.digest.clone(), rule));
    }
    let summary = fs::read_to_string(out.join("summary.md")).unwrap();
    check_is_harmless("summary", &summary);
    let is_markup = |event: &Event<'_>| {
        matches!(
            event,
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. })
        )
    };
    assert_eq!(Parser::new_ext(&summary, Options::all()).find(is_markup), None);
    let mut table = csv::Reader::from_path(out.join("gradebook.csv")).unwrap();
    for record in table.records() {
        for cell in &record.unwrap() {
            assert_eq!(fault_of_cell(cell), None, "{cell:?}");
        }
    }
    check_is_harmless("output", &String::from_utf8_lossy(&output.stderr));
    check_is_harmless("output", &String::from_utf8_lossy(&output.stdout).replace(arguments[2], "out"));
    got
}

/// Nothing that a terminal or a build server takes for a command, and no path of this machine.
fn check_is_harmless(name: &str, text: &str) {
    if let Some(fault) = fault(text) {
        panic!("{name}: {fault}:\n{text}");
    }
    let paths = [root(), std::env::home_dir().unwrap(), std::env::temp_dir().join(".tmp")];
    for path in paths.map(|path| path.display().to_string()) {
        let is_shown = text.contains(&format!("{path}/")) || (path.ends_with(".tmp") && text.contains(&path));
        assert!(!is_shown && !text.contains("/registry/src/"), "{name}: {path} is shown:\n{text}");
    }
}
