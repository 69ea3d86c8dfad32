//! Which gates and tests are likely to notice a mistake: those that noticed it before, or that noticed the last ones in
//! the same file or folder. They run first, and then the others mostly do not have to.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use crate::mutant::Mutant;

/// How many run for a file, and for each folder around it.
const MOST: usize = 6;
/// How many of a file's run before the others: what noticed one mistake mostly notices the next, and some tests take
/// seconds.
const FIRST: usize = 2;

/// Gates and tests, by mutant and by file and folder, the latest first.
#[derive(Default)]
pub struct Likely(Mutex<HashMap<String, Vec<String>>>);

impl Likely {
    /// What to run, in rounds.
    pub fn of(&self, mutant: &Mutant) -> [Vec<String>; 3] {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |key: String| known.get(&key).cloned().unwrap_or_default();
        let mut places = places(mutant);
        let file = of(places.next().unwrap_or_default());
        let (latest, others) = file.split_at(file.len().min(FIRST));
        let mut chosen = HashSet::new();
        [
            of(name(mutant)).into_iter().chain(latest.to_vec()).collect::<Vec<_>>(),
            others.to_vec(),
            places.flat_map(of).collect(),
        ]
        .map(|round| round.into_iter().filter(|name| chosen.insert(name.clone())).collect())
    }

    /// `by`: the gates or tests that have noticed it.
    pub fn noticed(&self, mutant: &Mutant, by: &[String]) {
        // Where everything fails, the first ones are enough.
        for name in by.iter().take(2) {
            self.add(self::name(mutant), name);
            for place in places(mutant) {
                self.add(place, name);
            }
        }
    }

    /// As [`Self::noticed`], for a mutant of which only the name is known.
    pub fn noticed_before(&self, mutant: &str, by: &[String]) {
        for name in by.iter().take(2) {
            self.add(mutant.to_owned(), name);
        }
    }

    fn add(&self, key: String, name: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names = known.entry(key).or_default();
        names.retain(|known| known != name);
        names.insert(0, name.to_owned());
        names.truncate(MOST);
    }
}

/// Its file, and the folders around that.
fn places(mutant: &Mutant) -> impl Iterator<Item = String> {
    mutant.file.ancestors().map(|place| place.display().to_string())
}

/// What a record calls it.
pub fn name(mutant: &Mutant) -> String {
    format!("{}: {}", mutant.title(), mutant.change())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutant::Class;
    use crate::operators::Operator;

    fn mutant(file: &str, line: usize) -> Mutant {
        Mutant {
            step: "08-order-up".to_owned(),
            file: file.into(),
            class: Class::Given,
            operator: Operator::FlipBool,
            line,
            source: String::new(),
            before: "true".to_owned(),
            after: "false".to_owned(),
            text: String::new(),
        }
    }

    #[test]
    fn the_latest_tests_of_a_file_run_first_and_nothing_runs_twice() {
        let likely = Likely::default();
        likely.noticed(&mutant("src/money.rs", 1), &["elsewhere".to_owned()]);
        for (line, by) in
            [&["first"][..], &["second"], &["third"], &["fourth", "third"]].into_iter().enumerate()
        {
            let by: Vec<_> = by.iter().map(|name| (*name).to_owned()).collect();
            likely.noticed(&mutant("src/error.rs", line), &by);
        }
        let rounds = likely.of(&mutant("src/error.rs", 0));
        assert_eq!(
            rounds.each_ref().map(|round| round.join(" ")),
            ["first third fourth", "second", "elsewhere"]
        );
    }
}
