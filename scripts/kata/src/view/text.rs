//! Styled text: how wide it is, and broken into lines where a terminal is narrow.

use unicode_width::UnicodeWidthChar;

const RESET: &str = "\u{1b}[0m";
const LINK: &str = "\u{1b}]8;;";
const LINK_END: &str = "\u{1b}]8;;\u{1b}\\";

/// `text` as a link to `url`, for a terminal that makes links.
pub fn link(url: &str, text: &str) -> String {
    format!("{LINK}{url}\u{1b}\\{text}{LINK_END}")
}

/// A piece of a text: what a terminal shows, or what only it understands.
enum Piece<'a> {
    Char(char),
    Escape(&'a str),
}

/// Characters and escape sequences, in order.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = if first == '\u{1b}' { escape_length(rest) } else { first.len_utf8() };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(if first == '\u{1b}' { Piece::Escape(piece) } else { Piece::Char(first) })
    })
}

/// The length of the escape sequence with which `text` begins: a style, or a link.
fn escape_length(text: &str) -> usize {
    let end = match text.as_bytes().get(1) {
        Some(b'[') => text[2..].find(|c: char| ('@'..='~').contains(&c)).map(|at| at + 3),
        Some(b']') => text.find("\u{1b}\\").map(|at| at + 2).or_else(|| text.find('\u{7}').map(|at| at + 1)),
        _ => None,
    };
    end.unwrap_or(1)
}

fn char_width(c: char) -> usize {
    if c == '\t' { 4 } else { c.width().unwrap_or(0) }
}

/// How many columns `text` takes.
pub fn width(text: &str) -> usize {
    pieces(text).map(|piece| if let Piece::Char(c) = piece { char_width(c) } else { 0 }).sum()
}

/// Breaks a line into lines of at most `columns`: between words where that goes, and further lines
/// indented like the first. A style goes on in the next line, and so does a link.
pub fn wrap(line: &str, columns: usize) -> Vec<String> {
    if width(line) <= columns {
        return vec![line.replace('\t', "    ")];
    }
    let indent = hanging_indent(line).min(columns / 2);
    let mut lines = Vec::new();
    let (mut current, mut used) = (String::new(), 0);
    let (mut styles, mut link) = (String::new(), "");
    let mut word = String::new();
    let mut word_width = 0;
    let end_line =
        |current: &mut String, used: &mut usize, styles: &str, link: &str, lines: &mut Vec<String>| {
            let link_end = if link.is_empty() { "" } else { LINK_END };
            let reset = if styles.is_empty() { "" } else { RESET };
            lines.push(format!("{}{link_end}{reset}", std::mem::take(current).trim_end_matches(' ')));
            *current = format!("{}{styles}{link}", " ".repeat(indent));
            *used = indent;
        };
    for piece in pieces(line) {
        match piece {
            Piece::Escape(escape) => {
                word.push_str(escape);
                if escape.ends_with('m') && escape.starts_with("\u{1b}[") {
                    if matches!(escape, "\u{1b}[0m" | "\u{1b}[m") {
                        styles.clear();
                    } else {
                        styles.push_str(escape);
                    }
                } else if escape.starts_with(LINK) {
                    link = if escape == LINK_END { "" } else { escape };
                }
            }
            Piece::Char(c) => {
                let c_width = char_width(c);
                if used + word_width + c_width > columns {
                    if used > indent && word_width < columns - indent && c != ' ' {
                        end_line(&mut current, &mut used, &styles, link, &mut lines);
                    } else {
                        current.push_str(&std::mem::take(&mut word));
                        word_width = 0;
                        end_line(&mut current, &mut used, &styles, link, &mut lines);
                        if c == ' ' {
                            continue;
                        }
                    }
                }
                match c {
                    '\t' => word.push_str("    "),
                    c => word.push(c),
                }
                word_width += c_width;
                if c == ' ' {
                    current.push_str(&std::mem::take(&mut word));
                    used += std::mem::take(&mut word_width);
                }
            }
        }
    }
    current.push_str(&word);
    lines.push(current);
    lines
}

/// Where a line's text begins: behind blanks, behind the bar of a comparison, or behind a mark.
fn hanging_indent(line: &str) -> usize {
    let plain: String =
        pieces(line).filter_map(|piece| if let Piece::Char(c) = piece { Some(c) } else { None }).collect();
    let chars: Vec<_> = plain.chars().collect();
    let bar = chars.iter().take(16).position(|c| *c == '│').map(|at| at + 2);
    let blanks = chars.iter().take_while(|c| **c == ' ').count();
    let marked = chars.get(blanks).is_some_and(|c| "✓✗·–".contains(*c));
    bar.unwrap_or(if marked { blanks + 2 } else { blanks })
}

/// The first `columns` of a line, its style ended.
pub fn cut(line: &str, columns: usize) -> String {
    let mut used = 0;
    let mut text = String::new();
    let is_styled = line.contains('\u{1b}');
    let has_links = line.contains(LINK);
    for piece in pieces(line) {
        match piece {
            Piece::Escape(escape) => text.push_str(escape),
            Piece::Char(c) if used + char_width(c) <= columns => {
                used += char_width(c);
                text.push(c);
            }
            Piece::Char(_) => break,
        }
    }
    if has_links {
        text.push_str(LINK_END);
    }
    if is_styled {
        text.push_str(RESET);
    }
    text
}

/// As [`cut`], for plain text: what is missing shows.
pub fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns { text.to_owned() } else { format!("{} …", cut(text, columns - 2)) }
}

/// `text` with blanks up to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::{cut, link, shorten, width, wrap};

    #[test]
    fn a_line_breaks_between_words_and_keeps_its_indent() {
        assert_eq!(wrap("    one two three four", 13), ["    one two", "    three", "    four"]);
        assert_eq!(
            wrap("  got │ Book { id: 7, title: \"Fog\" }", 26),
            ["  got │ Book { id: 7,", "        title: \"Fog\" }"]
        );
    }

    #[test]
    fn a_text_that_is_too_long_ends_in_an_ellipsis() {
        assert_eq!(shorten("SELECT 1", 8), "SELECT 1");
        assert_eq!(shorten("SELECT 10", 8), "SELECT …");
    }

    #[test]
    fn a_word_that_is_too_long_is_cut_into_pieces() {
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn a_style_continues_on_the_next_line() {
        assert_eq!(
            wrap("\u{1b}[31mred red\u{1b}[0m plain", 6),
            ["\u{1b}[31mred\u{1b}[0m", "\u{1b}[31mred\u{1b}[0m", "plain"]
        );
    }

    #[test]
    fn each_line_of_a_wrapped_link_leads_to_the_target() {
        let whole = link("https://docs.rs/a", "docs.rs/a");
        assert_eq!(
            wrap(&format!("{whole} b"), 6),
            [link("https://docs.rs/a", "docs.r"), link("https://docs.rs/a", "s/a") + " b"]
        );
        assert_eq!(cut(&whole, 4), link("https://docs.rs/a", "docs") + "\u{1b}[0m");
    }

    #[test]
    fn styles_and_links_have_no_width_and_wide_letters_have_two() {
        assert_eq!(width("\u{1b}[1mab\u{1b}[0m"), 2);
        assert_eq!(width("\u{1b}]8;;file:///a/very/long/path\u{1b}\\ab\u{1b}]8;;\u{1b}\\"), 2);
        assert_eq!(width("日本"), 4);
        assert_eq!(cut("日本語", 5), "日本");
    }
}
