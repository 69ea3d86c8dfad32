//! Checks of what people read: a lesson's texts against its manifest, and the gates that texts name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::problems::Problems;
use crate::course::{Course, Lesson, layout};
use crate::export::{FRONT, front_for_students};
use crate::{files, links};

/// The lesson's own texts, and its row in the map of the course.
pub fn check_lesson(course: &Course, lesson: &Lesson, problems: &Problems) {
    check_readme(course, lesson, problems);
    let path = lesson.folder().join("INSTRUCTOR.md");
    let minutes = lesson.manifest.minutes;
    let first = format!("- {minutes} minutes:");
    match files::read_text(&course.root.join(&path)) {
        Err(_) => problems.add(&path, "cannot be read; every lesson has one, for instructors"),
        Ok(text) if !text.lines().any(|line| line.starts_with(&first)) => {
            problems.add(&path, format!("it must begin with `{first}`, as the manifest says"));
        }
        Ok(_) => {}
    }
    let map = files::read_text(&course.root.join("lessons/README.md")).unwrap_or_default();
    let row = map.lines().find(|line| line.contains(&format!("({}/README.md)", lesson.name)));
    if !row
        .is_some_and(|row| row.contains(&lesson.manifest.title) && row.ends_with(&format!("| {minutes} |")))
    {
        let row = format!("[{}]({}/README.md)` … `| {minutes} |", lesson.manifest.title, lesson.name);
        problems.add(Path::new("lessons/README.md"), format!("its row for the lesson must hold `{row}`"));
    }
}

fn check_readme(course: &Course, lesson: &Lesson, problems: &Problems) {
    let path = lesson.folder().join("README.md");
    let Ok(text) = files::read_text(&course.root.join(&path)) else {
        return problems.add(&path, "cannot be read; every lesson has a README");
    };
    let title = format!("# {}. {}", lesson.number, lesson.manifest.title);
    if !text.lines().any(|line| line == title) {
        problems.add(&path, format!("its title must be `{title}`"));
    }
    // Those of a project are in its cards.
    let gates = lesson.manifest.gates.iter().enumerate().filter(|_| !lesson.is_project());
    for (index, gate) in gates {
        let heading = format!("### {}. {}", index + 1, gate.title);
        if !text.lines().any(|line| line == heading) {
            problems.add(
                &path,
                format!("the gate `{}` has no task here; add the heading `{heading}`", gate.name),
            );
        }
    }
    check_words(&path, &text, problems);
}

/// No text says that something is easy.
pub fn check_words(path: &Path, text: &str, problems: &Problems) {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    if let Some(word) = words.find(|word| ["just", "simply", "obviously"].contains(word)) {
        problems.add(path, format!("leave out `{word}`: it belittles readers who find this hard"));
    }
}

/// The links of texts lead to files that are there.
///
/// # Errors
///
/// When the course's folder cannot be read.
pub fn check_links(course: &Course, problems: &Problems) -> Result<()> {
    for path in texts(course)? {
        let Ok(text) = files::read_text(&course.root.join(&path)) else { continue };
        let folder = course.root.join(path.parent().unwrap_or(Path::new("")));
        for target in links::of(&text).filter(|target| !folder.join(target).exists()) {
            problems.add(&path, format!("its link leads to `{target}`, which does not exist; fix the link"));
        }
    }
    Ok(())
}

/// The texts that name gates by number name gates that exist.
///
/// # Errors
///
/// When the course's folder cannot be read.
pub fn check_references(course: &Course, problems: &Problems) -> Result<()> {
    let counts: Vec<_> =
        course.lessons.iter().map(|lesson| (lesson.number, lesson.manifest.gates.len())).collect();
    for path in texts(course)? {
        let Ok(text) = files::read_text(&course.root.join(&path)) else { continue };
        let own = course.lessons.iter().find(|lesson| path.starts_with(lesson.folder()));
        let is_map = path == Path::new("lessons/README.md");
        for wrong in wrong_references(&text, own.map(|lesson| lesson.number), is_map, &counts) {
            problems.add(&path, wrong);
        }
    }
    Ok(())
}

