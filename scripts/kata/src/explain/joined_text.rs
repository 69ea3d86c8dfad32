//! Texts that are joined with `+`.

use super::code::Code;
use super::found::Found;
use super::source::{is_name, split_at, value_before, value_from};
use super::trouble::Trouble;

/// `prefix + "%"`: of two `&str`, neither can grow.
pub fn text_joined(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (before, from) = split_at(trouble, code)?;
    let (left, why) = if let Some(rest) =
        trouble.message().strip_prefix("cannot add `").filter(|_| trouble.is("E0369"))
    {
        let (right, left) = rest.split_once("` to `")?;
        let left = left.trim_end_matches('`');
        if !is_text(left) || left == "String" || !(is_text(right) || right == "char") {
            return None;
        }
        (
            before,
            format!(
                "`+` only appends to a `String`, and this begins with a `{left}`. `format!` joins any texts:"
            ),
        )
    } else {
        let (expected, found) = trouble.mismatched_types()?;
        let left = before.trim_end().strip_suffix('+')?;
        if expected != "&str" || !matches!(found, "String" | "char") {
            return None;
        }
        (
            left,
            format!(
                "`+` appends a `&str` to a `String`, and this is a `{found}`. `format!` joins any texts:"
            ),
        )
    };
    let right = from.strip_prefix('+').unwrap_or(from);
    let mut values = vec![value_from(right)];
    let mut left = left;
    loop {
        let value = value_before(left);
        values.insert(0, value);
        let rest = left.trim_end().strip_suffix(value)?.trim_end();
        let Some(rest) = rest.strip_suffix('+') else { break };
        left = rest;
    }
    let mut rest = right.trim_start().strip_prefix(values.last()?)?;
    while let Some(next) = rest.trim_start().strip_prefix('+').filter(|next| !next.starts_with('=')) {
        let value = value_from(next);
        values.push(value);
        rest = next.trim_start().strip_prefix(value)?;
    }
    if values.iter().any(|value| value.is_empty() || value.contains('\n')) {
        return None;
    }
    let mut lines = vec![why, String::new(), format!("    {}", formatted(&values))];
    lines.extend(given_pattern(&values, left, code, &trouble.file()).into_iter().flatten());
    Some(Found::new(lines))
}

fn is_text(of: &str) -> bool {
    matches!(of, "&str" | "&'static str" | "&String" | "String" | "&&str")
}

/// `format!("{prefix}%")`.
fn formatted(values: &[&str]) -> String {
    let (mut text, mut arguments) = (String::new(), String::new());
    for value in values {
        let quoted = |quote| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
        let plain = value.trim_start_matches('&');
        let plain =
            plain.strip_suffix(".to_string()").or_else(|| plain.strip_suffix(".to_owned()")).unwrap_or(plain);
        match quoted('"').or_else(|| quoted('\'')) {
            Some(inside) => text += &inside.replace('{', "{{").replace('}', "}}"),
            None if is_name(plain) => text += &format!("{{{plain}}}"),
            None => {
                text += "{}";
                arguments += &format!(", {plain}");
            }
        }
    }
    format!("format!(\"{text}\"{arguments})")
}

/// A function that came with the lesson, and makes a pattern of a text: it escapes what has a meaning in patterns.
fn given_pattern(values: &[&str], before: &str, code: &Code, file: &str) -> Option<[String; 2]> {
    let [prefix, "\"%\""] = values[..] else { return None };
    let is_pattern = before.trim_end().strip_suffix(prefix)?.ends_with("like(");
    let given = code.handed_out.iter().find(|source| source.file == file)?;
    let mut makers =
        given.text.split("\nfn ").skip(1).chain(given.text.split("\npub fn ").skip(1)).filter_map(
            |function| {
                let (head, body) = function.split_once('{')?;
                let body = body.split("\n}").next()?;
                let is_maker = head.contains(": &str) -> String") && body.contains("'%'");
                Some(head.split('(').next()?).filter(|_| is_maker)
            },
        );
    let maker = makers.next().filter(|_| is_pattern)?;
    Some([
        String::new(),
        format!("Here, the given `{maker}({prefix})` does this, and also escapes `%` and `_` in `{prefix}`."),
    ])
}

#[cfg(test)]
mod tests {
    use super::formatted;

    #[test]
    fn names_and_literals_go_into_the_format_string_and_other_values_after_it() {
        for (values, shown) in [
            (&["prefix", "\"%\""][..], "format!(\"{prefix}%\")"),
            (&["\"%\"", "&prefix", "'%'"], "format!(\"%{prefix}%\")"),
            (&["prefix.trim()", "\"{}\""], "format!(\"{}{{}}\", prefix.trim())"),
            (&["prefix.to_string()", "title.to_owned()"], "format!(\"{prefix}{title}\")"),
        ] {
            assert_eq!(formatted(values), shown);
        }
    }
}
