//! A gate's line about a cookie as a reader wants it: one attribute a row. What is compared stays as it is.

/// The attributes in the order in which gates write them, and how the lessons call them.
const ATTRIBUTES: [(&str, &str); 8] = [
    ("HttpOnly ", "HttpOnly"),
    ("SameSite ", "SameSite"),
    ("Path ", "Path"),
    ("Domain ", "Domain"),
    ("Secure ", "Secure"),
    ("Partitioned ", "Partitioned"),
    ("Expires ", "Expires"),
    ("days ", "Max-Age"),
];

/// The text with each cookie's attributes below its name.
pub fn spread(text: &str) -> String {
    let lines = text.lines().map(|line| cookie(line).unwrap_or_else(|| line.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

/// `    session: HttpOnly Some(true), SameSite Some(Lax), …` in rows, if it is such a line.
fn cookie(line: &str) -> Option<String> {
    let (name, mut rest) = line.split_once(": HttpOnly ")?;
    let indent = &name[..name.len() - name.trim_start().len()];
    let mut rows = format!("{name}:");
    for (index, (_, called)) in ATTRIBUTES.iter().enumerate() {
        let value = match ATTRIBUTES.get(index + 1) {
            Some((next, _)) => {
                let (value, after) = rest.split_once(&format!(", {next}"))?;
                rest = after;
                value
            }
            None => rest,
        };
        let unit = if *called == "Max-Age" && value != "None" { " days" } else { "" };
        rows.push_str(&format!("\n{indent}    {called:<11}  {}{unit}", said(value)));
    }
    Some(rows)
}

/// A value as Rust prints it, without the `Option` around it.
fn said(value: &str) -> &str {
    let inside = value.strip_prefix("Some(").and_then(|value| value.strip_suffix(')'));
    match value {
        "None" => "not set",
        _ => inside.unwrap_or(value),
    }
}

#[cfg(test)]
mod tests {
    use super::spread;

    const LINE: &str = "    session: HttpOnly Some(true), SameSite Some(None), Path Some(\"/a, b\"), Domain None, Secure false, \
                        Partitioned false, Expires None, days Some(30.0)";

    #[test]
    fn each_attribute_of_a_cookie_has_a_row() {
        let expected = "the cookie\n    session:\n        HttpOnly     true\n        SameSite     None\n        Path         \
                        \"/a, b\"\n        Domain       not set\n        Secure       false\n        Partitioned  \
                        false\n        Expires      not set\n        Max-Age      30.0 days\n    shown elsewhere: 0";
        assert_eq!(spread(&format!("the cookie\n{LINE}\n    shown elsewhere: 0")), expected);
        let without = LINE.replace("days Some(30.0)", "days None");
        assert!(spread(&without).ends_with("Max-Age      not set"), "{}", spread(&without));
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        for text in ["", "    session: HttpOnly Some(true), and more", "all_books\n    [\"HttpOnly\", 1]"] {
            assert_eq!(spread(text), text);
        }
    }

    #[test]
    fn cookies_that_differ_are_shown_differently() {
        for (one, other) in [("Some(None)", "None"), ("true", "false"), ("30.0", "3.0"), ("/a, b", "/")] {
            assert_ne!(spread(LINE), spread(&LINE.replace(one, other)), "{one}");
        }
    }

    #[test]
    fn the_snapshots_have_no_cookie_in_one_line() {
        let root = crate::course::find_root().unwrap();
        let folder = root.join("tests/gates/snapshots");
        let mut cookies = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            cookies += text.matches("SameSite").count();
            assert!(!spread(&text).contains(", SameSite"), "{text}");
        }
        assert!(cookies > 0, "a lesson checks cookies");
    }
}
