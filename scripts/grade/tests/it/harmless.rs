//! What a harmless text is, written down a second time: `grade::text` does not check itself.

/// What is wrong with a text that somebody else will read, if anything is.
pub fn fault(text: &str) -> Option<&'static str> {
    let is_hidden = |c: char| {
        let number = u32::from(c);
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(number, 0x202a..=0x202e | 0x2066..=0x2069 | 0x200e | 0x200f | 0x61c)
            || matches!(number, 0x200b | 0x2028 | 0x2029 | 0xfeff | 0xe0000..=0xe007f)
            || matches!(number, 0xfdd0..=0xfdef)
            || matches!(number % 0x10000, 0xfffe | 0xffff)
    };
    if text.contains(is_hidden) {
        return Some("a character that nobody sees");
    }
    for line in text.lines() {
        let lower = line.to_lowercase();
        let start = lower.trim_start();
        if start.starts_with("::") {
            return Some("a command of GitHub's");
        }
        let mut before = lower.split("::").collect::<Vec<_>>();
        let behind = before.pop().is_some() && !before.is_empty();
        if behind
            && before.iter().any(|part| !part.ends_with(|c: char| c.is_alphanumeric() || "_>]".contains(c)))
        {
            return Some("a command of GitHub's in the middle of a line");
        }
        for command in
            ["##[", "##vso[", "##teamcity[", "section_start:", "section_end:", "travis_fold:", "travis_time:"]
        {
            if lower.contains(command) {
                return Some("a command of another build server's");
            }
        }
        for mark in [":=>>", "<|--", "--|>"] {
            if lower.contains(mark) {
                return Some("a grade of Moodle's");
            }
        }
        let word = start.split_whitespace().next().unwrap_or_default();
        if ["---", "+++", "~~~", "^^^"].contains(&word) {
            return Some("a line that folds others");
        }
    }
    None
}

/// What is wrong with a cell of a table, if anything is.
pub fn fault_of_cell(cell: &str) -> Option<&'static str> {
    let is_formula = |part: &str| {
        let part = part.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        part.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
    };
    let formula = cell.split([',', ';', '\t', '|']).any(is_formula).then_some("a formula");
    formula.or_else(|| cell.contains('\n').then_some("more than a line")).or_else(|| fault(cell))
}
