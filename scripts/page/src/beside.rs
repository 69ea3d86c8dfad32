//! The rows that a gate read after the student's code ran, beside those that it expected, cell by cell.

use gate_contract::trace::Table;

use crate::escaped;
use crate::grids::{Grid, grids};

/// Where all rows together are more, those that are as expected are counted.
const MOST: usize = 16;

/// The tables whose rows differ from the expected ones, as HTML; empty where none does. `before` are the tables before
/// the student's code ran.
pub fn beside(expected: &str, got: &str, before: &[Table]) -> String {
    let (expected, got) = (grids(expected), grids(got));
    let mut html = String::new();
    for (index, grid) in expected.iter().enumerate() {
        let is_same = |other: &&Grid<'_>| other.label == grid.label && other.columns == grid.columns;
        // The same label may stand there twice.
        let earlier = expected[..index].iter().filter(is_same).count();
        let own = got.iter().filter(is_same).nth(earlier);
        if let Some(own) = own.filter(|own| own.rows != grid.rows && !is_of_columns(grid)) {
            html.push_str(&compared(grid, own, before));
        }
    }
    html
}

/// Whether it describes columns and holds no rows of a table: the picture of the tables shows that.
pub fn is_of_columns(grid: &Grid<'_>) -> bool {
    grid.columns == ["name", "type", "may_be_null", "in_key"]
}

fn compared(expected: &Grid<'_>, got: &Grid<'_>, before: &[Table]) -> String {
    let keys = keys(expected, got, before);
    let pairs = pairs(&expected.rows, &got.rows, &keys);
    let equal = pairs.iter().filter(|(expected, got)| expected == got).count();
    let is_long = pairs.len() > MOST;
    let lines = pairs.iter().filter(|(expected, got)| !is_long || expected != got);
    let lines: String = lines.map(|(wanted, own)| line(*wanted, *own, expected, &keys, before)).collect();
    let rest = match (is_long, equal) {
        (true, 1..) => format!("<p><small>{equal} more rows are as expected.</small></p>"),
        _ => String::new(),
    };
    let heads: String =
        expected.columns.iter().map(|column| format!("<th scope=\"col\">{}</th>", escaped(column))).collect();
    let label = escaped(expected.label);
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Rows beside the expected ones: {label}\">\
         <table class=\"rows\"><caption>{label}</caption><thead><tr><th scope=\"col\">Row</th>{heads}</tr></thead>\
         <tbody>{lines}</tbody></table></div>{rest}\n"
    )
}

type Row<'a> = &'a Vec<&'a str>;
/// The expected row and the one that is there.
type Pair<'a> = (Option<Row<'a>>, Option<Row<'a>>);

/// The columns that identify a row: the table's key, or the first column; none if that does not identify them.
fn keys(expected: &Grid<'_>, got: &Grid<'_>, before: &[Table]) -> Vec<usize> {
    let place = |name: &str| expected.columns.iter().position(|column| *column == name);
    let table = table(expected, before);
    let own: Option<Vec<_>> = table.and_then(|table| {
        table.columns.iter().filter(|column| column.in_key).map(|column| place(&column.name)).collect()
    });
    let keys = own.filter(|keys| !keys.is_empty()).unwrap_or_else(|| vec![0]);
    let is_told_apart = |grid: &Grid<'_>| {
        let mut found: Vec<_> = grid.rows.iter().map(|row| of_key(row, &keys)).collect();
        found.sort();
        found.windows(2).all(|pair| pair[0] != pair[1])
    };
    if is_told_apart(expected) && is_told_apart(got) { keys } else { Vec::new() }
}

fn of_key<'a>(row: &[&'a str], keys: &[usize]) -> Vec<&'a str> {
    keys.iter().filter_map(|key| row.get(*key).copied()).collect()
}

/// The table that has all these columns.
fn table<'a>(grid: &Grid<'_>, tables: &'a [Table]) -> Option<&'a Table> {
    let has = |table: &Table, name: &str| table.columns.iter().any(|column| column.name == name);
    let mut fit = tables.iter().filter(|table| grid.columns.iter().all(|name| has(table, name)));
    // Where several have them, nobody knows which is meant.
    fit.next().filter(|_| fit.next().is_none())
}

/// Rows of one key beside each other, in the order of the expected ones; rows that are not expected come last. Without
/// keys, the first is beside the first.
fn pairs<'a>(expected: &'a [Vec<&'a str>], got: &'a [Vec<&'a str>], keys: &[usize]) -> Vec<Pair<'a>> {
    if keys.is_empty() {
        return (0..expected.len().max(got.len()))
            .map(|index| (expected.get(index), got.get(index)))
            .collect();
    }
    let find = |rows: &'a [Vec<&'a str>], row: Row<'a>| {
        rows.iter().find(|other| of_key(other, keys) == of_key(row, keys))
    };
    let wanted = expected.iter().map(|row| (Some(row), find(got, row)));
    let more = got.iter().filter(|row| find(expected, *row).is_none()).map(|row| (None, Some(row)));
    wanted.chain(more).collect()
}

