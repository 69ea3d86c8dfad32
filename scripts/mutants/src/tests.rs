//! What the operators make of small pieces of work.

use crate::edit::Edit;
use crate::operators::Operator;
use crate::{rust, sql, template};

/// The texts that `operator` makes of `text`.
fn made(text: &str, edits: &[Edit], operator: Operator) -> Vec<String> {
    let edits = edits.iter().filter(|edit| edit.operator == operator);
    edits
        .map(|edit| format!("{}{}{}", &text[..edit.range.start], edit.after, &text[edit.range.end..]))
        .collect()
}

fn of_rust(text: &str, operator: Operator) -> Vec<String> {
    made(text, &rust::edits(text).expect("the example is Rust"), operator)
}

#[test]
fn a_line_of_a_method_chain_is_removed() {
    let text = "fn f() { query().filter(a).order(b).load(conn) }";
    assert_eq!(
        of_rust(text, Operator::DropCall),
        [
            "fn f() { query().filter(a).load(conn) }".to_owned(),
            "fn f() { query().order(b).load(conn) }".to_owned(),
        ]
    );
}

#[test]
fn assigning_a_value_to_a_column_is_not_a_comparison() {
    let text = "fn f() { update(q.filter(a.eq(1))).set((b.eq(2), c.eq(3))); insert(q).values(d.eq(4)) }";
    assert_eq!(of_rust(text, Operator::SwapCall), [text.replace("a.eq", "a.ne")]);
}

#[test]
fn an_order_is_shortened() {
    let text = "fn f() { q.order((name, id)) }";
    assert_eq!(of_rust(text, Operator::ShortenTuple), ["fn f() { q.order(id) }", "fn f() { q.order(name) }"]);
}

#[test]
fn a_body_is_replaced_with_values_of_its_type() {
    let text = "fn f() -> QueryResult<Option<Book>> { find() }";
    let made = of_rust(text, Operator::WrongResult);
    let bodies = ["{ Ok(None) }", "{ Err(diesel::NotFound) }"];
    assert_eq!(made, bodies.map(|body| format!("fn f() -> QueryResult<Option<Book>> {body}")));
}

#[test]
fn code_for_tests_and_for_postgres_is_left_alone() {
    let text = "#[cfg(test)] mod tests { fn f() -> bool { true } }\n\
                #[cfg(feature = \"postgres\")] fn g() -> bool { true }";
    assert!(rust::edits(text).expect("the example is Rust").is_empty());
}

#[test]
fn a_statement_is_removed_and_a_value_stays() {
    let text = "fn f() { prepare()?; value }";
    assert_eq!(of_rust(text, Operator::DropStatement), ["fn f() {  value }"]);
}

#[test]
fn a_table_constraint_is_removed_with_its_comma() {
    let text =
        "CREATE TABLE t (\n    title TEXT NOT NULL,\n    CONSTRAINT l CHECK (length(title) <= 50)\n);\n";
    let made = made(text, &sql::edits(text), Operator::SqlClause);
    assert!(made.contains(&"CREATE TABLE t (\n    title TEXT NOT NULL\n);\n".to_owned()), "{made:?}");
    assert!(made.contains(&text.replace(" NOT NULL", "")), "{made:?}");
}

#[test]
fn each_part_of_a_key_and_the_whole_key_are_removed() {
    let text = "CREATE TABLE t (\n    a INTEGER,\n    b INTEGER,\n    PRIMARY KEY (a, b)\n);\n";
    assert_eq!(
        made(text, &sql::edits(text), Operator::SqlKey),
        [
            text.replace("(a, b)", "(b)"),
            text.replace("(a, b)", "(a)"),
            text.replace(",\n    PRIMARY KEY (a, b)", "")
        ]
    );
}

#[test]
fn comments_are_not_sql() {
    assert!(sql::edits("-- NOT NULL; 50\n").is_empty());
}

#[test]
fn an_element_is_removed_with_its_contents() {
    let text = "<p>{% if a %}<b id=\"x\">{{ v }}</b>{% endif %}</p>";
    let edits = template::edits(text);
    assert_eq!(made(text, &edits, Operator::HtmlElement), ["", "<p>{% if a %}{% endif %}</p>"]);
    assert_eq!(made(text, &edits, Operator::HtmlValue), [text.replace("{{ v }}", "")]);
    assert_eq!(made(text, &edits, Operator::HtmlAttribute), [text.replace(" id=\"x\"", "")]);
    assert_eq!(made(text, &edits, Operator::HtmlCondition), [text.replace("if a", "if !(a)")]);
}
