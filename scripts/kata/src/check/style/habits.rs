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

/// Habits that only names have: in prose, these words may be right.
const NAME_HABITS: [Habit; 8] = [
    Habit {
        words: &[&["but", "for", "from", "of", "to"], &["who", "whoever"]],
        instead: "name who does it, or what happens",
    },
    Habit {
        words: &[&["of"], &["her", "his", "its", "their"], &["own"]], instead: "write “its own …”"
    },
    Habit {
        words: &[BE, &["told"]], instead: "write “is shown”, “is reported” or “is distinguished from”"
    },
    Habit { words: &[BE, &["said"]], instead: "write “is shown” or “is reported”" },
    Habit { words: &[&["say", "says", "said"], &["so"]], instead: "write what it shows or reports" },
    Habit {
        words: &[&["told"], &["apart", "from", "so"]],
        instead: "write “is distinguished from” or “is shown”",
    },
    Habit { words: &[&["aloud"]], instead: "write “with a message”" },
    Habit { words: &[&["nobodys"]], instead: "write “has no owner” or “does not belong to …”" },
];

/// Words that a name needs to be a sentence. `is_none` is a method as Rust names them.
const WORDS_OF_A_SENTENCE: usize = 3;

/// The habits in a sentence: the words that show one, and what to write in their place.
pub fn of(sentence: &str) -> Vec<(String, &'static str)> {
    // The key of the manifests is not prose.
    let prose = sentence.replace("learnt =", "");
    let words: Vec<_> = prose
        .split(|c: char| !c.is_alphanumeric() && c != '…' && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut found = among(&HABITS, &words);
    let begins_with_who = ["Who ", "Whoever "].iter().any(|who| sentence.starts_with(who));
    if begins_with_who && sentence.trim_end_matches(['”', ')', '"', '*']).ends_with('.') {
        let first = sentence.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        found.push((first, "name who does it, or what happens"));
    }
    found
}

/// The habits in the name of a function, which is a sentence where the function is a test.
pub fn of_name(name: &str) -> Vec<(String, &'static str)> {
    // Tests of a requirement begin with its number: `p7_`.
    let is_number = |word: &&str| {
        let digits = word.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let words: Vec<_> = name.split('_').skip_while(is_number).map(str::to_owned).collect();
    if words.len() < WORDS_OF_A_SENTENCE {
        return Vec::new();
    }
    let mut found = among(&HABITS, &words);
    found.extend(among(&NAME_HABITS, &words));
    if ["who", "whoever"].contains(&words[0].as_str()) {
        found.push((words[..2].join(" "), "name who does it, or what happens"));
    }
    found
}

fn among(habits: &[Habit], words: &[String]) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for habit in habits {
        for (at, run) in words.windows(habit.words.len()).enumerate() {
            let is_it = run.iter().zip(habit.words).all(|(word, known)| known.contains(&word.as_str()));
            if is_it && !is_fine(words, at, habit.words.len()) {
                found.push((run.join(" "), habit.instead));
            }
        }
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