/// The texts that say how long the whole course takes agree with the manifests.
///
/// # Errors
///
/// When the course's folder cannot be read.
pub fn check_hours(course: &Course, problems: &Problems) -> Result<()> {
    let minutes: u32 = course.lessons.iter().map(|lesson| lesson.manifest.minutes).sum();
    let hours = (minutes + 30) / 60;
    for path in texts(course)? {
        let Ok(text) = files::read_text(&course.root.join(&path)) else { continue };
        for said in stated_hours(&text).filter(|said| *said != hours) {
            problems.add(
                &path,
                format!("it says that the lessons take about {said} hours; they take {minutes} minutes, about {hours} hours"),
            );
        }
    }
    Ok(())
}

/// The numbers in `lessons take about 16 hours`.
fn stated_hours(text: &str) -> impl Iterator<Item = u32> {
    let words: Vec<_> = text.split_whitespace().collect();
    let said: Vec<_> = words
        .windows(4)
        .filter(|words| words[0] == "take" && words[1] == "about" && bare(words[3]) == "hours")
        .filter_map(|words| words[2].parse().ok())
        .collect();
    said.into_iter()
}

/// Texts for students do not mention what students do not get.
///
/// # Errors
///
/// When the course's folder cannot be read.
pub fn check_handed_out(course: &Course, problems: &Problems) -> Result<()> {
    for path in texts(course)?.into_iter().filter(|path| !layout::is_left_out(path)) {
        let Ok(text) = files::read_text(&course.root.join(&path)) else { continue };
        let text = if path == Path::new(FRONT) { front_for_students(&text) } else { text };
        for named in left_out(&text) {
            problems.add(
                &path,
                format!("students get this text but not `{named}`; move the passage about it to INSTRUCTOR.md or CONTRIBUTING.md"),
            );
        }
    }
    Ok(())
}

/// What students do not get and a text names: by its path, or with a link.
fn left_out(text: &str) -> BTreeSet<&str> {
    let is_separator = |c: char| c.is_whitespace() || "`()[]#".contains(c);
    let paths = text.split(is_separator).filter(|word| word.contains('/'));
    let named = paths.chain(links::of(text)).map(|named| named.trim_start_matches("../"));
    named.filter(|named| layout::is_left_out(named)).collect()
}

fn texts(course: &Course) -> Result<Vec<PathBuf>> {
    let mut files = layout::contents(&course.root)?.files;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    Ok(files)
}

/// What is wrong with the gates that a text names. `own` is the number of the lesson that it belongs to: there,
/// `gate 3` is one of that lesson's. In the map of the course every `5.3` is a gate; elsewhere it may be a version.
fn wrong_references(text: &str, own: Option<u32>, is_map: bool, counts: &[(u32, usize)]) -> Vec<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let mut wrong = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let (names, own) = match bare(word).to_lowercase().as_str() {
            "gate" | "gates" => {
                wrong.extend(wrong_count(&words[..index], own, counts));
                (numbers(&words[index + 1..]), own)
            }
            "test" | "hint" => (words.get(index + 1).into_iter().map(|next| bare(next)).collect(), None),
            _ if is_map => (vec![bare(word)], None),
            _ => continue,
        };
        let gates = names.into_iter().flat_map(|name| name.split('–')).filter_map(|name| gate(name, own));
        for (lesson, gate) in gates {
            let there = counts.iter().find(|(number, _)| *number == lesson).map_or(0, |(_, count)| *count);
            if gate == 0 || gate > there {
                wrong.push(format!("it names gate {lesson}.{gate}, but lesson {lesson} has {there} gates"));
            }
        }
    }
    wrong
}

/// The lesson and the gate that `5.3` means, or `3` in a text that belongs to a lesson.
fn gate(name: &str, own: Option<u32>) -> Option<(u32, usize)> {
    match name.split_once('.') {
        Some((lesson, gate)) => Some((lesson.parse().ok()?, gate.parse().ok()?)),
        None => Some((own?, name.parse().ok()?)),
    }
}

/// The numbers of a list behind the word “gates”: `1, 2 and 7`, `8 to 11`, `5.3–5.6`.
fn numbers<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut numbers = Vec::new();
    for word in words {
        let name = bare(word);
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            numbers.push(name);
            if word.ends_with(['.', ';', ':', ')']) {
                break;
            }
        } else if !["and", "or", "to"].contains(&name) {
            break;
        }
    }
    numbers
}

