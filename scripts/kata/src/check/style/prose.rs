//! The paragraphs and sentences of a text in Markdown.

/// A paragraph, an item of a list, a heading or a cell of a table.
pub struct Block {
    /// Where it begins, counted from 1.
    pub line: usize,
    text: String,
    /// Comments in code are for maintainers, who may meet a longer sentence.
    pub is_read_by_users: bool,
}

impl Block {
    /// A text that is one paragraph.
    pub fn of(text: &str) -> Self {
        Self::at(1, text)
    }

    pub fn at(line: usize, text: &str) -> Self {
        Self { line, text: text.to_owned(), is_read_by_users: true }
    }

    /// The sentences without code and addresses: `…` stands for each.
    pub fn sentences(&self) -> Vec<String> {
        split(&without_code(&self.text))
    }

    /// The sentences as they are written, with one blank between two words.
    pub fn whole_sentences(&self) -> Vec<String> {
        // Code may hold blanks and periods, and is one word here.
        let (prose, code): (Vec<_>, Vec<_>) =
            self.text.split('`').enumerate().partition(|(place, _)| place % 2 == 0);
        let prose: Vec<_> = prose.into_iter().map(|(_, text)| text).collect();
        let mut code = code.into_iter().map(|(_, text)| text);
        let with_code = |sentence: &String| {
            let mut parts = sentence.split(CODE);
            let mut whole = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                whole.push('`');
                whole.push_str(code.next().unwrap_or_default());
                whole.push('`');
                whole.push_str(part);
            }
            whole
        };
        split(&prose.join(CODE)).iter().map(with_code).collect()
    }
}

/// Stands for a piece of code while a text is split: no text has this character.
const CODE: &str = "\u{e000}";

fn split(text: &str) -> Vec<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let mut sentences = Vec::new();
    let mut from = 0;
    for (index, word) in words.iter().enumerate() {
        let is_end = word.trim_end_matches(['”', ')', '"', '*', '_']).ends_with(['.', '?', '!']);
        let next =
            words.get(index + 1).and_then(|next| next.chars().find(|c| c.is_alphanumeric() || *c == '`'));
        let is_listed = words.get(index + 1).is_some_and(|next| next.starts_with('('));
        if is_end && (is_listed || next.is_none_or(|next| !next.is_lowercase())) {
            sentences.push(words[from..=index].join(" "));
            from = index + 1;
        }
    }
    if from < words.len() {
        sentences.push(words[from..].join(" "));
    }
    sentences
}

/// The blocks of a text in Markdown. Code in fences and comments of HTML are not among them.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    let mut is_code = false;
    let mut is_comment = false;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            is_code = !is_code;
            blocks.extend(open.take());
            continue;
        }
        is_comment |= trimmed.starts_with("<!--");
        let is_skipped = is_code || is_comment;
        is_comment &= !trimmed.ends_with("-->");
        if is_skipped || trimmed.is_empty() {
            blocks.extend(open.take());
            continue;
        }
        if trimmed.starts_with('|') {
            blocks.extend(open.take());
            let cells = trimmed.replace("\\|", "…");
            blocks.extend(
                cells
                    .split('|')
                    .filter(|cell| !cell.trim().is_empty())
                    .map(|cell| Block::at(index + 1, cell)),
            );
            continue;
        }
        let content = trimmed.trim_start_matches(['#', '>']).trim_start();
        let content = without_bullet(content);
        let begins = trimmed.starts_with('#') || content.len() < trimmed.len();
        // Code that is indented: a list's item goes on with at most three blanks.
        if open.is_none() && line.starts_with("    ") && !begins {
            continue;
        }
        match &mut open {
            Some(block) if !begins => {
                block.text.push(' ');
                block.text.push_str(content);
            }
            _ => blocks.extend(open.replace(Block::at(index + 1, content))),
        }
        if trimmed.starts_with('#') {
            blocks.extend(open.take());
        }
    }
    blocks.extend(open);
    blocks
}

/// An item of a list without its bullet or number.
fn without_bullet(line: &str) -> &str {
    let bullet = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    let number = || {
        line.trim_start_matches(|c: char| c.is_ascii_digit())
            .strip_prefix(". ")
            .filter(|_| line.starts_with(|c: char| c.is_ascii_digit()))
    };
    bullet.or_else(number).unwrap_or(line)
}

/// `…` for each piece of code, and of a link its text.
fn without_code(text: &str) -> String {
    let mut parts = text.split('`');
    let mut prose = parts.next().unwrap_or_default().to_owned();
    while let Some(_code) = parts.next() {
        prose.push('…');
        prose.push_str(parts.next().unwrap_or_default());
    }
    let mut rest = prose.as_str();
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once("](") {
        plain.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain
}
