//! What is wrong in `table!`: rustc reports it everywhere else first.

use super::code::{Code, Field, Table};
use super::found::Found;
use super::trouble::Trouble;

/// What Diesel calls the types that the course and most databases have.
const SQL_TYPES: &[&str] = &[
    "Array",
    "BigInt",
    "Bigint",
    "Binary",
    "Blob",
    "Bool",
    "Bpchar",
    "Bytea",
    "Char",
    "Date",
    "Datetime",
    "Decimal",
    "Double",
    "Float",
    "Float4",
    "Float8",
    "Int2",
    "Int4",
    "Int8",
    "Integer",
    "Interval",
    "Json",
    "Jsonb",
    "Nullable",
    "Numeric",
    "Real",
    "SmallInt",
    "Smallint",
    "SmallSerial",
    "Serial",
    "Text",
    "Time",
    "Timestamp",
    "Timestamptz",
    "TimestamptzSqlite",
    "TinyInt",
    "Tinyint",
    "Tinytext",
    "Unsigned",
    "Uuid",
    "VarChar",
    "Varchar",
];

/// A line of a `table!` that the macro cannot read. It then reports the `table!` as a whole, or nothing but its name.
pub fn table_syntax(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let file = trouble.file();
    let lines: Vec<_> = code.text(&file).lines().collect();
    let at = trouble.line().checked_sub(1)?;
    // The error is inside of a `table!`, or at the word.
    let first =
        (0..=at.min(lines.len().checked_sub(1)?)).rev().find(|line| lines[*line].contains("table!"))?;
    let last = (first..lines.len()).find(|line| lines[*line].starts_with('}'))?;
    if at > last {
        return None;
    }
    let open = (first + 1..last).find(|line| lines[*line].trim_end().ends_with('{'))?;
    let columns = (open + 1..last).take_while(|line| lines[*line].trim() != "}");
    let columns: Vec<_> = columns.filter(|line| !is_comment(lines[*line])).collect();
    columns.iter().find_map(|line| {
        let written = lines[*line].split("//").next().unwrap_or_default().trim();
        let right = right_column(written)?;
        let why = match written {
            _ if right.trim_end_matches(',') == written => "it needs a comma at the end",
            _ if written.ends_with(';') => "a column ends with a comma",
            _ if !written.contains("->") => "`->` goes between the column's name and its type",
            _ => "the type has no length here; the migration limits the text",
        };
        Some(
            Found::new([
                format!("`table!` cannot read this line: {why}."),
                String::new(),
                format!("    {written}"),
                format!("    {right}"),
                String::new(),
                "rustc's advice to add `fn` does not apply: it does not know what `table!` expects."
                    .to_owned(),
            ])
            .at(&file, line + 1),
        )
    })
}

fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with("//") || line.starts_with('#')
}

/// The line as `table!` reads it, if that is another one and not hard to guess.
fn right_column(written: &str) -> Option<String> {
    let text = written.trim_end_matches([',', ';']).trim();
    let (name, of) = text.split_once("->").or_else(|| text.split_once(':'))?;
    let (name, of) = (name.trim(), of.trim());
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    let of = match of.split_once('(') {
        Some((plain, length)) if length.ends_with(')') => {
            sql_type(plain.trim()).unwrap_or_else(|| plain.trim().to_owned())
        }
        _ => of.to_owned(),
    };
    if !is_name(name) || !is_name(&of.replace(['<', '>'], "")) {
        return None;
    }
    let right = format!("{name} -> {of},");
    (right != written).then_some(right)
}

