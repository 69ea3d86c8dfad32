//! Whose a submission is, by the name of its folder or file.
//!
//! Nobody gets another person's points: a name that fits two people is nobody's, until the list says whose it is.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::roster::Person;
use crate::intake::kind::without_ending;

/// Whose a submission is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Owner {
    /// By their places on the list: several, where the list gives a group one folder.
    People(Vec<usize>),
    /// Nobody's, or any of these.
    Unknown(Vec<usize>),
}

/// Numbers that are shorter are as likely to be a date, or a platform's count.
const SHORTEST_NUMBER: usize = 5;
const SHORTEST_WORD: usize = 2;

/// Finds the owners of submissions.
pub struct Owners {
    people: Vec<Keys>,
    /// The words of all submissions.
    submissions: Vec<Vec<String>>,
}

/// By what a person's submission is known, each as words.
struct Keys {
    folders: Vec<Vec<String>>,
    /// What names them and nobody else.
    own: Vec<Vec<String>>,
}

/// Where something is in a name: from which word to which.
type Span = (usize, usize);

impl Owners {
    /// `submissions`: the names of all of them.
    pub fn new(people: &[Person], submissions: &[&str]) -> Self {
        Self {
            people: people.iter().map(Keys::of).collect(),
            submissions: submissions.iter().map(|name| words(bare(name))).collect(),
        }
    }

    pub fn of(&self, submission: &str) -> Owner {
        let bare = Name::of(bare(submission));
        let whose = |is_theirs: &dyn Fn(&Keys) -> bool| -> Vec<usize> {
            let people = self.people.iter().enumerate();
            people.filter(|(_, keys)| is_theirs(keys)).map(|(index, _)| index).collect()
        };
        for name in [&words(submission), &bare.words] {
            let listed = whose(&|keys| keys.folders.contains(name));
            if !listed.is_empty() {
                return Owner::People(listed);
            }
        }
        let whole = whose(&|keys| keys.own.contains(&bare.words));
        if let [one] = whole[..] {
            return Owner::People(vec![one]);
        }
        let spans = |keys: &Keys| keys.own.iter().flat_map(|key| bare.spans(key)).collect::<Vec<_>>();
        let found: Vec<_> = self.people.iter().map(spans).enumerate().collect();
        let clear = |(index, spans): &(usize, Vec<Span>)| {
            let clear = spans.iter().copied().filter(|span| self.is_clear(&bare, *span));
            (*index, clear.collect::<Vec<_>>())
        };
        match &candidates(found.iter().map(clear))[..] {
            [one] => Owner::People(vec![*one]),
            [] => Owner::Unknown(candidates(found.into_iter())),
            several => Owner::Unknown(several.to_vec()),
        }
    }

    /// Whether a name says that this part of it is all of a person's name, and not of a longer one: `ann` is not meant
    /// by `mary-ann`. GitHub Classroom puts the assignment before it, the same for everybody.
    fn is_clear(&self, name: &Name, (from, to): Span) -> bool {
        let before = &name.words[..from];
        let is_of_all = || {
            let others =
                self.submissions.iter().filter(|other| other.starts_with(before) && other.len() > from);
            let count = others.count();
            count > 1 && count * 2 > self.submissions.len()
        };
        name.gaps[to] && (name.gaps[from] || is_of_all())
    }

    /// Names of submissions on the list that none of these has, with their people.
    pub fn missing<'a>(people: &'a [Person], submissions: &[&str]) -> Vec<(&'a Person, &'a str)> {
        let there: HashSet<_> =
            submissions.iter().flat_map(|name| [words(name), words(bare(name))]).collect();
        let named =
            people.iter().flat_map(|person| person.folders.iter().map(move |name| (person, name.as_str())));
        named
            .filter(|(_, name)| !there.contains(&words(bare(name))) && !there.contains(&words(name)))
            .collect()
    }
}

impl Keys {
    fn of(person: &Person) -> Self {
        let mut own: Vec<Vec<String>> = Vec::new();
        let mut add = |key: Vec<String>| {
            let is_telling = match &key[..] {
                [] => false,
                [word] if word.chars().all(char::is_numeric) => word.chars().count() >= SHORTEST_NUMBER,
                [word] => word.chars().count() >= SHORTEST_WORD,
                _ => true,
            };
            if is_telling && !own.contains(&key) {
                own.push(key);
            }
        };
        for text in [&person.id, &person.username, &person.email] {
            add(words(text));
        }
        if let Some((local, _)) = person.email.split_once('@').filter(|_| person.username.is_empty()) {
            add(words(local));
        }
        for form in &person.forms_of_name {
            let form = words(form);
            // Canvas: `doejane`.
            add(vec![form.concat()]);
            add(form);
        }
        let folders = person.folders.iter().flat_map(|folder| [words(folder), words(without_ending(folder))]);
        Self { folders: folders.collect(), own }
    }
}

