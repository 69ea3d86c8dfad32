//! `cargo kata plan`: divides the lessons among the sessions of a class, by the minutes that they take.

use std::fmt::Write;

use anyhow::Result;

use crate::PASSED;
use crate::course::{Course, Lesson};

/// The plans that are printed when none is asked for: a name, how many sessions, and how many minutes each has.
pub const USUAL: [(&str, usize, u32); 3] =
    [("One day", 1, 360), ("Three days", 3, 420), ("Six weeks", 6, 240)];

/// After so many minutes of work there is a break of so many.
const BREAK: (u32, u32) = (60, 10);

/// How long a session with so many minutes of work is. Nobody needs a break at its end.
fn with_breaks(work: u32) -> u32 {
    let (after, length) = BREAK;
    work.saturating_add(work.saturating_sub(1) / after * length)
}

/// How many minutes of work a session of this length has.
fn without_breaks(length: u32) -> u32 {
    (0..=length).rev().find(|work| with_breaks(*work) <= length).unwrap_or(0)
}

/// What is learned in one go: a lesson, or a stage of a project.
struct Unit {
    lesson: u32,
    stage: Option<usize>,
    minutes: u32,
}

/// Prints the plan for so many sessions of so many minutes, or the usual plans; of these lessons, or of all if none is
/// named.
///
/// # Errors
///
/// When there is no lesson of a name.
pub fn plan(
    course: &Course,
    sessions: Option<usize>,
    minutes: Option<u32>,
    lessons: &[String],
) -> Result<u8> {
    let named = lessons.iter().map(|name| course.lesson(name)).collect::<Result<Vec<_>>>()?;
    // In the order of the course, and each once.
    let is_held = |lesson: &&Lesson| named.is_empty() || named.iter().any(|named| named.name == lesson.name);
    let units = units(course.lessons.iter().filter(is_held));
    if sessions.is_none() && minutes.is_none() {
        anstream::print!("{}", usual_of(&units));
    } else {
        anstream::print!("{}", table_of(&units, sessions.unwrap_or(usize::MAX), minutes));
    }
    Ok(PASSED)
}

/// The usual plans in Markdown. `INSTRUCTOR.md` holds them.
pub fn usual(course: &Course) -> String {
    usual_of(&units(&course.lessons))
}

fn usual_of(units: &[Unit]) -> String {
    let plan = |(name, sessions, minutes): &(&str, usize, u32)| {
        let each = if *sessions == 1 { "" } else { " each" };
        format!(
            "### {name}\n\nUp to {minutes} minutes{each}.\n\n{}",
            table_of(units, *sessions, Some(*minutes))
        )
    };
    USUAL.iter().map(plan).collect::<Vec<_>>().join("\n")
}

/// One plan as a table in Markdown, with what does not fit after it. `minutes` is the length of a session.
fn table_of(units: &[Unit], sessions: usize, minutes: Option<u32>) -> String {
    let most = minutes.map_or(u32::MAX, without_breaks);
    let longest = balanced(units, sessions, most);
    let mut rest = units;
    let mut text = String::from("| Session | Lessons | Minutes | With breaks |\n| --- | --- | --- | --- |\n");
    for number in 1..=sessions {
        let (held, after) = rest.split_at(fitting(rest, longest));
        if held.is_empty() {
            break;
        }
        let sum: u32 = held.iter().map(|unit| unit.minutes).sum();
        let in_class = sum.min(most);
        let _ = write!(text, "| {number} | {} | {sum}", named(held));
        if sum > in_class {
            let _ = write!(text, " ({} of them at home)", sum - in_class);
        }
        let _ = writeln!(text, " | {} |", with_breaks(in_class));
        rest = after;
    }
    if !rest.is_empty() {
        let sum: u32 = rest.iter().map(|unit| unit.minutes).sum();
        let _ = writeln!(text, "\nLeft out: {} ({sum} minutes).", left_out(rest));
    }
    text
}

/// What these lessons consist of, in order.
fn units<'a>(lessons: impl IntoIterator<Item = &'a Lesson>) -> Vec<Unit> {
    let mut units = Vec::new();
    for lesson in lessons {
        let number = lesson.number;
        if !lesson.is_project() {
            units.push(Unit { lesson: number, stage: None, minutes: lesson.manifest.minutes });
        }
        for (index, stage) in lesson.manifest.stages.iter().enumerate().filter(|_| lesson.is_project()) {
            units.push(Unit { lesson: number, stage: Some(index + 1), minutes: stage.minutes });
        }
    }
    units
}

/// How many of the first units fit into a session: at least one, since a unit that is longer than a session has to
/// be begun in one.
fn fitting(units: &[Unit], minutes: u32) -> usize {
    let mut sum = 0;
    let fits = |unit: &&Unit| {
        sum += unit.minutes;
        sum <= minutes
    };
    units.iter().take_while(fits).count().max(1).min(units.len())
}

/// The shortest length of a session in which `sessions` of them hold all units; `minutes`, if they do not fit.
fn balanced(units: &[Unit], sessions: usize, minutes: u32) -> u32 {
    let all_fit = |longest: u32| {
        let mut rest = units;
        for _ in 0..sessions.min(units.len()) {
            rest = &rest[fitting(rest, longest)..];
        }
        rest.is_empty()
    };
    let sum = units.iter().map(|unit| unit.minutes).sum::<u32>();
    let from = units.iter().map(|unit| unit.minutes).max().unwrap_or(0);
    (from..=minutes.min(sum)).find(|longest| all_fit(*longest)).unwrap_or(minutes)
}

