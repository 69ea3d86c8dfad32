//! Sentences and code, as messages for a terminal have them, as HTML.

use crate::highlight;

/// An explanation as it is laid out for a terminal: lines of a paragraph belong together, and so do lines of code,
/// which are indented.
pub fn explained_lines(lines: &[String]) -> Vec<String> {
    let is_code = |line: &String| line.starts_with("    ");
    let parts =
        lines.chunk_by(|one, next| is_code(one) == is_code(next) && !one.is_empty() && !next.is_empty());
    let shown = parts.filter(|part| !part[0].trim().is_empty()).map(|part| match is_code(&part[0]) {
        true => {
            let code: Vec<_> = part.iter().map(|line| line.trim()).collect();
            format!(
                "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>{}</code></pre>",
                highlight::highlighted(&code.join("\n"), "rust")
            )
        }
        false => explained(&part.join(" ")),
    });
    shown.collect()
}

/// A line of an explanation: a sentence, or code to write.
pub fn explained(line: &str) -> String {
    if line.trim_end().ends_with(['.', ':', '?', '!']) || line.contains('`') {
        return format!("<p>{}</p>", inline(line));
    }
    let code = highlight::highlighted(line.trim(), "rust");
    format!("<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>{code}</code></pre>")
}

/// A sentence with code between backticks and addresses, as HTML.
pub fn inline(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.trim().split('`').enumerate() {
        match index % 2 {
            1 => html.push_str(&format!("<code>{}</code>", crate::escaped(part))),
            _ => {
                for (index, word) in part.split(' ').enumerate() {
                    let blank = if index > 0 { " " } else { "" };
                    let word = crate::escaped(word);
                    match word.starts_with("https://") {
                        true => {
                            html.push_str(&format!(
                                "{blank}<a href=\"{word}\" rel=\"noreferrer\">{word}</a>"
                            ));
                        }
                        false => html.push_str(&format!("{blank}{word}")),
                    }
                }
            }
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{explained_lines, inline};

    #[test]
    fn lines_of_a_paragraph_and_lines_of_code_belong_together() {
        let lines =
            ["A plain transaction requests the lock", "at its first write.", "", "    let a = 1;", "    b()"];
        let shown = explained_lines(&lines.map(str::to_owned));
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert_eq!(shown[0], "<p>A plain transaction requests the lock at its first write.</p>");
        assert!(shown[1].starts_with("<pre") && shown[1].contains(";\n"), "{}", shown[1]);
    }

    #[test]
    fn code_and_addresses_in_a_hint_are_marked() {
        assert_eq!(
            inline("Use `find::<T>`, see https://docs.rs/a?b&c <now>"),
            "Use <code>find::&lt;T&gt;</code>, see <a href=\"https://docs.rs/a?b&amp;c\" rel=\"noreferrer\">\
             https://docs.rs/a?b&amp;c</a> &lt;now&gt;"
        );
    }
}
