//! Texts where Diesel wants columns, and conditions of columns.

use super::code::{Code, Table};
use super::found::Found;
use super::source::{split_at, statement};
use super::text::{in_parentheses, parts};
use super::trouble::Trouble;

/// What takes columns.
const CALLS: [&str; 6] = ["distinct_on", "group_by", "order", "order_by", "select", "then_order_by"];

/// `order("title")`, as in Python: a text is not a column.
pub fn text_for_column(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    trouble.unmet().filter(|(of, _)| of.trim_start_matches('&') == "str")?;
    let (before, from) = split_at(trouble, code)?;
    let call = trouble.call();
    let inside = in_parentheses(from.strip_prefix(call)?.trim_start().strip_prefix('(')?);
    let query = format!("{}{call}({inside})", statement(before));
    let inside = inside.trim().trim_end_matches(',');
    if ["filter", "or_filter"].contains(&call) {
        return condition(call, quoted(inside)?, &query, code);
    }
    CALLS.contains(&call).then_some(())?;
    let of_tuple = inside.strip_prefix('(').and_then(|inside| inside.strip_suffix(')'));
    let given: Vec<_> =
        parts(of_tuple.unwrap_or(inside)).into_iter().filter(|part| !part.is_empty()).collect();
    let texts: Vec<_> = given.iter().filter_map(|part| quoted(part)).collect();
    let right = given.iter().map(|part| match quoted(part) {
        Some(text) => ordered(text, &query, code),
        None => Some((*part).to_owned()),
    });
    let right = right.collect::<Option<Vec<_>>>()?.join(", ");
    let right = if of_tuple.is_some() { format!("({right})") } else { right };
    let why = match texts[..] {
        [] => return None,
        [text] => format!("`\"{text}\"` is a string, not a column. Name the column by its path:"),
        _ => "These are strings, not columns. Name each column by its path:".to_owned(),
    };
    Some(Found::new([why, String::new(), format!("    .{call}({right})")]))
}

fn quoted(part: &str) -> Option<&str> {
    part.strip_prefix('"')?.strip_suffix('"').filter(|text| !text.contains('"'))
}

/// A column as SQL or Django names it for an order: `title`, `books.title`, `title DESC`, `-title`.
fn ordered(text: &str, query: &str, code: &Code) -> Option<String> {
    let (text, is_minus) = text.trim().strip_prefix('-').map_or((text.trim(), false), |text| (text, true));
    let (name, direction) = text.split_once(' ').unwrap_or((text, ""));
    let end = match direction.trim().to_ascii_lowercase().as_str() {
        "desc" => ".desc()",
        "asc" | "" if !is_minus => "",
        "" => ".desc()",
        _ => return None,
    };
    Some(format!("{}{end}", path(name, query, code)?))
}

/// The column that a text names, if only one can be meant.
fn path(text: &str, query: &str, code: &Code) -> Option<String> {
    let name = text.rsplit(['.', ':']).next()?;
    let table = text.strip_suffix(name)?.trim_end_matches(['.', ':']);
    let has_it = |table: &&Table| table.column(name).is_some();
    let is_named =
        |other: &&Table| if table.is_empty() { code.names_table(query, other) } else { other.name == table };
    let with_it: Vec<_> = code.tables.iter().filter(has_it).collect();
    let named: Vec<_> = with_it.iter().copied().filter(is_named).collect();
    match (&named[..], &with_it[..]) {
        ([table], _) | ([], [table]) => Some(format!("{}::{name}", table.name)),
        _ => None,
    }
}

/// `filter("id = 1")`: comparisons as SQL writes them.
fn condition(call: &str, text: &str, query: &str, code: &Code) -> Option<Found> {
    let comparisons = text.replace(" and ", " AND ");
    let each = comparisons
        .split(" AND ")
        .map(|comparison| Some(format!(".{call}({})", compared(comparison, query, code)?)));
    let right = each.collect::<Option<Vec<_>>>()?.concat();
    Some(Found::new([
        format!(
            "`{call}` expects a condition made of columns, and `\"{text}\"` is a string. A comparison is a method of its column:"
        ),
        String::new(),
        format!("    {right}"),
    ]))
}

/// `books::id.eq(1)` for `id = 1`.
fn compared(text: &str, query: &str, code: &Code) -> Option<String> {
    const SIGNS: [(&str, &str); 8] = [
        ("!=", "ne"),
        ("<>", "ne"),
        (">=", "ge"),
        ("<=", "le"),
        ("==", "eq"),
        ("=", "eq"),
        (">", "gt"),
        ("<", "lt"),
    ];
    let (sign, method) = SIGNS.into_iter().find(|(sign, _)| text.contains(sign))?;
    let (name, value) = text.split_once(sign)?;
    let path = path(name.trim(), query, code)?;
    let value = value.trim();
    let shown = match value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')) {
        Some(text) if !text.contains('\'') => format!("\"{text}\""),
        _ if !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) => value.to_owned(),
        _ if value.contains(char::is_whitespace) => return None,
        _ => "…".to_owned(),
    };
    Some(format!("{path}.{method}({shown})"))
}