/// The units in words: `1 to 3; 8, stages 1 and 2`.
fn named(units: &[Unit]) -> String {
    parts(units).join("; ")
}

/// The same in a sentence: `lessons 3 to 7 and lesson 8, stages 1 and 2`.
fn left_out(units: &[Unit]) -> String {
    let is_one = |part: &String| !part.contains(' ') || part.contains(',');
    let with_word = |part: String| format!("lesson{} {part}", if is_one(&part) { "" } else { "s" });
    parts(units).into_iter().map(with_word).collect::<Vec<_>>().join(" and ")
}

/// The lessons, and the stages of each project, in order.
fn parts(units: &[Unit]) -> Vec<String> {
    let belongs = |one: &Unit, next: &Unit| match (one.stage, next.stage) {
        (None, None) => true,
        (Some(_), Some(_)) => one.lesson == next.lesson,
        _ => false,
    };
    let part = |units: &[Unit]| {
        let stages: Vec<_> = units.iter().filter_map(|unit| unit.stage).collect();
        if stages.is_empty() {
            return numbers(&units.iter().map(|unit| unit.lesson as usize).collect::<Vec<_>>());
        }
        let word = if stages.len() == 1 { "stage" } else { "stages" };
        format!("{}, {word} {}", units[0].lesson, numbers(&stages))
    };
    units.chunk_by(belongs).map(part).collect()
}

/// Numbers in order: `3`, `3 and 4`, `3 to 7`, `1, 3 to 5 and 7`.
fn numbers(numbers: &[usize]) -> String {
    let mut words = Vec::new();
    for run in numbers.chunk_by(|one, next| one + 1 == *next) {
        match run {
            [first, _, .., last] => words.push(format!("{first} to {last}")),
            run => words.extend(run.iter().map(ToString::to_string)),
        }
    }
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Unit, balanced, fitting, named, numbers, table_of, with_breaks, without_breaks};

    fn units(minutes: &[u32]) -> Vec<Unit> {
        minutes
            .iter()
            .zip(1..)
            .map(|(minutes, lesson)| Unit { lesson, stage: None, minutes: *minutes })
            .collect()
    }

    #[test]
    fn sessions_are_as_even_as_the_order_allows() {
        for (minutes, sessions, limit, longest) in [
            (&[30, 50, 40, 40, 75, 50][..], 2, 360, 160),
            (&[30, 50, 40, 40, 75, 50], 3, 360, 120),
            (&[30, 50, 40], 1, 360, 120),
            (&[30, 50, 40], 9, 360, 50),
            // They do not fit, so the sessions are as long as they may be.
            (&[30, 50, 40], 1, 100, 100),
            (&[120, 30], 2, 90, 90),
            (&[], 2, 90, 0),
        ] {
            assert_eq!(balanced(&units(minutes), sessions, limit), longest, "{minutes:?} in {sessions}");
        }
    }

    #[test]
    fn there_is_a_break_after_each_hour_except_the_last() {
        for (work, length) in [(0, 0), (60, 60), (61, 71), (120, 130), (285, 325)] {
            assert_eq!(with_breaks(work), length, "{work}");
        }
        for (length, work) in [(0, 0), (60, 60), (65, 60), (71, 61), (90, 80), (360, 310)] {
            assert_eq!(without_breaks(length), work, "{length}");
        }
    }

    #[test]
    fn a_plan_has_breaks_and_lists_what_does_not_fit() {
        let mut all = units(&[30, 50, 40, 75, 80]);
        all.extend([1, 2].map(|stage| Unit { lesson: 8, stage: Some(stage), minutes: 60 }));
        let table = table_of(&all, 2, Some(130));
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| 1 | 1 to 3 | 120 | 130 |",
                "| 2 | 4 | 75 | 85 |",
                "",
                "Left out: lesson 5 and lesson 8, stages 1 and 2 (200 minutes)."
            ]
        );
        let at_home = table_of(&all[4..5], 1, Some(60));
        assert!(at_home.ends_with("| 1 | 5 | 80 (20 of them at home) | 60 |\n"), "{at_home}");
    }

    #[test]
    fn a_unit_longer_than_a_session_still_starts_in_one() {
        assert_eq!(fitting(&units(&[120, 30]), 90), 1);
        assert_eq!(fitting(&units(&[60, 30, 1]), 90), 2);
        assert_eq!(fitting(&[], 90), 0);
    }

    #[test]
    fn numbers_of_a_plan_may_have_gaps() {
        for (list, words) in [
            (&[][..], ""),
            (&[3], "3"),
            (&[3, 4], "3 and 4"),
            (&[3, 4, 5, 6], "3 to 6"),
            (&[1, 3, 4, 5], "1 and 3 to 5"),
            (&[1, 3, 5, 6], "1, 3, 5 and 6"),
            (&[1, 2, 3, 5, 7], "1 to 3, 5 and 7"),
        ] {
            assert_eq!(numbers(list), words);
        }
    }

    #[test]
    fn lessons_and_stages_are_named_together() {
        let mut all = units(&[1, 1, 1]);
        assert_eq!(named(&all), "1 to 3");
        all.extend([1, 2].map(|stage| Unit { lesson: 8, stage: Some(stage), minutes: 1 }));
        assert_eq!(named(&all), "1 to 3; 8, stages 1 and 2");
        assert_eq!(named(&all[4..]), "8, stage 2");
        all.push(Unit { lesson: 9, stage: None, minutes: 1 });
        assert_eq!(named(&all), "1 to 3; 8, stages 1 and 2; 9");
    }
}
