//! Structs and their derives.

use super::code::{Code, Field, Model};
use super::found::Found;
use super::schema::rust_type;
use super::text::{between, listed, nearest, snake_case};
use super::trouble::Trouble;

/// Diesel guesses the table from the struct's name where `table_name` is missing.
pub fn table_name(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let name = trouble.unresolved_module()?;
    let model =
        code.models.iter().find(|model| model.table.is_none() && guessed_table(&model.name) == name)?;
    if code.table(name).is_some() {
        return None;
    }
    let likely = match &code.tables[..] {
        [only] => only.name.as_str(),
        tables => tables
            .iter()
            .max_by_key(|table| {
                model.fields.iter().filter(|field| table.column(&field.name).is_some()).count()
            })?
            .name
            .as_str(),
    };
    Some(
        Found::new([
            format!(
                "`{}` does not name its table, so Diesel derives `{name}` from the struct's name.",
                model.name
            ),
            String::new(),
            format!("    #[diesel(table_name = {likely})]"),
            format!("    pub struct {} {{", model.name),
        ])
        .at(&model.file, model.line),
    )
}

/// The table's name that Diesel makes from a struct's.
fn guessed_table(model: &str) -> String {
    format!("{}s", snake_case(model))
}

/// `#[diesel(…)]` or a function that comes from a derive, on a struct without it.
pub fn derive_missing(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if trouble.message().starts_with("cannot find attribute `diesel`") {
        let model = code.model_from(&trouble.file(), trouble.line())?;
        let is_new =
            model.name.starts_with("New") || model.fields.iter().any(|field| field.of.starts_with('&'));
        let wanted = if is_new { "Insertable" } else { "HasQuery" };
        return Some(Found::new([
            format!(
                "`#[diesel(…)]` configures one of Diesel's derives, and `{}` has none of them.",
                model.name
            ),
            String::new(),
            format!("    #[derive({wanted})]"),
            format!("    {}", trouble.line_text()),
            String::new(),
            "Derive `HasQuery` to read rows into a struct, `Insertable` to insert a struct as a row."
                .to_owned(),
        ]));
    }
    let method = between(trouble.message(), "no function or associated item named `", '`')?;
    let model = code.model(between(trouble.message(), "found for struct `", '`')?)?;
    if !["query", "as_select", "as_returning"].contains(&method) || model.derives("HasQuery") {
        return None;
    }
    Some(
        Found::new([
            format!("`{}::{method}()` comes with `HasQuery`, which `{0}` does not derive.", model.name),
            String::new(),
            "    #[derive(HasQuery)]".to_owned(),
            format!(
                "    #[diesel(table_name = {}, check_for_backend(Backend))]",
                model.table.clone().unwrap_or_else(|| guessed_table(&model.name))
            ),
            format!("    pub struct {} {{", model.name),
        ])
        .at(&model.file, model.line),
    )
}

/// `HasQuery` includes `Queryable` and `Selectable`; or somebody derives what is written below by hand.
pub fn derived_twice(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0119") {
        return None;
    }
    let name = between(trouble.message(), "for type `", '`')?;
    let model = code.model(name.rsplit("::").next()?.split('<').next()?)?;
    let of = between(trouble.message(), "implementations of trait `", '`')?;
    let of = of.split('<').next()?.rsplit("::").next()?;
    if model.derives("HasQuery") && ["Queryable", "Selectable"].contains(&of) {
        return Some(Found::new([
            format!(
                "`HasQuery` includes `Queryable` and `Selectable`; `{}` derives `{of}` a second time.",
                model.name
            ),
            String::new(),
            format!("Remove `{of}` from the `derive`."),
        ]));
    }
    if model.derives(of) && trouble.message().contains("Debug") {
        return Some(Found::new([
            format!("`{}` derives `{of}`, and the file has an `impl {of}` for it, too.", model.name),
            String::new(),
            format!("Remove `{of}` from the `derive`: the one written by hand is the one to keep."),
        ]));
    }
    None
}

/// A reference in a struct, without the lifetime that it needs.
pub fn field_lifetime(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0106") {
        return None;
    }
    let (model, field) = code.field_at(&trouble.file(), trouble.line())?;
    if field.of != "&str" {
        return None;
    }
    if model.derives("HasQuery") || model.derives("Queryable") {
        return Some(Found::new([
            format!("A struct that holds a row owns its text: `{}` is a `String`, not a `&str`.", field.name),
            String::new(),
            format!("    pub {}: String,", field.name),
        ]));
    }
    Some(Found::new([
        format!("`{}` borrows its text, so the struct needs a lifetime.", model.name),
        String::new(),
        format!("    pub struct {}<'a> {{", model.name),
        format!("        pub {}: &'a str,", field.name),
    ]))
}

