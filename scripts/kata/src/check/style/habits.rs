//! Habits of wording to drop, and what to write in their place.

/// Spellings that a spell checker may let through, because some dictionary has them.
const BRITISH: &[&str] = &[
    "amongst",
    "behaviour",
    "centre",
    "colour",
    "coloured",
    "colours",
    "favour",
    "favourite",
    "grey",
    "honour",
    "learnt",
    "misspelt",
    "neighbour",
    "neighbouring",
    "neighbours",
    "recognise",
    "recognised",
    "recognises",
    "whilst",
];

/// Words one after the other, each with its alternatives; and what to write.
struct Habit {
    words: &'static [&'static [&'static str]],
    instead: &'static str,
}

const BE: &[&str] = &["is", "are", "was", "were", "be", "been"];

const HABITS: [Habit; 11] = [
    Habit { words: &[&["mend", "mends", "mended", "mending"]], instead: "write “fix”" },
    Habit { words: &[BE, &["no"]], instead: "write “is not a …”" },
    Habit { words: &[BE, &["none"]], instead: "write “is not one” or “there is none”" },
    Habit {
        words: &[&["look", "looks", "looked", "looking", "ask", "asks", "see"], &["whether"]],
        instead: "write “check whether” or “check that”",
    },
    Habit { words: &[BRITISH], instead: "write the American spelling" },
    Habit { words: &[&["other"], &["way"], &["round"]], instead: "write “the other way around”" },
    Habit { words: &[&["anew"]], instead: "write “again” or “from scratch”" },
    Habit {
        words: &[&["tell", "tells", "says", "say"], &["nothing"], &["of"]],
        instead: "name what is missing",
    },
    Habit { words: &[&["just"]], instead: "leave it out: it belittles readers who find this hard" },
    Habit { words: &[&["simply"]], instead: "leave it out: it belittles readers who find this hard" },
    Habit { words: &[&["obviously"]], instead: "leave it out: it belittles readers who find this hard" },
];

/// The habits in a sentence: the words that show one, and what to write in their place.
pub fn of(sentence: &str) -> Vec<(String, &'static str)> {
    // The key of the manifests is not prose.
    let prose = sentence.replace("learnt =", "");
    let words: Vec<_> = prose
        .split(|c: char| !c.is_alphanumeric() && c != '…' && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut found = Vec::new();
    for habit in &HABITS {
        for (at, run) in words.windows(habit.words.len()).enumerate() {
            let is_it = run.iter().zip(habit.words).all(|(word, known)| known.contains(&word.as_str()));
            if is_it && !is_fine(&words, at, habit.words.len()) {
                found.push((run.join(" "), habit.instead));
            }
        }
    }
    let begins_with_who = ["Who ", "Whoever "].iter().any(|who| sentence.starts_with(who));
    if begins_with_who && sentence.trim_end_matches(['”', ')', '"', '*']).ends_with('.') {
        let first = sentence.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        found.push((first, "name who does it, or what happens"));
    }
    found
}

/// “There is no …”, “is there no …” and “is no longer …” are how people speak.
fn is_fine(words: &[String], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| &words[before]);
    let last = words[at + length - 1].as_str();
    let after = words.get(at + length).map_or("", String::as_str);
    let is_no = ["no", "none"].contains(&last);
    (is_no
        && (before == "there"
            || before == "there's"
            || words[..at].iter().rev().take(3).any(|word| word == "there")))
        || (last == "no"
            && ["longer", "more", "less", "fewer", "later", "earlier", "better", "worse"].contains(&after))
}
