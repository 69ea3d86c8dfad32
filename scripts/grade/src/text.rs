//! Text from a student on its way to somebody's screen, file or web page.
//!
//! [`clean`] and [`line`] change nothing about a text that they have made.

use std::fmt::{self, Write as _};
use std::io::Write as _;

use unicode_width::UnicodeWidthChar;

/// How much of a text is kept, in bytes, and of a line, in characters.
const LONGEST: usize = 16 << 10;
const LONGEST_LINE: usize = 300;
/// The end of a text that was cut, and the room that it needs.
const CUT: &str = "\n… (cut)";
const ROOM: usize = 64;
/// How many accents in a row are shown. More of them would cover the lines above.
const MOST_ACCENTS: usize = 8;

/// Prints a line on standard output. Where nobody takes it, as on a full disk, the verdicts are written all the same.
pub fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stdout(), "{line}");
}

/// Every character that is invisible or that a terminal, an editor or a build server would take for a command is
/// written out, and what is too long is cut.
pub fn clean(text: &str) -> String {
    let (cleaned, read) = escaped(text, LONGEST);
    if read == text.len() {
        return cleaned;
    }
    // What was harmless only because of what followed it may not be harmless where the text ends now.
    let (_, read) = escaped(text, LONGEST - ROOM);
    escaped(&format!("{}{CUT}", &text[..read]), LONGEST).0
}

/// The same for what belongs on one line.
pub fn line(text: &str) -> String {
    let cleaned = clean(&text.trim().replace(['\n', '\t'], " "));
    let kept: String = cleaned.chars().take(LONGEST_LINE).map(|c| if c == '\n' { ' ' } else { c }).collect();
    kept.trim_end().to_owned()
}

/// Whether the character changes the order in which a line is shown: what is read is then not what is compiled.
pub fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Up to `most` bytes, and how many bytes of `text` they are.
fn escaped(text: &str, most: usize) -> (String, usize) {
    let mut escaped = String::new();
    let (mut at_start, mut accents) = (true, 0);
    for (at, character) in text.char_indices() {
        accents = if character.width() == Some(0) { accents + 1 } else { 0 };
        let is_shown = !is_hidden(character)
            && accents <= MOST_ACCENTS
            && !is_command(&text[..at], &text[at..], at_start);
        let end = escaped.len();
        if is_shown {
            escaped.push(character);
        } else {
            let _ = write!(escaped, "\\u{{{:x}}}", u32::from(character));
        }
        if escaped.len() > most {
            escaped.truncate(end);
            return (escaped, at);
        }
        at_start = character == '\n' || (at_start && character.is_whitespace() && is_shown);
    }
    (escaped, text.len())
}

/// Control characters, those that nobody sees, and those that XML does not have.
fn is_hidden(character: char) -> bool {
    let is_no_character =
        u32::from(character) & 0xfffe == 0xfffe || matches!(character, '\u{fdd0}'..='\u{fdef}');
    (character.is_control() && character != '\n' && character != '\t')
        || is_bidi_control(character)
        || is_no_character
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                // A blank of braille, and fillers of Hangul.
                | '\u{2800}'
                | '\u{3164}'
                | '\u{ffa0}'
                | '\u{200b}'
                | '\u{2028}'..='\u{2029}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// What ends with the `:` of a command of GitLab's or Travis's.
const BEFORE_COLON: [&str; 4] = ["section_start", "section_end", "travis_fold", "travis_time"];
/// Moodle's Virtual Programming Lab reads grades and comments from what is printed.
const MOODLE: [&str; 3] = [":=>>", "<|--", "--|>"];
/// With these, lines of Buildkite's begin that fold what follows.
const FOLDS: [&str; 4] = ["---", "+++", "~~~", "^^^"];
/// The longest word between `##` and `[`.
const LONGEST_WORD: usize = 32;

/// Whether a build server would take `rest` for the beginning of a command; `before` is what precedes it, and
/// `at_start` whether that is nothing but blanks on this line.
fn is_command(before: &str, rest: &str, at_start: bool) -> bool {
    let is_fold = |mark: &&str| {
        let behind = rest.strip_prefix(*mark).map(|behind| behind.chars().next());
        behind.is_some_and(|next| next.is_none_or(char::is_whitespace))
    };
    match rest.as_bytes() {
        [b':', ..] => {
            let ends = |word: &&str| {
                let start = before.len().checked_sub(word.len());
                start.and_then(|at| before.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
            };
            // In Rust, a name or a type precedes `::`; in GitHub's `::error::`, nothing does.
            let is_path = || before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '>' | ']'));
            rest.starts_with(MOODLE[0])
                || BEFORE_COLON.iter().any(ends)
                || (rest.starts_with("::") && (at_start || !is_path()))
        }
        // Azure's `##vso[`, and `##[` anywhere in a line; TeamCity's `##teamcity[`.
        [b'#', b'#', word @ ..] => {
            let word = &word[..word.len().min(LONGEST_WORD)];
            word.iter().find(|byte| !byte.is_ascii_alphabetic()) == Some(&b'[')
        }
        [b'<' | b'-' | b'+' | b'~' | b'^', ..] => {
            MOODLE.iter().any(|mark| rest.starts_with(mark)) || (at_start && FOLDS.iter().any(is_fold))
        }
        _ => false,
    }
}