/// What is wrong with `the sixteen gates` or `all 94 gates`: a lesson's text counts that lesson's gates, and others
/// count those of the course. `before` ends where the word “gates” stands.
fn wrong_count(before: &[&str], own: Option<u32>, counts: &[(u32, usize)]) -> Option<String> {
    let [.., article, number] = before else { return None };
    let said = count_of(&bare(number).to_lowercase())?;
    let of = counts.iter().filter(|(lesson, _)| own.is_none_or(|own| own == *lesson));
    let there: usize = of.map(|(_, count)| count).sum();
    let is_of_all = ["all", "the"].contains(&article.to_lowercase().as_str());
    (is_of_all && said != there).then(|| format!("it counts {number} gates, but there are {there}"))
}

/// A number in digits or, below a hundred, in words.
fn count_of(word: &str) -> Option<usize> {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let small = |word: &str| SMALL.iter().position(|name| *name == word);
    let (tens, ones) = word.split_once('-').unwrap_or((word, "zero"));
    let tens = TENS.iter().position(|name| *name == tens).map(|place| (place + 2) * 10);
    word.parse().ok().or_else(|| small(word)).or_else(|| Some(tens? + small(ones)?))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{count_of, left_out, stated_hours, wrong_references};

    #[test]
    fn references_to_files_that_students_do_not_get_are_reported() {
        let text = "See `tests/mistakes/05-crud`, [a](../INSTRUCTOR.md#b), [c](lessons/README.md) and INSTRUCTOR.md.";
        assert_eq!(
            left_out(text).into_iter().collect::<Vec<_>>(),
            ["INSTRUCTOR.md", "tests/mistakes/05-crud"]
        );
    }

    const COUNTS: [(u32, usize); 2] = [(1, 7), (5, 16)];

    #[test]
    fn gates_that_exist_are_accepted() {
        for text in [
            "Gate 16 is about it. Gates 1, 2 and 7 are short; 14 to 20 are not named as gates.",
            "Stops after gate 13; gates 8 to 11 follow, and gate 2 needs 40 lines.",
            "the sixteen gates; all 16 gates; The last two gates; four gates look at this",
            "`hint 1.7`, `cargo kata test 5.16`, Diesel 2.3, $28.98, hint 5",
        ] {
            let wrong = wrong_references(text, Some(5), false, &COUNTS);
            assert!(wrong.is_empty(), "{text}: {wrong:?}");
        }
        assert!(wrong_references("| all 23 gates | 1.2, 5.14–5.16 |", None, true, &COUNTS).is_empty());
    }

    #[test]
    fn gates_that_do_not_exist_are_reported() {
        for (text, own, wrong) in [
            ("Gate 17 is about it.", Some(5), "it names gate 5.17, but lesson 5 has 16 gates"),
            ("gates 1, 2 and 17", Some(5), "it names gate 5.17, but lesson 5 has 16 gates"),
            ("gates 3–17", Some(5), "it names gate 5.17, but lesson 5 has 16 gates"),
            ("see gate 1.8", Some(5), "it names gate 1.8, but lesson 1 has 7 gates"),
            ("`cargo kata hint 3.6`", None, "it names gate 3.6, but lesson 3 has 0 gates"),
            ("which of the fifteen gates", Some(5), "it counts fifteen gates, but there are 16"),
            ("all 94 gates", None, "it counts 94 gates, but there are 23"),
        ] {
            assert_eq!(wrong_references(text, own, false, &COUNTS), [wrong], "{text}");
        }
        let wrong = "it names gate 5.17, but lesson 5 has 16 gates";
        assert_eq!(wrong_references("| `write` | 5.14–5.17 |", None, true, &COUNTS), [wrong]);
    }

    #[test]
    fn hours_are_found() {
        let text =
            "The lessons take\nabout 16 hours; all take about 9 hours. It takes about 3 hours, or 4 hours.";
        assert_eq!(stated_hours(text).collect::<Vec<_>>(), [16, 9]);
    }

    #[test]
    fn numbers_in_words() {
        for (word, number) in [("nine", 9), ("sixteen", 16), ("twenty", 20), ("ninety-four", 94), ("94", 94)]
        {
            assert_eq!(count_of(word), Some(number), "{word}");
        }
        assert!(["many", "first", "twenty-", "-"].iter().all(|word| count_of(word).is_none()));
    }
}
