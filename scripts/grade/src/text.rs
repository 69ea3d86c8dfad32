//! Text from a student on its way to somebody's screen, file or web page.

use std::fmt::Write;

/// How much of it is kept.
const LONGEST: usize = 16 << 10;
const LONGEST_LINE: usize = 300;

/// Every character that a terminal, an editor or a build server would take for a command is written
/// out, and what is too long is cut.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::new();
    for line in text.split('\n') {
        let start = line.trim_start();
        let is_command = start.starts_with("::") || start.starts_with("##[");
        let mut first = true;
        for character in line.chars() {
            if is_command && first && !character.is_whitespace() {
                first = false;
                escape(character, &mut cleaned);
            } else if (character.is_control() && character != '\t') || is_bidi_control(character) {
                escape(character, &mut cleaned);
            } else {
                cleaned.push(character);
            }
        }
        cleaned.push('\n');
        if cleaned.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|end| cleaned.is_char_boundary(*end)).unwrap_or(0);
            cleaned.truncate(end);
            cleaned.push_str("\n… (cut)\n");
            break;
        }
    }
    cleaned.pop();
    cleaned
}

/// The same for what belongs on one line.
pub fn line(text: &str) -> String {
    let line = clean(text).replace(['\n', '\t'], " ");
    line.chars().take(LONGEST_LINE).collect()
}

/// Whether the character changes the order in which a line is shown: what is read is then not what is compiled.
pub fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn escape(character: char, cleaned: &mut String) {
    let _ = write!(cleaned, "\\u{{{:x}}}", u32::from(character));
}
