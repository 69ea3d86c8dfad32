//! `grouped_by`, which children have, or pairs that begin with a child.

use super::code::{Code, Model};
use super::found::Found;
use super::source::{split_at, value_before};
use super::text::{between, in_parentheses, parts};
use super::trouble::Trouble;

/// `grouped_by` on the parents, or on pairs whose second part is the child.
pub fn grouped_by(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0599") || between(trouble.message(), "the method `", '`')? != "grouped_by" {
        return None;
    }
    let of = between(trouble.message(), "for struct `Vec<", '`')?.strip_suffix('>')?;
    let model = |of: &str| code.model(of.rsplit("::").next()?.trim());
    let is_child = |model: &Model| model.derives("Associations") && !model.parents.is_empty();
    if let Some(pair) = of.strip_prefix('(').and_then(|of| of.strip_suffix(')')) {
        let [first, second] = parts(pair)[..] else { return None };
        let (first, second) = (model(first)?, model(second)?);
        return (!is_child(first) && is_child(second)).then(|| {
            let (first, second) = (&first.name, &second.name);
            Found::new([
                format!("`grouped_by` groups by the first part of each pair, but `{first}` does not belong to a parent. Put the `{second}` first:"),
                String::new(),
                format!("    .select(({second}::as_select(), {first}::as_select()))"),
                format!("    .load::<({second}, {first})>(conn)?"),
            ])
        });
    }
    let parent = model(of).filter(|model| !is_child(model))?;
    let child = code.models.iter().find(|child| is_child(child) && child.parents.contains(&parent.name))?;
    let line = trouble.line_text();
    let (before, behind) = line.split_once(".grouped_by(")?;
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    let receiver =
        before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| is_name(name))?;
    let argument = in_parentheses(behind).trim().trim_start_matches('&');
    is_name(argument).then(|| {
        Found::new([
            format!("`grouped_by` is a method of the children: a `{}` belongs to its `{}`, not the other way around.", child.name, parent.name),
            String::new(),
            format!("    {argument}.grouped_by(&{receiver})"),
        ])
    })
}

/// `Book::query().belonging_to(author)`: it begins a query, and does not continue one.
pub fn belonging_to_of_query(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_it = trouble.is("E0599")
        && trouble.message().starts_with("no method named `belonging_to` found for struct `SelectStatement<");
    let (before, from) = split_at(trouble, code).filter(|_| is_it)?;
    let name = value_before(before.strip_suffix('.')?).split("::").next()?;
    let model = code.model(name)?;
    let given = in_parentheses(from.strip_prefix("belonging_to(")?);
    Some(Found::new([
        format!(
            "`belonging_to` begins a query. Call it on `{}` itself, and select what to read:",
            model.name
        ),
        String::new(),
        format!("    {0}::belonging_to({given}).select({0}::as_select())", model.name),
    ]))
}
