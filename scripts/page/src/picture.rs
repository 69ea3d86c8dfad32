//! Tables as a picture: columns with their types, keys, arrows along foreign keys, and what differs from what gates
//! expect.

use std::collections::BTreeMap;

use gate_contract::trace::{Column, Table};

use crate::escaped;
use crate::expected_tables::MarkedTable;

/// Pixels of the picture's own. A letter of its font is this wide.
const LETTER: usize = 8;
const ROW: usize = 24;
const HEAD: usize = 30;
const PADDING: usize = 12;
/// Between tables beside and above each other.
const GAP: (usize, usize) = (72, 26);
const MARGIN: usize = 6;

/// Where a table is.
struct Place {
    x: usize,
    y: usize,
    width: usize,
}

/// The tables as SVG, and what it shows in words.
pub fn picture(marked: &[MarkedTable]) -> String {
    let places = places(marked);
    let width = places.iter().map(|place| place.x + place.width).max().unwrap_or(0) + MARGIN;
    let height =
        marked.iter().zip(&places).map(|(it, place)| place.y + table_height(&it.table)).max().unwrap_or(0)
            + MARGIN;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{}\" class=\"tables\">\n<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" \
         markerWidth=\"5\" markerHeight=\"5\" orient=\"auto-start-reverse\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>\n",
        escaped(&words(marked))
    );
    for (table, place) in marked.iter().zip(&places) {
        svg.push_str(&drawn(table, place));
    }
    let tables: Vec<_> = marked.iter().map(|it| &it.table).collect();
    for (from, table) in tables.iter().enumerate() {
        for (row, column) in table.columns.iter().enumerate() {
            let Some(reference) = &column.refers_to else { continue };
            let target = tables.iter().position(|table| table.name == reference.table);
            if let Some(to) = target {
                let key = tables[to].columns.iter().position(|column| column.name == reference.column);
                svg.push_str(&arrow((&places[from], row), (&places[to], key.unwrap_or(0)), from == to));
            }
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// The same in words, for whoever does not see it.
pub fn words(tables: &[MarkedTable]) -> String {
    let column = |(column, mark): (&Column, &Option<String>)| {
        let key = if column.in_key { ", key" } else { "" };
        let empty = if column.may_be_null { ", may be NULL" } else { "" };
        let reference = column.refers_to.as_ref().map_or_else(String::new, |reference| {
            format!(", refers to {}.{}", reference.table, reference.column)
        });
        let mark = mark.as_ref().map_or_else(String::new, |mark| format!(" ({mark})"));
        format!("{} {}{key}{empty}{reference}{mark}", column.name, column.kind)
    };
    let table = |MarkedTable { table, marks, is_missing }: &MarkedTable| {
        let columns: Vec<_> = table.columns.iter().zip(marks).map(column).collect();
        let missing = if *is_missing { " (missing)" } else { "" };
        format!("Table {}{missing}: {}.", table.name, columns.join("; "))
    };
    tables.iter().map(table).collect::<Vec<_>>().join(" ")
}

/// A table stands to the right of those that it refers to, and below others that stand there.
fn places(marked: &[MarkedTable]) -> Vec<Place> {
    let tables: Vec<_> = marked.iter().map(|it| &it.table).collect();
    let layers: Vec<_> = tables.iter().map(|table| layer(&tables, table, tables.len())).collect();
    let mut x = MARGIN;
    let mut places = BTreeMap::new();
    for layer in 0..=layers.iter().copied().max().unwrap_or(0) {
        let here: Vec<_> = (0..tables.len()).filter(|index| layers[*index] == layer).collect();
        let width = here.iter().map(|index| table_width(&marked[*index])).max().unwrap_or(0);
        let mut y = MARGIN;
        for index in here {
            places.insert(index, Place { x, y, width: table_width(&marked[index]) });
            y += table_height(tables[index]) + GAP.1;
        }
        x += width + GAP.0;
    }
    places.into_values().collect()
}

/// How many tables a chain of references leads over. A circle ends after `left` steps.
fn layer(tables: &[&Table], table: &Table, left: usize) -> usize {
    if left == 0 {
        return 0;
    }
    let references = table.columns.iter().filter_map(|column| column.refers_to.as_ref());
    let targets = references
        .filter_map(|to| tables.iter().find(|other| other.name == to.table && other.name != table.name));
    targets.map(|target| layer(tables, target, left - 1) + 1).max().unwrap_or(0).min(tables.len())
}

fn kind(column: &Column, mark: Option<&str>) -> String {
    let kind = format!("{}{}", column.kind, if column.may_be_null { "?" } else { "" });
    match mark {
        Some("missing") => format!("missing: {kind}"),
        Some(mark) => format!("{kind}, {mark}"),
        None => kind,
    }
}

fn table_width(marked: &MarkedTable) -> usize {
    let length = |text: &str| text.chars().count();
    let column = |(column, mark): (&Column, &Option<String>)| {
        length(&column.name) + length(&kind(column, mark.as_deref())) + 3
    };
    let columns = marked.table.columns.iter().zip(&marked.marks).map(column).max().unwrap_or(0);
    columns.max(length(&marked.table.name) + length(&rows_text(marked)) + 3) * LETTER + 2 * PADDING
}

fn table_height(table: &Table) -> usize {
    HEAD + table.columns.len() * ROW + PADDING / 2
}

fn rows_text(marked: &MarkedTable) -> String {
    match marked.table.count {
        _ if marked.is_missing => "missing".to_owned(),
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}

fn drawn(marked: &MarkedTable, place: &Place) -> String {
    let table = &marked.table;
    let Place { x, y, width } = *place;
    let (left, right) = (x + PADDING, x + width - PADDING);
    let (head, line, end) = (y + 20, y + HEAD, x + width);
    let height = table_height(table);
    let missing = if marked.is_missing { " class=\"missing\"" } else { "" };
    let mut svg = format!(
        "<g{missing}><rect class=\"box\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\
         <text class=\"name\" x=\"{left}\" y=\"{head}\">{}</text>\
         <text class=\"kind\" text-anchor=\"end\" x=\"{right}\" y=\"{head}\">{}</text>\
         <line x1=\"{x}\" x2=\"{end}\" y1=\"{line}\" y2=\"{line}\"/>",
        escaped(&table.name),
        rows_text(marked),
    );
    for (index, (column, mark)) in table.columns.iter().zip(&marked.marks).enumerate() {
        let top = y + HEAD + index * ROW;
        let base = top + 17;
        if mark.is_some() {
            let (x, width) = (x + 2, width - 4);
            svg.push_str(&format!(
                "<rect class=\"wrong\" x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{ROW}\"/>"
            ));
        }
        let kind_class = if mark.is_some() { "kind wrong" } else { "kind" };
        let class = if column.in_key { "column key" } else { "column" };
        svg.push_str(&format!(
            "<text class=\"{class}\" x=\"{left}\" y=\"{base}\">{}</text>\
             <text class=\"{kind_class}\" text-anchor=\"end\" x=\"{right}\" y=\"{base}\">{}</text>",
            escaped(&column.name),
            escaped(&kind(column, mark.as_deref())),
        ));
    }
    svg.push_str("</g>\n");
    svg
}

/// From the column that refers to the key that it refers to.
fn arrow(from: (&Place, usize), to: (&Place, usize), is_own: bool) -> String {
    let middle = |(place, row): (&Place, usize)| place.y + HEAD + row * ROW + ROW / 2;
    let (y1, y2) = (middle(from), middle(to));
    let (start, end) = (from.0.x, to.0.x + to.0.width);
    let path = if is_own || start < end {
        // Around the side on which there is room.
        let (start, end) = (from.0.x + from.0.width, end);
        let out = start.max(end) + GAP.0 / 2;
        format!("M{start} {y1} C{out} {y1} {out} {y2} {} {y2}", end + 2)
    } else {
        let half = (start - end) / 2;
        format!("M{start} {y1} C{} {y1} {} {y2} {} {y2}", start - half, end + half, end + 2)
    };
    format!("<path class=\"arrow\" d=\"{path}\" marker-end=\"url(#arrow)\"/>\n")
}

#[cfg(test)]
mod tests;
