//! `belongs_to` in a struct's attribute.

use super::super::code::Code;
use super::super::found::Found;
use super::super::text::{in_parentheses, parts, snake_case};
use super::super::trouble::Trouble;

/// `belongs_to(Book, Publisher)`: each parent has a `belongs_to` of its own.
pub fn one_parent_each(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let line = trouble.line_text();
    let (before, behind) = trouble.around();
    let (head, given) = line.split_once("belongs_to").filter(|_| line.starts_with("#[diesel("))?;
    let model = code.model_from(&trouble.file(), trouble.line())?;
    let parent = |name: &str| {
        // Somebody may write the table's name, or the struct's in its plural.
        let table = snake_case(name);
        let of_table = || code.models_of(&table).find(|model| model.derives("Identifiable"));
        code.model(name).or_else(of_table).map(|model| model.name.clone())
    };
    let message = trouble.message();
    if message == "expected parentheses"
        && trouble.marked() == "="
        && before.trim_end().ends_with("belongs_to")
    {
        let name = parent(behind.split([',', ')']).next()?.trim().trim_matches('"'))?;
        return Some(Found::new([
            "`belongs_to` takes its parent in parentheses:".to_owned(),
            String::new(),
            format!("    belongs_to({name})"),
        ]));
    }
    if message == "expected identifier" {
        let (name, is_key) =
            (trouble.marked().trim_matches('"'), before.trim_end().ends_with("foreign_key ="));
        let is_quoted = trouble.marked().starts_with('"');
        let is_name = if is_key {
            model.fields.iter().any(|field| field.name == name)
        } else {
            before.ends_with("belongs_to(")
        };
        let name = if is_key { name.to_owned() } else { parent(name)? };
        return (is_quoted && is_name).then(|| {
            let right = if is_key { format!("foreign_key = {name}") } else { format!("belongs_to({name})") };
            Found::new([
                "`belongs_to` takes names without quotes:".to_owned(),
                String::new(),
                format!("    {right}"),
            ])
        });
    }
    let wrong = trouble.marked();
    let is_of_two = message == "unknown attribute, expected `foreign_key`";
    let is_beside =
        message.starts_with("unknown attribute, expected one of ") && message.contains("`belongs_to`");
    if is_of_two && model.fields.iter().any(|field| field.name == wrong) {
        let first = before.rsplit_once("belongs_to(")?.1.split(',').next()?.trim();
        if wrong == format!("{}_id", snake_case(first)) {
            return Some(Found::new([
                format!("`belongs_to` finds the field `{wrong}` by the parent's name:"),
                String::new(),
                format!("    belongs_to({first})"),
            ]));
        }
        return Some(Found::new([
            "`belongs_to` takes the parent and, if its field has another name, `foreign_key`:".to_owned(),
            String::new(),
            format!("    belongs_to({first}, foreign_key = {wrong})"),
        ]));
    }
    parent(wrong).filter(|_| is_of_two || is_beside)?;
    let inside = in_parentheses(
        head.strip_prefix("#[diesel(")
            .map(|head| &line[line.len() - given.len() - "belongs_to".len() - head.len()..])?,
    );
    let mut parents = Vec::new();
    for part in parts(inside) {
        let names = part.strip_prefix("belongs_to(").and_then(|part| part.strip_suffix(')')).unwrap_or(part);
        // An option of a parent stays as it is.
        if names.contains('=') {
            return None;
        }
        parents.extend(parts(names).into_iter().map(parent).collect::<Option<Vec<_>>>()?);
    }
    let all: Vec<_> = parents.iter().map(|parent| format!("belongs_to({parent})")).collect();
    Some(Found::new([
        "Each `belongs_to` takes one parent. Write one for each:".to_owned(),
        String::new(),
        format!("    #[diesel({})]", all.join(", ")),
    ]))
}