/// A field, or a foreign key, that names no column.
pub fn field_without_column(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let what = trouble.message().strip_prefix("cannot find ")?;
    let what = what.strip_prefix("type `").or_else(|| what.strip_prefix("value `"))?;
    let (column, rest) = what.split_once("` in module `")?;
    let table = code.table(rest.trim_end_matches('`').rsplit("::").next()?)?;
    if table.column(column).is_some() {
        return None;
    }
    let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let has = format!("The columns in `table!`: {}.", listed(&names));
    if let Some((model, field)) = code.field_at(&trouble.file(), trouble.line()) {
        let mut lines = vec![
            format!("`{}` has the field `{column}`, and `{}` has no such column.", model.name, table.name),
            has,
            String::new(),
        ];
        match nearest(column, &names).filter(|near| model.fields.iter().all(|field| field.name != **near)) {
            Some(near) => lines.push(format!("    pub {near}: {},", field.of)),
            None => lines.push(format!(
                "Add the column to `table!` if the migration creates it, or remove the field from `{}`.",
                model.name
            )),
        }
        return Some(Found::new(lines));
    }
    if trouble.line_text().contains("belongs_to") {
        return Some(
            Found::new([
                format!(
                    "`belongs_to({})` needs the column `{column}` in `{}`.",
                    trouble.marked(),
                    table.name
                ),
                has,
                String::new(),
                format!("Add `{column}` to `table!`, as the migration creates it."),
            ])
            .at(&table.file, table.columns.first()?.line),
        );
    }
    // In a query.
    let near = nearest(column, &names)?;
    trouble.is("E0425").then(|| {
        Found::new([
            format!("`{}` has no column `{column}`.", table.name),
            has,
            String::new(),
            format!("    {}::{near}", table.name),
        ])
    })
}

/// A field whose type does not fit its column.
pub fn field_type(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0277") && !trouble.is("E0271") {
        return None;
    }
    let (model, field) = code.field_at(&trouble.file(), trouble.line())?;
    let table = code.table(model.table.as_deref()?)?;
    let column = table.column(&field.name)?;
    let right = rust_type(&column.of)?;
    if fits(field, &right) {
        return None;
    }
    let is_borrowed = model.fields.iter().any(|field| field.of.starts_with('&'));
    let right = if is_borrowed { right.replace("String", "&'a str") } else { right };
    let why = match (field.of.strip_prefix("Option<"), column.of.strip_prefix("Nullable<")) {
        (None, Some(_)) => {
            format!("`{}` may be NULL in `{}`, so its field must be an `Option`.", column.name, table.name)
        }
        (Some(_), None) => {
            format!(
                "`{}` is never NULL in `{}`, so its field must not be an `Option`.",
                column.name, table.name
            )
        }
        _ => format!("The column `{}` is `{}`, so its field must be `{right}`.", column.name, column.of),
    };
    let mut lines = vec![why, String::new()];
    lines.extend(side_by_side(model, field, code));
    lines.extend([String::new(), format!("    pub {}: {right},", field.name)]);
    Some(Found::new(lines))
}

fn fits(field: &Field, right: &str) -> bool {
    let plain = |of: &str| of.replace("std::string::", "").replace("std::option::", "");
    let of = plain(&field.of);
    let of = match of.find("&'").and_then(|start| Some((start, of[start..].find(' ')?))) {
        Some((start, length)) => format!("{}&{}", &of[..start], &of[start + length + 1..]),
        None => of,
    };
    of == right || of == right.replace("String", "&str")
}

/// Columns and fields in two columns, at most three rows: the field in question and its neighbors.
fn side_by_side(model: &Model, wrong: &Field, code: &Code) -> Vec<String> {
    let Some(table) = model.table.as_deref().and_then(|table| code.table(table)) else { return Vec::new() };
    let at = model.fields.iter().position(|field| field.line == wrong.line).unwrap_or(0);
    let first = at.saturating_sub(1).min(model.fields.len().saturating_sub(3));
    let rows: Vec<_> = model
        .fields
        .iter()
        .skip(first)
        .take(3)
        .map(|field| {
            let column = table
                .column(&field.name)
                .map_or_else(String::new, |column| format!("{} -> {}", column.name, column.of));
            (column, field)
        })
        .collect();
    let width = rows.iter().map(|(column, _)| column.chars().count()).max().unwrap_or(0);
    let row = |(column, field): &(String, &Field)| {
        let mark = if field.line == wrong.line { "  ← this one" } else { "" };
        format!("    {column:width$}    {}: {}{mark}", field.name, field.of)
    };
    rows.iter().map(row).collect()
}
