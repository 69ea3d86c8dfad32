//! Values that are not what an operator or a function takes.

use super::code::Code;
use super::found::Found;
use super::text::{between, with_article};
use super::trouble::Trouble;

/// `session.get::<u32>("views").await? + 1`.
pub fn option_added(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let rest = trouble.message().strip_prefix("cannot add ").filter(|_| trouble.is("E0369"))?;
    let number = between(rest, " to `Option<", '`')?.strip_suffix('>')?;
    let is_number =
        ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"].contains(&number);
    let (before, behind) = trouble.around();
    (is_number && trouble.marked() == "+").then(|| {
        Found::new([
            format!("This is an `Option<{number}>`: there may be no number yet. Choose a default:"),
            String::new(),
            format!("    {}.unwrap_or(0) +{behind}", before.trim()),
        ])
    })
}

/// A text where bytes are wanted.
pub fn bytes_of_text(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let marked = trouble.marked();
    let name = marked.trim_start_matches('&');
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (expected == "&[u8]" && matches!(found, "&str" | "String" | "&String") && is_name).then(|| {
        Found::new([
            format!(
                "This takes bytes, and `{marked}` is {}. To get a string's bytes, write:",
                with_article(found)
            ),
            String::new(),
            format!("    {name}.as_bytes()"),
        ])
    })
}

/// `authors.iter()…collect()`, where the values themselves are collected.
pub fn references_collected(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let message = trouble.message();
    let wanted = between(message, "a value of type `", '`').filter(|_| trouble.is("E0277"))?;
    let given = between(message, "over elements of type `", '`')?;
    let model = code.models.iter().find(|model| given.contains(&format!("&{}", model.name)))?;
    let line = trouble.line_text();
    let is_value = wanted.contains(&model.name) && !wanted.contains(&format!("&{}", model.name));
    if !is_value || line.matches(".iter()").count() != 1 {
        return None;
    }
    let start = line[..line.find(".iter()")?].rfind(|c: char| !c.is_alphanumeric() && c != '_');
    let list = &line[start.map_or(0, |at| at + 1)..line.find(".iter()")?];
    Some(Found::new([
        format!(
            "`iter` only borrows each `{0}`, and the function returns them. `into_iter` passes them on:",
            model.name
        ),
        String::new(),
        format!("    {list}.into_iter()"),
    ]))
}
