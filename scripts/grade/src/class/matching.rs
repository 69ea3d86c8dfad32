//! Whose a submission is, by the name of its folder or file.
//!
//! Nobody gets another person's points: only what a platform has written counts, or the whole name. A name that fits
//! two people is nobody's, until the list says whose it is.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::export::Export;
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
    /// Before the user names in the names that Blackboard has written.
    blackboard: Vec<Vec<String>>,
    /// People whom a platform has given two numbers: two people are called so, and one of them is not on the list.
    doubled: Vec<usize>,
    /// The list's ids are those that Canvas writes.
    is_canvas: bool,
}

/// By what a person's submission is known, each as words.
struct Keys {
    folders: Vec<Vec<String>>,
    /// Id, user name, and e-mail address.
    ids: Vec<Vec<String>>,
    names: Vec<Vec<String>>,
}

/// Where something is in a name: from which word to which.
type Span = (usize, usize);

impl Owners {
    /// `submissions`: the names of all of them.
    pub fn new(people: &[Person], is_canvas: bool, submissions: &[&str]) -> Self {
        let blackboard = submissions.iter().filter_map(|name| match Export::of(name) {
            Some(Export::Blackboard { assignment_and_user, .. }) => Some(words(assignment_and_user)),
            _ => None,
        });
        let mut owners = Self {
            people: people.iter().map(Keys::of).collect(),
            submissions: submissions.iter().map(|name| words(bare(name))).collect(),
            blackboard: blackboard.collect(),
            doubled: Vec::new(),
            is_canvas,
        };
        let mut numbers: HashMap<usize, &str> = HashMap::new();
        for name in submissions {
            let number = Export::of(name).and_then(Export::number);
            if let (Some(number), Owner::People(people)) = (number, owners.of_name(name)) {
                let is_other = |person: &&usize| *numbers.entry(**person).or_insert(number) != number;
                owners.doubled.extend(people.iter().filter(is_other));
            }
        }
        owners
    }

    pub fn of(&self, submission: &str) -> Owner {
        if let Some(listed) = self.listed(submission) {
            return Owner::People(listed);
        }
        match self.of_name(submission) {
            Owner::People(people)
                if Export::of(submission).is_some_and(|export| export.number().is_some())
                    && people.iter().any(|person| self.doubled.contains(person)) =>
            {
                Owner::Unknown(people)
            }
            owner => owner,
        }
    }

    /// To whom the list gives it.
    fn listed(&self, submission: &str) -> Option<Vec<usize>> {
        let names = [words(submission), words(bare(submission))];
        let listed = names.iter().map(|name| self.whose(&|keys| keys.folders.contains(name)));
        listed.into_iter().find(|people| !people.is_empty())
    }

    fn whose(&self, is_theirs: &dyn Fn(&Keys) -> bool) -> Vec<usize> {
        let people = self.people.iter().enumerate();
        people.filter(|(_, keys)| is_theirs(keys)).map(|(index, _)| index).collect()
    }

    /// Whose it is by its name alone.
    fn of_name(&self, submission: &str) -> Owner {
        let export = Export::of(submission);
        let own = Name::of(export.map_or_else(|| bare(submission), Export::who));
        let whole = |keys: &[Vec<String>]| keys.contains(&own.words);
        let found = match export {
            Some(Export::Moodle { .. } | Export::Brightspace { .. }) => {
                self.whose(&|keys| whole(&keys.names))
            }
            Some(Export::Canvas { id, .. }) => {
                let (id, name) = (words(id), own.words.concat());
                let is_called = |keys: &Keys| keys.names.iter().any(|key| key.concat() == name);
                let with_id = self.whose(&|keys| self.is_canvas && keys.ids.contains(&id));
                if with_id.is_empty() { self.whose(&is_called) } else { with_id }
            }
            Some(Export::Blackboard { .. }) => self.behind(&own, &self.blackboard, |count, all| {
                // The assignment's name is the same for everybody.
                all <= 1 || count > 1
            }),
            None => {
                let whole = self.whose(&|keys| whole(&keys.ids) || whole(&keys.names));
                if whole.is_empty() {
                    // GitHub Classroom puts the assignment before the user name.
                    self.behind(&own, &self.submissions, |count, all| count > 1 && count * 2 > all)
                } else {
                    whole
                }
            }
        };
        match found[..] {
            [one] => Owner::People(vec![one]),
            [] => Owner::Unknown(self.mentioned(&own)),
            _ => Owner::Unknown(found),
        }
    }

    /// Those whose id is the end of a name, behind words that `is_common` in these names.
    fn behind(
        &self,
        name: &Name,
        names: &[Vec<String>],
        is_common: impl Fn(usize, usize) -> bool,
    ) -> Vec<usize> {
        let end = name.words.len();
        let is_clear = |(from, to): &Span| {
            let before = &name.words[..*from];
            let others = names.iter().filter(|other| other.starts_with(before) && other.len() > *from);
            *to == end && is_common(others.count(), names.len())
        };
        let spans = |keys: &Keys| {
            keys.ids.iter().flat_map(|key| name.spans(key)).filter(is_clear).collect::<Vec<_>>()
        };
        candidates(self.people.iter().map(spans).enumerate())
    }

