//! The rows of tables before and after the student's code ran, with what has changed marked.

use std::collections::BTreeMap;

use gate_contract::trace::{Column, Table};

use crate::cells::cell;
use crate::escaped;

type Cells = Vec<Option<String>>;
/// A row before and after.
type Pair<'a> = (Option<&'a Cells>, Option<&'a Cells>);

/// The tables whose rows have changed, as HTML; empty where none has.
pub fn changes(before: &[Table], after: &[Table]) -> String {
    let mut html = String::new();
    for table in after {
        let Some(old) = before.iter().find(|old| old.name == table.name) else { continue };
        // Of more rows than are recorded nobody knows what has changed.
        let is_whole = |table: &Table| table.rows.len() == table.count;
        if old.rows == table.rows || !is_whole(old) || !is_whole(table) || old.columns != table.columns {
            continue;
        }
        html.push_str(&compared(old, table));
    }
    html
}

/// The rows of these tables, each below its name, as HTML. Only a table that stands alone is open.
pub fn all(tables: &[Table]) -> String {
    tables.iter().map(|table| whole(table, tables.len() == 1)).collect()
}

fn whole(table: &Table, is_alone: bool) -> String {
    let name = escaped(&table.name);
    if table.rows.is_empty() {
        return format!("<p>The table <code>{name}</code> has no rows.</p>\n");
    }
    let rows: String =
        table.rows.iter().map(|row| format!("<tr>{}</tr>\n", cells(&table.columns, row))).collect();
    let count = match (table.rows.len(), table.count) {
        (1, 1) => "1 row".to_owned(),
        (shown, count) if shown < count => format!("the first {shown} of {count} rows"),
        (_, count) => format!("{count} rows"),
    };
    let open = if is_alone { " open" } else { "" };
    format!(
        "<details id=\"rows-{name}\"{open}><summary>Rows of <code>{name}</code> <small>{count}</small></summary>\
         <div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Rows of {name}\"><table class=\"rows\">\
         <thead><tr>{}</tr></thead><tbody>{rows}</tbody></table></div></details>\n",
        heads(table)
    )
}

fn heads(table: &Table) -> String {
    let head = |column: &Column| format!("<th scope=\"col\">{}</th>", escaped(&column.name));
    table.columns.iter().map(head).collect()
}

fn compared(old: &Table, new: &Table) -> String {
    let keys: Vec<_> = (0..new.columns.len()).filter(|index| new.columns[*index].in_key).collect();
    let key = |row: &Cells| -> Cells { keys.iter().map(|index| row[*index].clone()).collect() };
    let mut rows: BTreeMap<(usize, Cells), Pair<'_>> = BTreeMap::new();
    // Numbers have an order of their own.
    let place = |row: &Cells| {
        let key = key(row);
        let number = key.first().and_then(|cell| cell.as_ref()?.parse().ok()).unwrap_or(0);
        (number, key)
    };
    for row in &old.rows {
        rows.entry(place(row)).or_default().0 = Some(row);
    }
    for row in &new.rows {
        rows.entry(place(row)).or_default().1 = Some(row);
    }
    let heads = heads(new);
    let lines: String = rows.values().map(|(old, row)| line(&new.columns, *old, *row)).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Rows of {0}\"><table class=\"rows\"><caption>{0}</caption>\
         <thead><tr><th scope=\"col\">Row</th>{heads}</tr></thead><tbody>{lines}</tbody></table></div>\n",
        escaped(&new.name)
    )
}

fn line(columns: &[Column], old: Option<&Cells>, new: Option<&Cells>) -> String {
    let (class, word, cells) = match (old, new) {
        (Some(old), Some(new)) if old == new => ("", "same", cells(columns, new)),
        (Some(old), Some(new)) => {
            let cells = columns.iter().zip(old.iter().zip(new)).map(|(column, (old, new))| {
                let (was, is) = (cell(column, old), cell(column, new));
                match old == new {
                    true => format!("<td>{is}</td>"),
                    false => format!("<td class=\"changed\"><del>{was}</del> <ins>{is}</ins></td>"),
                }
            });
            (" class=\"updated\"", "changed", cells.collect())
        }
        (None, Some(new)) => (" class=\"inserted\"", "new", cells(columns, new)),
        (Some(old), None) => (" class=\"deleted\"", "gone", cells(columns, old)),
        (None, None) => return String::new(),
    };
    format!("<tr{class}><th scope=\"row\">{word}</th>{cells}</tr>\n")
}

fn cells(columns: &[Column], row: &Cells) -> String {
    columns.iter().zip(row).map(|(column, one)| format!("<td>{}</td>", cell(column, one))).collect()
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use gate_contract::trace::{Column, Table};

    use super::{all, changes};

    fn books(rows: &[(&str, &str)]) -> Table {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: "text".to_owned(),
            may_be_null: false,
            in_key: name == "id",
            refers_to: None,
        };
        let rows: Vec<_> =
            rows.iter().map(|(id, title)| vec![Some((*id).to_owned()), Some((*title).to_owned())]).collect();
        Table {
            name: "books".to_owned(),
            columns: vec![column("id"), column("title")],
            count: rows.len(),
            rows,
        }
    }

    #[test]
    fn the_rows_of_each_table_stand_below_its_name() {
        let (one, none) = (books(&[("1", "<Fog>")]), books(&[]));
        let html = all(from_ref(&one));
        assert!(
            html.contains("<details id=\"rows-books\" open>") && html.contains("<small>1 row</small>"),
            "{html}"
        );
        assert!(html.contains("<tr><td>1</td><td>&lt;Fog&gt;</td></tr>"), "{html}");
        let html = all(&[Table { count: 30, ..one }, none]);
        assert!(html.contains("the first 1 of 30 rows") && !html.contains(" open"), "{html}");
        assert!(html.contains("<p>The table <code>books</code> has no rows.</p>"), "{html}");
    }

    #[test]
    fn rows_are_new_changed_gone_or_the_same() {
        let before = books(&[("2", "Emma"), ("10", "Fog"), ("11", "Salt")]);
        let after = books(&[("2", "Emma"), ("10", "The Fog"), ("12", "<b>")]);
        let html = changes(from_ref(&before), from_ref(&after));
        for text in [
            "same</th><td>2</td><td>Emma</td>",
            "changed</th><td>10</td><td class=\"changed\"><del>Fog</del> <ins>The Fog</ins></td>",
            "gone</th><td>11</td><td>Salt</td>",
            "new</th><td>12</td><td>&lt;b&gt;</td>",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert!(html.find("<td>2</td>") < html.find("<td>10</td>"));
        assert_eq!(changes(from_ref(&before), from_ref(&before)), "");
        assert_eq!(changes(&[], from_ref(&before)), "");
        assert_eq!(changes(&[Table { count: 1000, ..before }], &[after]), "");
    }
}
