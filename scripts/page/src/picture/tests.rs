use gate_contract::trace::{Column, Reference, Table};

use super::{layer, picture, places, words};
use crate::expected_tables::{MarkedTable, marked};

fn column(name: &str, refers_to: Option<&str>) -> Column {
    let refers_to = refers_to.map(|table| Reference {
        table: table.to_owned(),
        column: "id".to_owned(),
        on_delete: "no action".to_owned(),
    });
    Column {
        name: name.to_owned(),
        kind: "integer".to_owned(),
        may_be_null: refers_to.is_some(),
        in_key: name == "id",
        refers_to,
    }
}

fn table(name: &str, references: &[&str]) -> Table {
    let mut columns = vec![column("id", None)];
    columns.extend(references.iter().map(|to| column(&format!("{to}_id"), Some(to))));
    Table { name: name.to_owned(), columns, rows: Vec::new(), count: 3 }
}

/// Tables of which nothing is expected.
fn plain(tables: &[Table]) -> Vec<MarkedTable> {
    marked(tables, &[])
}

#[test]
fn differences_are_marked_in_the_picture_and_in_words() {
    let mut marked = plain(&[table("books", &["authors"]), table("authors", &[])]);
    marked[0].marks = vec![Some("expected text".to_owned()), Some("missing".to_owned())];
    marked[1].is_missing = true;
    let svg = picture(&marked);
    for text in [">integer, expected text<", ">missing: integer?<", "<g class=\"missing\">", ">missing<"] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    assert_eq!(svg.matches("<rect class=\"wrong\"").count(), 2, "{svg}");
    let words = words(&marked);
    assert!(
        words.contains("id integer, key (expected text)") && words.contains("Table authors (missing)"),
        "{words}"
    );
}

#[test]
fn a_table_stands_to_the_right_of_those_that_it_refers_to() {
    let tables = [
        table("books", &["authors"]),
        table("authors", &[]),
        table("links", &["books", "publishers"]),
        table("publishers", &[]),
    ];
    let layers: Vec<_> =
        tables.iter().map(|table| layer(&tables.iter().collect::<Vec<_>>(), table, tables.len())).collect();
    assert_eq!(layers, [1, 0, 2, 0]);
    let places = places(&plain(&tables));
    assert!(places[1].x < places[0].x && places[0].x < places[2].x);
    assert!(places[3].y > places[1].y && places[3].x == places[1].x);
    let svg = picture(&plain(&tables));
    assert_eq!(svg.matches("class=\"arrow\"").count(), 3, "{svg}");
    assert!(words(&plain(&tables)).contains("authors_id integer, may be NULL, refers to authors.id"));
}

#[test]
fn circles_and_broken_references_are_still_drawn() {
    let tables = [table("a", &["b"]), table("b", &["a"]), table("own", &["own"]), table("lost", &["gone"])];
    let svg = picture(&plain(&tables));
    assert_eq!(svg.matches("class=\"box\"").count(), 4);
    assert_eq!(svg.matches("class=\"arrow\"").count(), 3, "{svg}");
}

#[test]
fn names_are_not_code() {
    let svg = picture(&plain(&[table("<script>", &[])]));
    assert!(svg.contains("&lt;script&gt;") && !svg.contains("<script>"));
}