/// Those of whom something is found that is no part of what is found of another: `Ann` is not meant where `Ann Lee` is
/// written.
fn candidates(found: impl Iterator<Item = (usize, Vec<Span>)>) -> Vec<usize> {
    let found: Vec<_> = found.filter(|(_, spans)| !spans.is_empty()).collect();
    let is_inside = |a: &Span, b: &Span| b.0 <= a.0 && a.1 <= b.1 && a != b;
    let is_part = |spans: &[Span], others: &[Span]| {
        spans.iter().all(|span| others.iter().any(|other| is_inside(span, other)))
    };
    let is_meant = |(index, spans): &&(usize, Vec<Span>)| {
        !found.iter().any(|(other, others)| other != index && is_part(spans, others))
    };
    found.iter().filter(is_meant).map(|(index, _)| *index).collect()
}

/// The words of a name, and what is between them.
struct Name {
    words: Vec<String>,
    /// Before each word, and after the last: whether something else ends there. A blank or a hyphen may be inside of a
    /// person's name.
    gaps: Vec<bool>,
}

impl Name {
    fn of(name: &str) -> Self {
        let name = folded(name);
        let (mut words, mut gaps): (Vec<String>, Vec<bool>) = (Vec::new(), Vec::new());
        let mut gap = String::new();
        for character in name.chars() {
            if !character.is_alphanumeric() {
                gap.push(character);
                continue;
            }
            if words.is_empty() || !gap.is_empty() {
                gaps.push(
                    words.is_empty() || gap.contains(['_', ',', '(', ')', '[', ']']) || gap.contains(" - "),
                );
                words.push(String::new());
                gap.clear();
            }
            if let Some(word) = words.last_mut() {
                word.push(character);
            }
        }
        gaps.push(true);
        Self { words, gaps }
    }

    /// Where the words of `key` follow each other.
    fn spans(&self, key: &[String]) -> Vec<Span> {
        let places = self.words.windows(key.len().max(1)).enumerate();
        places.filter(|(_, words)| *words == key).map(|(at, words)| (at, at + words.len())).collect()
    }
}

/// A name without the number that the grader adds to a second one, and without an archive's ending.
fn bare(name: &str) -> &str {
    let bare = name.rsplit_once('~').filter(|(_, count)| count.parse::<u32>().is_ok());
    without_ending(bare.map_or(name, |(bare, _)| bare))
}

/// The words of a name, the same however it is written.
fn words(name: &str) -> Vec<String> {
    Name::of(name).words
}

fn folded(name: &str) -> String {
    name.nfkc().collect::<String>().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::super::roster::Person;
    use super::{Owner, Owners};

    fn person(id: &str, name: &str, username: &str, folders: &[&str]) -> Person {
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        Person {
            id: id.to_owned(),
            name: name.to_owned(),
            username: username.to_owned(),
            folders: folders.iter().map(|folder| (*folder).to_owned()).collect(),
            forms_of_name: vec![name.to_owned(), format!("{last} {first}")],
            ..Person::default()
        }
    }

    fn class() -> Owners {
        let people = [
            person("4711001", "Jane Doe", "jdoe", &[]),
            person("4711002", "Zoë Kim", "zkim", &[]),
            person("4711003", "Ann", "ann", &[]),
            person("4711004", "Ann Lee", "ann-lee", &[]),
            person("4711005", "Bob Ray", "bray", &["team 7"]),
            person("4711006", "Cy Fox", "cfox", &["team 7"]),
            person("4711007", "Jan Li", "jl1", &[]),
            person("4711008", "Jan Li", "jl2", &[]),
            person("12", "Max Ott", "max", &[]),
        ];
        Owners::new(&people, &["course-zkim", "course-ghost", "mary-ann"])
    }

    #[test]
    fn each_platforms_names_lead_to_one_person() {
        let class = class();
        for (name, expected) in [
            // Moodle, Canvas, Blackboard, Brightspace, GitHub Classroom.
            ("Jane Doe_12345_assignsubmission_file_", 0),
            ("doejane_LATE_4711001_998877_course.zip", 0),
            ("gradebook_2026_rust_jdoe_attempt_2026-05-01-12-00-00_course", 0),
            ("991-12 - Jane Doe - May 1, 2026 1200 PM", 0),
            ("course-zkim", 1),
            ("Zoe\u{308} Kim", 1),
            ("4711002", 1),
            ("Ann", 2),
            ("Ann~2", 2),
            ("ann_lee.zip", 3),
            ("Lee, Ann", 3),
            ("jl2", 7),
            ("MAX", 8),
        ] {
            assert_eq!(class.of(name), Owner::People(vec![expected]), "{name}");
        }
    }

    #[test]
    fn a_group_shares_the_folder_that_the_list_gives_it() {
        for name in ["team 7", "Team_7", "team-7~2"] {
            assert_eq!(class().of(name), Owner::People(vec![4, 5]), "{name}");
        }
    }

    #[test]
    fn what_fits_nobody_or_two_people_is_nobodys() {
        let class = class();
        for (name, candidates) in [
            ("Jan Li", vec![6, 7]),
            ("jdoe and zkim", vec![0, 1]),
            ("mary-ann", vec![2]),
            ("Ann Muller_12345_assignsubmission_file_", vec![2]),
            ("Mary Jane Doe_12345_assignsubmission_file_", vec![0]),
            ("course-ghost", vec![]),
            ("4711002_Jane Doe", vec![0, 1]),
            ("submission_12", vec![]),
            ("janet", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(class.of(name), Owner::Unknown(candidates), "{name}");
        }
    }
}
