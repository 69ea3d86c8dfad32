//! The lessons and gates of a gradebook, and what each counts.

use std::collections::BTreeMap;

use kata::course::Course;

use super::points::Points;
use super::policy::Policy;
use super::record::Record;
use crate::text::line;

/// A lesson that counts.
#[derive(Clone, Debug)]
pub struct CountedLesson {
    pub name: String,
    /// As the course calls it.
    pub title: String,
    /// What an LMS calls it.
    pub column: String,
    pub max: Points,
    /// The policy says what it counts.
    pub is_weighted: bool,
    pub gates: Vec<CountedGate>,
}

#[derive(Clone, Debug)]
pub struct CountedGate {
    pub number: usize,
    pub name: String,
    pub title: String,
    /// What it counts beside the lesson's other gates.
    pub points: Points,
}

impl CountedLesson {
    /// What all gates together count, before the lesson's own weight.
    pub fn sum(&self) -> Points {
        self.gates.iter().map(|gate| gate.points).sum()
    }
}

/// All lessons that were graded, with all of their gates: the same for everybody.
pub fn lessons(records: &[Record], policy: &Policy, course: &Course) -> Vec<CountedLesson> {
    let mut lessons: BTreeMap<(usize, &str), Vec<CountedGate>> = BTreeMap::new();
    let place = |name: &str| course.lessons.iter().position(|lesson| lesson.name == name);
    for lesson in records.iter().flat_map(|record| &record.lessons) {
        let place = place(&lesson.name).unwrap_or(usize::MAX);
        let gates = lessons.entry((place, &lesson.name)).or_default();
        let rule = policy.lessons.get(&lesson.name);
        for gate in &lesson.gates {
            if gates.iter().any(|known| known.name == gate.name) {
                continue;
            }
            let weight = rule.and_then(|rule| rule.gates.get(&gate.name)).copied();
            let own = course.lessons.get(place).map(|lesson| &lesson.manifest.gates);
            let own = own.and_then(|gates| gates.iter().find(|own| own.name == gate.name));
            gates.push(CountedGate {
                number: gate.number,
                name: gate.name.clone(),
                title: own.map_or_else(|| line(&gate.title), |own| own.title.clone()),
                points: weight.unwrap_or_else(|| Points::from(gate.max_points)),
            });
        }
    }
    let counted = |((place, name), mut gates): ((usize, &str), Vec<CountedGate>)| {
        gates.sort_by_key(|gate| gate.number);
        let sum = gates.iter().map(|gate| gate.points).sum();
        let rule = policy.lessons.get(name);
        let weight = rule.and_then(|rule| rule.weight);
        let column = rule.and_then(|rule| rule.column.clone()).unwrap_or_else(|| name.to_owned());
        let title =
            course.lessons.get(place).map_or_else(|| name.to_owned(), |own| own.manifest.title.clone());
        let (max, is_weighted) = (weight.unwrap_or(sum), weight.is_some());
        CountedLesson { name: name.to_owned(), title, column, max, is_weighted, gates }
    };
    lessons.into_iter().map(counted).collect()
}