/// A column whose type is one of Rust's or of SQL's, and none of Diesel's.
pub fn column_type(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    // What rustc says to it is about everything that the column is used in.
    let (table, column, right) = code.tables.iter().find_map(|table| wrong_type(table, code))?;
    let is_about = trouble.is("E0277") || trouble.is("E0271") || trouble.is("E0412") || trouble.is("E0425");
    is_about.then(|| {
        Found::new([
            format!("The column `{}` in `table!` has the type `{}`, which is not one of Diesel's SQL types.", column.name, column.of),
            String::new(),
            format!("    {} -> {},", column.name, column.of),
            format!("    {} -> {right},", column.name),
            String::new(),
            "`table!` uses SQL types (`Integer`, `Text`, `Nullable<…>`), the struct uses Rust types (`i32`, `String`, `Option<…>`).".to_owned(),
        ])
        .at(&table.file, column.line)
    })
}

fn wrong_type<'a>(table: &'a Table, code: &Code) -> Option<(&'a Table, &'a Field, String)> {
    // Somebody who imports types into a `table!` knows what they do.
    let imports = code.text(&table.file).contains("use ");
    table.columns.iter().filter(|_| !imports).find_map(|column| {
        let right = sql_type(&column.of)?;
        (right != column.of).then_some((table, column, right))
    })
}

/// Diesel's name of a type that goes by another one, in Rust, in SQL, or with other capitals.
fn sql_type(written: &str) -> Option<String> {
    for wrapper in ["Option<", "Nullable<", "Null<"] {
        if let Some(inner) = written.strip_prefix(wrapper).and_then(|rest| rest.strip_suffix('>')) {
            return Some(format!("Nullable<{}>", sql_type(inner)?));
        }
    }
    let known = SQL_TYPES.iter().find(|known| **known == written);
    let known = known.or_else(|| match written.to_lowercase().as_str() {
        "i32" | "int" | "integer" | "u32" => Some(&"Integer"),
        "i64" | "bigint" | "long" => Some(&"BigInt"),
        "i16" | "smallint" => Some(&"SmallInt"),
        "f64" | "double" | "real" => Some(&"Double"),
        "string" | "&str" | "str" | "text" | "varchar" => Some(&"Text"),
        "bool" | "boolean" => Some(&"Bool"),
        _ => None,
    });
    known.map(|known| (*known).to_owned())
}

/// Rust's type for a column of this type.
pub fn rust_type(sql: &str) -> Option<String> {
    if let Some(inner) = sql.strip_prefix("Nullable<").and_then(|rest| rest.strip_suffix('>')) {
        return Some(format!("Option<{}>", rust_type(inner)?));
    }
    let of = match sql {
        "Integer" | "Int4" => "i32",
        "BigInt" | "Bigint" | "Int8" => "i64",
        "SmallInt" | "Smallint" | "Int2" => "i16",
        "Text" | "VarChar" | "Varchar" => "String",
        "Bool" => "bool",
        "Double" | "Float8" => "f64",
        "Float" | "Real" | "Float4" => "f32",
        "Binary" | "Bytea" | "Blob" => "Vec<u8>",
        _ => return None,
    };
    Some(of.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_written_as_the_macro_reads_it() {
        for (written, right) in [
            ("title -> Text", Some("title -> Text,")),
            ("title -> Text;", Some("title -> Text,")),
            ("title: Text,", Some("title -> Text,")),
            ("title -> Varchar(50),", Some("title -> Varchar,")),
            ("title -> VARCHAR(50),", Some("title -> Text,")),
            ("pages -> Nullable<Integer>", Some("pages -> Nullable<Integer>,")),
            ("title -> Text,", None),
            ("title", None),
        ] {
            assert_eq!(right_column(written).as_deref(), right, "{written}");
        }
    }

    #[test]
    fn types_of_rust_and_of_sql_map_to_types_of_diesel() {
        for (written, right) in [
            ("i32", Some("Integer")),
            ("INTEGER", Some("Integer")),
            ("Option<Integer>", Some("Nullable<Integer>")),
            ("Option<String>", Some("Nullable<Text>")),
            ("Nullable<Text>", Some("Nullable<Text>")),
            ("Shelf", None),
        ] {
            assert_eq!(sql_type(written).as_deref(), right, "{written}");
        }
    }
}