fn line(
    wanted: Option<Row<'_>>,
    own: Option<Row<'_>>,
    grid: &Grid<'_>,
    keys: &[usize],
    before: &[Table],
) -> String {
    let plain = |row: Row<'_>| row.iter().map(|cell| format!("<td>{}</td>", shown(cell))).collect::<String>();
    let (class, word, cells) = match (wanted, own) {
        (Some(wanted), Some(own)) if wanted == own => ("", "as expected", plain(own)),
        (Some(wanted), Some(own)) => {
            let before = row_before(own, grid, keys, before);
            let cells = wanted.iter().zip(own).enumerate().map(|(index, (wanted, own))| {
                if wanted == own {
                    return format!("<td>{}</td>", shown(own));
                }
                let was = before.as_ref().and_then(|row| row.get(index)).filter(|was| *was != own);
                let was = was.map_or_else(String::new, |was| format!(", was {}", shown(was)));
                format!(
                    "<td class=\"changed\"><b>{}</b> <small>expected {}{was}</small></td>",
                    shown(own),
                    shown(wanted)
                )
            });
            (" class=\"updated\"", "differs", cells.collect())
        }
        (Some(wanted), None) => (" class=\"missing\"", "missing", plain(wanted)),
        (None, Some(own)) => (" class=\"unexpected\"", "not expected", plain(own)),
        (None, None) => return String::new(),
    };
    format!("<tr{class}><th scope=\"row\">{word}</th>{cells}</tr>\n")
}

/// The row of the same key before, with the cells of the gate's columns.
fn row_before(row: Row<'_>, grid: &Grid<'_>, keys: &[usize], before: &[Table]) -> Option<Vec<String>> {
    let table = table(grid, before).filter(|_| !keys.is_empty())?;
    let place = |name: &str| table.columns.iter().position(|column| column.name == name);
    let places: Vec<_> = grid.columns.iter().map(|name| place(name)).collect::<Option<_>>()?;
    let cells = |old: &Vec<Option<String>>| -> Vec<String> {
        let cell = |place: &usize| old[*place].clone().unwrap_or_else(|| "NULL".to_owned());
        places.iter().map(cell).collect()
    };
    let mut rows = table.rows.iter().map(cells);
    rows.find(|old| keys.iter().all(|key| old[*key] == row[*key]))
}

fn shown(cell: &(impl AsRef<str> + ?Sized)) -> String {
    match cell.as_ref() {
        "NULL" => "<i>NULL</i>".to_owned(),
        text => escaped(text),
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use gate_contract::trace::Column;

    use super::*;

    fn books() -> Table {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: "text".to_owned(),
            may_be_null: name == "author_id",
            in_key: name == "id",
            refers_to: None,
        };
        let row = |cells: [&str; 3]| cells.map(|cell| Some(cell.to_owned())).into();
        Table {
            name: "books".to_owned(),
            columns: ["id", "title", "author_id"].map(column).into(),
            rows: vec![row(["2", "Emma", "7"]), row(["10", "Fog", "7"])],
            count: 2,
        }
    }

    const HEAD: &str = "the books\n    id | title | author_id\n";

    #[test]
    fn cells_that_differ_show_the_expected_and_the_previous_value() {
        let expected = format!("{HEAD}    2 | Emma | 9\n    10 | Fog | NULL\n    12 | <New> | 9");
        let got = format!("{HEAD}    2 | Emma | 9\n    10 | Fog | 8\n    11 | Odd | 9");
        let html = beside(&expected, &got, from_ref(&books()));
        for text in [
            "<caption>the books</caption>",
            "as expected</th><td>2</td><td>Emma</td><td>9</td>",
            "differs</th><td>10</td><td>Fog</td><td class=\"changed\"><b>8</b> <small>expected <i>NULL</i>, was 7</small></td>",
            "missing</th><td>12</td><td>&lt;New&gt;</td>",
            "not expected</th><td>11</td><td>Odd</td>",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert_eq!(beside(&expected, &expected, &[]), "");
        assert_eq!(beside(&expected, "the books\n    id | title\n    1 | a", &[]), "", "other columns");
    }

    #[test]
    fn rows_without_a_key_keep_their_order_and_long_tables_are_cut_off() {
        let expected = "the links\n    book | shop\n    1 | a\n    1 | b";
        let got = "the links\n    book | shop\n    1 | a\n    1 | c\n    1 | d";
        let html = beside(expected, got, &[]);
        assert!(html.contains("<b>c</b> <small>expected b</small>"), "{html}");
        assert!(html.contains("not expected</th><td>1</td><td>d</td>"), "{html}");
        let many: String = (0..30).map(|id| format!("    {id} | x | 1\n")).collect();
        let (expected, got) = (format!("{HEAD}{many}"), format!("{HEAD}{many}    99 | y | 1"));
        let html = beside(&expected, &got, &[]);
        assert!(html.contains("30 more rows are as expected.") && html.matches("<tr").count() == 2, "{html}");
    }

    #[test]
    fn descriptions_of_columns_are_left_to_the_picture() {
        let head = "books\n    name | type | may_be_null | in_key\n";
        let (expected, got) =
            (format!("{head}    id | integer | no | yes"), format!("{head}    id | text | no | yes"));
        assert_eq!(beside(&expected, &got, &[]), "");
    }
}
