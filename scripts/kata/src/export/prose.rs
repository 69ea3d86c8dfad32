//! READMEs for students without the solutions: nothing about solutions, demos, teaching or grading.

use crate::view::text::wrap;

/// Sections for other readers.
const NOT_FOR_STUDENTS: [&str; 3] = ["## For the instructor", "## For instructors", "## For graders"];

const COLUMNS: usize = 100;

/// A README for students alone. `is_gone` says whether a path is left out.
pub fn for_students(text: &str, is_gone: impl Fn(&str) -> bool) -> String {
    let mut lines = Vec::new();
    let mut block = Vec::new();
    let (mut is_left_out, mut is_code) = (false, false);
    for line in text.lines() {
        if line.starts_with("## ") {
            is_left_out = NOT_FOR_STUDENTS.contains(&line);
        }
        let is_fence = line.trim_start().starts_with("```");
        let is_plain = !is_code && !is_fence && !line.is_empty() && !line.starts_with(['|', '#']);
        if !is_plain || line.starts_with("- ") {
            end(&mut block, &mut lines, &is_gone);
        }
        is_code ^= is_fence;
        if is_left_out {
            continue;
        }
        match line {
            _ if is_plain => block.push(line),
            _ if !line.starts_with('|') || is_code => lines.push(line.to_owned()),
            // The lesson has the same file, with gaps.
            _ if line.contains("`solutions/0") => lines.push(line.replace("`solutions/", "`lessons/")),
            _ if speaks_of_what_is_gone(line, &is_gone) => {}
            _ => lines.push(line.to_owned()),
        }
    }
    end(&mut block, &mut lines, &is_gone);
    lines.join("\n").trim_end().to_owned() + "\n"
}

/// Ends a paragraph or an item of a list: without the sentences that speak of what is not there.
fn end(block: &mut Vec<&str>, lines: &mut Vec<String>, is_gone: &impl Fn(&str) -> bool) {
    let text = block.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    let all = sentences(&text);
    let kept: Vec<_> =
        all.iter().filter(|sentence| !speaks_of_what_is_gone(sentence, is_gone)).copied().collect();
    if kept.len() == all.len() {
        lines.extend(block.drain(..).map(str::to_owned));
        return;
    }
    block.clear();
    let text = kept.join(" ");
    let text = text.trim();
    if text.is_empty() || text == "-" {
        // Not two blank lines, one after the other.
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        return;
    }
    let indent = if text.starts_with("- ") { "  " } else { "" };
    let broken = wrap(text, COLUMNS - indent.len()).into_iter().enumerate();
    lines.extend(broken.map(|(index, line)| if index == 0 { line } else { format!("{indent}{line}") }));
}

/// The sentences of a paragraph, each with its full stop.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(' ') {
        if text[start..at].ends_with(['.', '?', '!']) || text[start..at].ends_with(".)") {
            sentences.push(&text[start..at]);
            start = at + 1;
        }
    }
    sentences.push(&text[start..]);
    sentences
}

fn speaks_of_what_is_gone(text: &str, is_gone: &impl Fn(&str) -> bool) -> bool {
    let is_demo = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()) == "demo";
    let code = text.split('`').skip(1).step_by(2);
    text.split_whitespace().any(is_demo)
        || code.flat_map(|code| code.split(' ')).any(|word| is_gone(word.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::for_students;

    fn text(text: &str) -> String {
        for_students(text, |path| path.starts_with("order-up") || path.starts_with("solutions"))
    }

    #[test]
    fn sentences_about_what_is_not_there_are_left_out() {
        assert_eq!(
            text("# One\n\nWrite it down. The demo shows\nthe rest: `cargo kata demo 5`.\n\nMore.\n"),
            "# One\n\nWrite it down.\n\nMore.\n"
        );
        assert_eq!(text("- Run the demo.\n- Read it. Look into `order-up/README.md`.\n"), "- Read it.\n");
        assert_eq!(text("One.\n\nThe demo.\n\nTwo.\n"), "One.\n\nTwo.\n");
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        let readme = "# One\n\nA line\nand another. End.\n\n```sh\ncargo run -p order-up\n```\n\n| a | b |\n";
        assert_eq!(text(readme), readme);
    }

    #[test]
    fn tables_lead_to_the_lessons_files() {
        assert_eq!(
            text(
                "| a | `order-up/` |\n| b | `solutions/05-crud/src/write.rs` |\n| c | `solutions/NN-topic/` |\n"
            ),
            "| b | `lessons/05-crud/src/write.rs` |\n"
        );
    }

    #[test]
    fn sections_for_others_are_left_out() {
        assert_eq!(
            text("## A\n\none\n\n## For instructors\n\ntwo\n\n## Licence\n\nthree\n"),
            "## A\n\none\n\n## Licence\n\nthree\n"
        );
    }
}
