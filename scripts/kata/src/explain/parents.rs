//! Structs that belong to others.

use super::code::{Code, Model};
use super::found::Found;
use super::schema::rust_type;
use super::text::{between, in_parentheses, nearest, snake_case};
use super::trouble::Trouble;

/// `belongs_to` looks for a field that is named after the parent.
pub fn foreign_key_field(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let column = between(trouble.message(), "no field with column name `", '`')?;
    let parent = trouble.marked();
    let models: Vec<_> = code.models.iter().map(|model| model.name.as_str()).collect();
    if trouble.line_text().contains("belongs_to") && code.model(parent).is_none() {
        let right = nearest(parent, &models)?;
        return Some(Found::new([
            format!(
                "`belongs_to` expects the name of the parent's struct, and there is no struct `{parent}`."
            ),
            String::new(),
            format!("    #[diesel(belongs_to({right}))]"),
        ]));
    }
    let model = code.model_from(&trouble.file(), trouble.line())?;
    let table = code.table(model.table.as_deref()?)?;
    let of = table
        .column(column)
        .and_then(|column| rust_type(&column.of))
        .unwrap_or_else(|| "Option<i32>".to_owned());
    let why = match trouble.line_text().contains("belongs_to") {
        true => {
            format!(
                "`belongs_to({parent})` looks for a field `{column}`, and `{}` does not have it.",
                model.name
            )
        }
        false => {
            format!("The key of `{}` is `{column}`, and `{}` has no such field.", table.name, model.name)
        }
    };
    Some(Found::new([why, String::new(), format!("    pub {column}: {of},")]).at(&model.file, model.line))
}

/// `belonging_to`, `grouped_by`, and `belongs_to` need to know the keys.
pub fn not_identifiable(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let lacks = |of: &str| {
        let name =
            of.trim_start_matches('&').split('<').next()?.rsplit("::").next()?.trim_start_matches("'a ");
        code.model(name).filter(|model| !model.derives("Identifiable"))
    };
    let is_belonging =
        between(trouble.message(), "no function or associated item named `", '`') == Some("belonging_to");
    let child =
        is_belonging.then(|| code.model(between(trouble.message(), "found for struct `", '`')?)).flatten();
    let child = child.filter(|child| child.derives("Associations"));
    let parent = child.and_then(|child| child.parents.iter().find_map(|parent| lacks(parent)));
    let model = match trouble.unmet() {
        _ if parent.is_some() => parent,
        Some((of, wanted)) if wanted.ends_with("Identifiable") || wanted.ends_with("HasTable") => lacks(of),
        _ => trouble.notes().find_map(|note| {
            let at = note.find(": diesel::Identifiable`").or_else(|| note.find(": Identifiable`"))?;
            lacks(note[..at].rsplit('`').next()?)
        }),
    }?;
    Some(
        Found::new([
            format!(
                "Diesel needs the key of `{}` here, and `{0}` does not derive `Identifiable`.",
                model.name
            ),
            String::new(),
            "    #[derive(Identifiable)]".to_owned(),
            format!("    pub struct {} {{", model.name),
        ])
        .at(&model.file, model.line),
    )
}

/// `Child::belonging_to(&parent)`: the child derives `Associations`, and takes one parent or several.
pub fn belonging_to(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if trouble.message().starts_with("at least one `belongs_to`") {
        let model = code.model_from(&trouble.file(), trouble.line())?;
        return Some(Found::new([
            format!("`Associations` needs to know which parent `{}` belongs to.", model.name),
            String::new(),
            format!("    #[diesel(belongs_to({}))]", likely_parent(model, code).unwrap_or("Parent")),
        ]));
    }
    if let Some("belonging_to") = between(trouble.message(), "no function or associated item named `", '`') {
        let model = code.model(between(trouble.message(), "found for struct `", '`')?)?;
        // The parent has the function's name in front: the child is meant.
        if let Some(child) = code.models.iter().find(|child| child.parents.contains(&model.name)) {
            return Some(Found::new([
                format!(
                    "Call `belonging_to` on the child: a `{}` belongs to its `{}`.",
                    child.name, model.name
                ),
                String::new(),
                format!("    {}::belonging_to({})", child.name, snake_case(&model.name)),
            ]));
        }
        let parent = likely_parent(model, code)?;
        let derive =
            if model.derives("Associations") { None } else { Some("    #[derive(Associations)]".to_owned()) };
        let attribute = model.parents.is_empty().then(|| format!("    #[diesel(belongs_to({parent}))]"));
        let has = match (&derive, &attribute) {
            (Some(_), Some(_)) => "has neither".to_owned(),
            (Some(_), None) => "has `belongs_to`, but not the derive".to_owned(),
            (None, Some(_)) => "derives `Associations`, but has no `belongs_to`".to_owned(),
            (None, None) => return None,
        };
        let mut lines = vec![
            format!("`belonging_to` needs `Associations` and `belongs_to`. `{}` {has}.", model.name),
            String::new(),
        ];
        lines.extend(derive.into_iter().chain(attribute));
        lines.push(format!("    pub struct {} {{", model.name));
        return Some(Found::new(lines).at(&model.file, model.line));
    }
    let (child, wanted) = trouble.unmet()?;
    let given = wanted
        .rsplit("BelongingToDsl<")
        .next()
        .filter(|_| wanted.contains("BelongingToDsl<"))?
        .strip_suffix('>')?;
    let child = code.model(child.rsplit("::").next()?)?;
    let parent = child.parents.first()?;
    let argument = in_parentheses(trouble.line_text().split_once("belonging_to(")?.1).trim();
    // `*author` and `author.id` begin with what is wanted.
    let name = argument.trim_start_matches(['*', '&']).split('.').next()?;
    // A parameter may be a reference already.
    let is_reference = code.text(&trouble.file()).contains(&format!("{name}: &{parent}"));
    let right = if is_reference { name.to_owned() } else { format!("&{name}") };
    Some(Found::new([
        format!(
            "`{}::belonging_to` expects a `&{parent}`, or a reference to a list of them. This is `{given}`.",
            child.name
        ),
        String::new(),
        format!("    {}::belonging_to({right})", child.name),
    ]))
}

/// The struct that has a field named after it, or the other one.
fn likely_parent<'a>(child: &Model, code: &'a Code) -> Option<&'a str> {
    let mut others =
        code.models.iter().filter(|model| model.name != child.name && !model.name.starts_with("New"));
    let by_field = others.clone().find(|model| {
        child.fields.iter().any(|field| field.name == format!("{}_id", snake_case(&model.name)))
    });
    by_field.or_else(|| others.next()).map(|model| model.name.as_str())
}
