//! Who is likely to notice a mistake: who has noticed it before, or the last ones in the same file or folder.
//! They are asked first, and mostly spare the others.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::mutant::Mutant;

/// How many are asked for a file, and for each folder around it.
const MOST: usize = 6;

/// Gates and tests, by mutant and by file and folder, the latest first.
#[derive(Default)]
pub struct Likely(Mutex<HashMap<String, Vec<String>>>);

impl Likely {
    /// Whom to ask first, and whom then.
    pub fn of(&self, mutant: &Mutant) -> [Vec<String>; 2] {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |keys: Vec<String>| {
            let mut names: Vec<_> = keys.iter().filter_map(|key| known.get(key)).flatten().cloned().collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let mut places = places(mutant);
        let file = places.next().unwrap_or_default();
        let first = of(vec![name(mutant), file]);
        let mut then = of(places.collect());
        then.retain(|name| !first.contains(name));
        [first, then]
    }

    /// `by`: the gates or tests that have noticed it, as a record keeps them.
    pub fn noticed(&self, mutant: &Mutant, by: &str) {
        // Where everything fails, the first tells as much as the others.
        for name in by.split_whitespace().take(2) {
            self.add(self::name(mutant), name);
            for place in places(mutant) {
                self.add(place, name);
            }
        }
    }

    /// As [`Self::noticed`], for a mutant of which no more than its name is known.
    pub fn noticed_before(&self, mutant: &str, by: &str) {
        for name in by.split_whitespace().take(2) {
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
