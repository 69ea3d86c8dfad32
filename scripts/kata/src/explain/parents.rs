//! Structs that belong to others.

mod belongs_to;

use super::code::{Code, Model};
use super::found::Found;
use super::schema::rust_type;
use super::source::function;
use super::text::{between, in_parentheses, listed, nearest, snake_case, with_article};
use super::trouble::Trouble;
pub use belongs_to::one_parent_each;

/// `belongs_to` looks for a field that is named after the parent.
pub fn foreign_key_field(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let column = between(trouble.message(), "no field with column name `", '`')?;
    let parent = trouble.marked();
    let models: Vec<_> = code.models.iter().map(|model| model.name.as_str()).collect();
    let before = trouble.around().0.trim_end();
    let is_primary = before.rsplit_once("primary_key(").is_some_and(|(_, names)| !names.contains(')'));
    if is_primary || before.ends_with("foreign_key =") {
        let attribute = if is_primary { "primary_key" } else { "foreign_key" };
        let model = code.model_from(&trouble.file(), trouble.line())?;
        let fields: Vec<_> = model.fields.iter().map(|field| field.name.as_str()).collect();
        return Some(Found::new([
            format!("`{attribute}` names a field of `{}`, and there is no field `{column}`.", model.name),
            format!("Its fields: {}.", listed(&fields)),
        ]));
    }
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
            let argument = in_parentheses(trouble.around().1.strip_prefix('(').unwrap_or_default()).trim();
            let is_of = |parent: &&String| {
                code.text(&trouble.file())
                    .contains(&format!("{}: &{parent}", argument.trim_start_matches('&')))
            };
            let table = model.table.as_deref().filter(|_| !argument.is_empty());
            if let (Some(table), Some(other)) =
                (table, child.parents.iter().filter(|parent| **parent != model.name).find(is_of))
            {
                return Some(Found::new([
                    format!(
                        "`{}` does not belong directly to `{other}`: the rows of `{}` link them. Start from those:",
                        model.name, child.name
                    ),
                    String::new(),
                    format!("    {}::belonging_to({argument})", child.name),
                    format!("        .inner_join({table}::table)"),
                ]));
            }
            return Some(Found::new([
                format!(
                    "Call `belonging_to` on the child: {} belongs to its `{}`.",
                    with_article(&child.name),
                    model.name
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
    let argument = in_parentheses(trouble.line_text().split_once("belonging_to(")?.1).trim();
    let parents: Vec<_> = child.parents.iter().map(String::as_str).collect();
    let inside = given.trim_start_matches('&').trim_start_matches("Vec<").trim_end_matches('>');
    let inside = inside.rsplit("::").next()?;
    if code.model(inside).is_some() && !parents.contains(&inside) {
        let key = format!("{}_id", snake_case(inside));
        if child.fields.iter().any(|field| field.name == key) {
            return Some(
                Found::new([
                    format!(
                        "`{}` has the field `{key}`, but does not say that it belongs to {}:",
                        child.name,
                        with_article(inside)
                    ),
                    String::new(),
                    format!("    #[diesel(belongs_to({inside}))]"),
                    format!("    pub struct {} {{", child.name),
                ])
                .at(&child.file, child.line),
            );
        }
        return Some(Found::new([format!(
            "This is `{given}`, and {} does not belong to {}. `belongs_to` names {}.",
            with_article(&child.name),
            with_article(inside),
            listed(&parents)
        )]));
    }
    // `*author` and `author.id` begin with what is wanted.
    let name = argument.trim_start_matches(['*', '&']).split('.').next()?;
    let head = function(code.text(&trouble.file()), trouble.line()).unwrap_or_default();
    let declared = |parent: &&&str| {
        is_parameter(&head, name, &format!("&{parent}")) || is_parameter(&head, name, parent)
    };
    let likely = parents.iter().find(|parent| **parent == inside).or_else(|| parents.iter().find(declared));
    let likely = likely.or_else(|| parents.iter().find(|parent| snake_case(parent) == name));
    let parent = likely.or(parents.first().filter(|_| parents.len() == 1));
    let expects = match parent {
        Some(parent) => format!("a `&{parent}`, or a reference to a list of them"),
        None => {
            let each: Vec<_> = parents.iter().map(|parent| format!("a `&{parent}`")).collect();
            format!("{}, or a reference to a list of them", each.join(" or "))
        }
    };
    let is_value = likely.is_some()
        || !["i16", "i32", "i64", "{integer}", "String", "&str"].contains(&given.trim_start_matches('&'));
    // The one parameter that is a parent, where a key is given.
    let parameter = parents
        .iter()
        .filter(|of| parent.is_none_or(|parent| parent == *of))
        .find_map(|of| parameter_of(&head, of));
    let right = match (is_value, parameter) {
        (true, _) if is_parameter(&head, name, &format!("&{}", parent?)) => name.to_owned(),
        (true, _) => format!("&{name}"),
        (false, Some(parameter)) => parameter,
        (false, None) => "…".to_owned(),
    };
    Some(Found::new([
        format!("`{}::belonging_to` expects {expects}. This is `{given}`.", child.name),
        String::new(),
        format!("    {}::belonging_to({right})", child.name),
    ]))
}

/// Whether the function's head has this parameter with exactly this type.
fn is_parameter(head: &str, name: &str, of: &str) -> bool {
    let parameter = format!("{name}: {of}");
    head.match_indices(&parameter).any(|(at, _)| {
        let behind = head[at + parameter.len()..].chars().next();
        head[..at].ends_with(['(', ' ']) && behind.is_some_and(|c| matches!(c, ',' | ')' | ' '))
    })
}

/// The parameter that is a reference to such a struct.
fn parameter_of(head: &str, of: &str) -> Option<String> {
    let names = head.split(['(', ',', ')']).filter_map(|parameter| parameter.trim().split_once(": "));
    names
        .into_iter()
        .find(|(_, declared)| declared.trim() == format!("&{of}"))
        .map(|(name, _)| name.to_owned())
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