    /// Those whom a name mentions, which a student may have written.
    fn mentioned(&self, name: &Name) -> Vec<usize> {
        let spans = |keys: &Keys| {
            keys.ids.iter().chain(&keys.names).flat_map(|key| name.spans(key)).collect::<Vec<_>>()
        };
        candidates(self.people.iter().map(spans).enumerate())
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
        let (mut ids, mut names): (Vec<Vec<String>>, Vec<Vec<String>>) = Default::default();
        let add = |keys: &mut Vec<Vec<String>>, key: Vec<String>| {
            let is_telling = match &key[..] {
                [] => false,
                [word] if word.chars().all(char::is_numeric) => word.chars().count() >= SHORTEST_NUMBER,
                [word] => word.chars().count() >= SHORTEST_WORD,
                _ => true,
            };
            if is_telling && !keys.contains(&key) {
                keys.push(key);
            }
        };
        for text in [&person.id, &person.username, &person.email] {
            add(&mut ids, words(text));
        }
        if let Some((local, _)) = person.email.split_once('@').filter(|_| person.username.is_empty()) {
            add(&mut ids, words(local));
        }
        for form in &person.forms_of_name {
            let form = words(form);
            // Canvas: `doejane`.
            add(&mut names, vec![form.concat()]);
            add(&mut names, form);
        }
        let folders = person.folders.iter().flat_map(|folder| [words(folder), words(without_ending(folder))]);
        Self { folders: folders.collect(), ids, names }
    }
}

/// Those with a match that is not part of another's match: `Ann` is not meant where `Ann Lee` is written.
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

/// The words of a name.
struct Name {
    words: Vec<String>,
}

impl Name {
    fn of(name: &str) -> Self {
        let name = folded(name);
        let words = name.split(|character: char| !character.is_alphanumeric());
        Self { words: words.filter(|word| !word.is_empty()).map(str::to_owned).collect() }
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
        Owners::new(&people, true, &["course-zkim", "course-ghost", "mary-ann"])
    }

    #[test]
    fn each_platforms_names_match_one_person() {
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
    fn a_group_shares_the_folder_in_the_roster() {
        for name in ["team 7", "Team_7", "team-7~2"] {
            assert_eq!(class().of(name), Owner::People(vec![4, 5]), "{name}");
        }
    }

    #[test]
    fn a_name_that_fits_nobody_or_two_people_has_no_owner() {
        let class = class();
        for (name, candidates) in [
            ("Jan Li", vec![6, 7]),
            ("jdoe and zkim", vec![0, 1]),
            ("mary-ann", vec![2]),
            ("Ann Muller_12345_assignsubmission_file_", vec![2]),
            ("Mary Jane Doe_12345_assignsubmission_file_", vec![0]),
            ("course-ghost", vec![]),
            ("4711002_Jane Doe", vec![0, 1]),
            // A student can choose what is behind the platform's part, and the name of a file of their own.
            ("Moe Mo_12345_assignsubmission_file_4711001", vec![]),
            ("moemo_99_100_jdoe", vec![]),
            ("HW1_mmo_attempt_2026-05-01-12-00-00_jdoe_attempt_2026-05-01-12-00-00", vec![]),
            ("9-9 - Moe Mo - May 1, 2026 1200 PM - Jane Doe - May 1, 2026 1200 PM", vec![]),
            ("hw_jdoe_final", vec![0]),
            ("4711002_LATE", vec![1]),
            ("submission_12", vec![]),
            ("janet", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(class.of(name), Owner::Unknown(candidates), "{name}");
        }
    }

    #[test]
    fn the_name_of_a_file_does_not_change_its_owner() {
        let class = class();
        let files = [
            "",
            "4711001",
            "Jane Doe",
            "_jdoe_",
            "doejane_4711001_1_x",
            "Jane Doe_1_assignsubmission_file_x",
            "HW1_jdoe_attempt_2026-05-01-12-00-00_x",
            " - Jane Doe - May 1, 2026 1200 PM",
            "(jdoe)",
            "team 7",
            "~2",
        ];
        for file in files {
            for own in [
                "Zoë Kim_12345_assignsubmission_file_",
                "kimzo\u{eb}_4711002_77_",
                "kimzoe_LATE_4711002_77_",
                "HW1_zkim_attempt_2026-05-01-12-00-00_",
                "9-12 - Zoë Kim - May 1, 2026 1200 PM - ",
            ] {
                let name = format!("{own}{file}");
                assert_eq!(class.of(&name), Owner::People(vec![1]), "{name}");
            }
        }
    }

    #[test]
    fn two_people_with_different_platform_ids_are_never_one_person() {
        let people = [person("4711001", "Jane Doe", "jdoe", &[]), person("4711002", "Zoe Kim", "zkim", &[])];
        let both = ["Jane Doe_1_assignsubmission_file_", "Jane Doe_2_assignsubmission_file_"];
        let owners = Owners::new(&people, false, &[both[0], both[1], "Zoe Kim_3_assignsubmission_file_"]);
        for name in both {
            assert_eq!(owners.of(name), Owner::Unknown(vec![0]), "{name}");
        }
        assert_eq!(owners.of("Zoe Kim_3_assignsubmission_file_"), Owner::People(vec![1]));
        // Two files of one person.
        let two = ["doejane_9_10_a", "doejane_9_11_b"];
        let owners = Owners::new(&people, false, &two);
        for name in two {
            assert_eq!(owners.of(name), Owner::People(vec![0]), "{name}");
        }
        // The number is Canvas's, and no student number that happens to be the same.
        assert_eq!(Owners::new(&people, false, &[]).of("foxcy_4711001_5_x"), Owner::Unknown(vec![]));
        assert_eq!(Owners::new(&people, true, &[]).of("foxcy_4711001_5_x"), Owner::People(vec![0]));
    }
}
