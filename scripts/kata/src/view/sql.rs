//! The statements that a gate's code ran.

use super::page::Page;
use super::style::{BOLD, DIM};
use super::text;
use crate::report::GateReport;

/// As many statements are shown; what a gate did last is what matters.
pub const MOST: usize = 12;
/// As much of each: two lines of a usual terminal. What a fixture inserts is longer.
const STATEMENT_COLUMNS: usize = 150;

/// The statements that the gate's code ran: all, or the beginnings of the last `most`.
pub fn print(page: &mut Page, gate: &GateReport, most: Option<usize>) {
    if gate.sql.is_empty() {
        return;
    }
    page.blank();
    page.line(format_args!("{BOLD}The SQL that ran{BOLD:#}"));
    page.blank();
    // Forty alike are one line.
    let runs = counted(&gate.sql);
    let first = most.map_or(0, |most| runs.len().saturating_sub(most));
    let left_out: usize = runs[..first].iter().map(|(_, times)| times).sum();
    if left_out > 0 {
        page.line(format_args!("    {DIM}… {left_out} before these{DIM:#}"));
    }
    for (statement, times) in &runs[first..] {
        let shown = if most.is_some() { beginning(statement) } else { (*statement).to_owned() };
        match times {
            1 => page.line(format_args!("    {shown}")),
            times => page.line(format_args!("    {DIM}{times} times:{DIM:#} {shown}")),
        }
    }
}

/// Statements, and how often each ran one after the other.
fn counted(statements: &[String]) -> Vec<(&str, usize)> {
    let same = statements.chunk_by(|one, next| one == next);
    same.map(|same| (same[0].as_str(), same.len())).collect()
}

/// A statement that is long, without the columns that it asks for: what is behind them is what it does.
fn beginning(statement: &str) -> String {
    let mut text = statement.to_owned();
    if text::width(&text) > STATEMENT_COLUMNS
        && let Some(rest) = statement.strip_prefix("SELECT ")
        && let Some(from) = rest.find(" FROM ")
    {
        text = format!("SELECT …{}", &rest[from..]);
    }
    if text::width(&text) > STATEMENT_COLUMNS
        && let Some((before, after)) = text.split_once(" RETURNING ")
    {
        let binds = after.find(" -- binds: ").map_or("", |at| &after[at..]);
        text = format!("{before} RETURNING …{binds}");
    }
    text::shorten(&text, STATEMENT_COLUMNS)
}

/// Says by what the rows come sorted, where all queries that ran agree on it.
pub fn order(sql: &[String]) -> Option<String> {
    let mut orders: Vec<_> = sql.iter().filter_map(|statement| order_of(statement)).collect();
    orders.dedup();
    match orders[..] {
        [""] => Some(format!("The SQL that ran has no {BOLD}ORDER BY{BOLD:#}.")),
        [order] => Some(format!("The SQL that ran has {BOLD}ORDER BY {order}{BOLD:#}.")),
        _ => None,
    }
}

/// What stands behind a query's own `ORDER BY`: not behind that of a query inside of it. Empty where there is none.
fn order_of(statement: &str) -> Option<&str> {
    let code = statement.split(" -- binds: ").next().unwrap_or_default();
    let query = code.strip_prefix("SELECT ")?;
    let order = query.rsplit_once(" ORDER BY ").map_or("", |(_, order)| order);
    let order = order.split(" LIMIT ").next().unwrap_or_default();
    let closes = |text: &str| text.matches(')').count() > text.matches('(').count();
    Some(if closes(order) { "" } else { order.trim() })
}

#[cfg(test)]
mod tests {
    use super::order;

    fn said(sql: &[&str]) -> Option<String> {
        let sql: Vec<_> = sql.iter().map(|statement| (*statement).to_owned()).collect();
        order(&sql).map(|text| anstream::adapter::strip_str(&text).to_string())
    }

    #[test]
    fn the_order_is_named_if_all_queries_have_it() {
        let by_title = "SELECT `id` FROM `books` ORDER BY `title` ASC LIMIT ? -- binds: [1]";
        let unsorted = "SELECT `id` FROM `books` -- binds: []";
        let inside = "SELECT `id` FROM (SELECT `id` FROM `books` ORDER BY `title`) -- binds: []";
        for (sql, expected) in [
            (&[][..], None),
            (&["BEGIN -- binds: []"], None),
            (&[by_title, by_title], Some("The SQL that ran has ORDER BY `title` ASC.")),
            (&[unsorted, "COMMIT -- binds: []"], Some("The SQL that ran has no ORDER BY.")),
            (&[inside], Some("The SQL that ran has no ORDER BY.")),
            (&[by_title, unsorted], None),
        ] {
            assert_eq!(said(sql).as_deref(), expected);
        }
    }
}
