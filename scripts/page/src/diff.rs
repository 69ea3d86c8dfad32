//! What was expected and what a gate got, side by side.

use similar::{ChangeTag, DiffOp, TextDiff};

use crate::escaped;

/// So many equal lines stay around a difference.
const AROUND: usize = 2;

/// The two texts as the rows of a table, each with a number, what was expected and what came.
pub fn side_by_side(expected: &str, got: &str) -> String {
    // A last line without its end is the same line.
    let (expected, got) = (ended(expected), ended(got));
    let diff = TextDiff::from_lines(&expected, &got);
    let (old, new) = (lines(&expected), lines(&got));
    let mut html = String::new();
    for group in diff.grouped_ops(AROUND) {
        let before = group.first().map_or(0, |op| op.old_range().start);
        if before > 0 {
            let text = match before {
                _ if !html.is_empty() => "…".to_owned(),
                1 => "1 equal line before this".to_owned(),
                _ => format!("{before} equal lines before this"),
            };
            html.push_str(&format!(
                "<tr role=\"row\" class=\"skipped\"><td role=\"cell\" colspan=\"2\">{text}</td></tr>\n"
            ));
        }
        for op in group {
            rows(&mut html, &op, &old, &new);
        }
    }
    html
}

fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end())
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

fn rows(html: &mut String, op: &DiffOp, old: &[&str], new: &[&str]) {
    let (left, right) = (op.old_range(), op.new_range());
    if let DiffOp::Equal { .. } = op {
        for index in left {
            let text = escaped(old.get(index).copied().unwrap_or_default());
            html.push_str(&format!("<tr role=\"row\">{}{}</tr>\n", cell("", &text), cell("", &text)));
        }
        return;
    }
    for index in 0..left.len().max(right.len()) {
        let one = old.get(left.start + index).filter(|_| index < left.len());
        let other = new.get(right.start + index).filter(|_| index < right.len());
        let pair = match (one, other) {
            (Some(one), Some(other)) => {
                let (one, other) = words(one, other);
                cell("wanted", &one) + &cell("came", &other)
            }
            (one, other) => whole(one, "wanted") + &whole(other, "came"),
        };
        html.push_str(&format!("<tr role=\"row\" class=\"differs\">{pair}</tr>\n"));
    }
}

fn cell(class: &str, html: &str) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<td role=\"cell\"{class}>{html}</td>")
}

/// A line that the other side does not have.
fn whole(text: Option<&&str>, class: &str) -> String {
    text.map_or_else(|| cell("none", "(nothing)"), |text| cell(class, &escaped(text)))
}

/// Two lines, with the words in which they differ marked.
fn words(one: &str, other: &str) -> (String, String) {
    let diff = TextDiff::from_words(one, other);
    // Lines that have little in common have no words to mark.
    if diff.ratio() < 0.3 {
        return (escaped(one), escaped(other));
    }
    let (mut left, mut right) = (String::new(), String::new());
    for change in diff.iter_all_changes() {
        let text = escaped(change.value());
        match change.tag() {
            ChangeTag::Equal => {
                left.push_str(&text);
                right.push_str(&text);
            }
            ChangeTag::Delete => left.push_str(&format!("<del>{text}</del>")),
            ChangeTag::Insert => right.push_str(&format!("<ins>{text}</ins>")),
        }
    }
    (left, right)
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn lines_that_differ_are_side_by_side_and_their_words_are_marked() {
        let html = side_by_side("a\nb 1 c\nd\n", "a\nb 2 c\nd\ne <f>\n");
        let cells = "<td role=\"cell\" class=\"wanted\">b <del>1</del> c</td><td role=\"cell\" class=\"came\">b <ins>2</ins> c</td>";
        assert!(html.contains(cells), "{html}");
        let cells = "<td role=\"cell\" class=\"none\">(nothing)</td><td role=\"cell\" class=\"came\">e &lt;f&gt;</td>";
        assert!(html.contains(cells), "{html}");
        assert!(html.starts_with("<tr role=\"row\"><td role=\"cell\">a</td>"), "{html}");
    }

    #[test]
    fn many_equal_lines_are_counted() {
        let same = "x\n".repeat(10);
        let html = side_by_side(&format!("{same}1\n"), &format!("{same}2\n"));
        assert!(html.contains("8 equal lines before this"), "{html}");
        assert!(side_by_side("x\nx\nx\n1", "x\nx\nx\n2").contains("1 equal line before this"));
        assert_eq!(side_by_side("a\n", "a"), "");
        assert_eq!(side_by_side("a\nb", "a").matches("differs").count(), 1);
    }
}
