//! The statements that ran, with their times and plans; identical ones folded.

use gate_contract::trace::{Plan, Ran};

use crate::escaped;
use crate::highlight::highlighted;

/// So many different statements are shown; more are folded into a count.
const MOST: usize = 60;
/// So many values of a statement that ran again and again.
const VALUES: usize = 3;

/// A statement that ran once or several times, one after the other.
struct Folded<'a> {
    sql: &'a str,
    /// The values of each time that were bound.
    binds: Vec<&'a str>,
    /// In microseconds, all times together.
    took: Option<u64>,
}

/// The statements as items of a list. What follows a statement is what was bound.
pub fn items(statements: &[String], runs: &[Ran], plans: &[Plan]) -> String {
    let folded = folded(statements, runs);
    let mut html = String::new();
    for (index, statement) in folded.iter().take(MOST).enumerate() {
        html.push_str(&item(index + 1, statement, plans));
    }
    if folded.len() > MOST {
        html.push_str(&format!("<li>and {} more</li>\n", folded.len() - MOST));
    }
    html
}

/// How long all of them took, where that is known.
pub fn total(runs: &[Ran]) -> Option<String> {
    let times: Vec<_> = runs.iter().filter(|ran| ran.statement.is_some()).map(time).collect();
    (!times.is_empty()).then(|| took(times.iter().sum()))
}

/// Microseconds, for a reader.
pub fn took(microseconds: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "it is rounded anyway")]
    let milliseconds = microseconds as f64 / 1000.0;
    match microseconds {
        0..10_000 => format!("{milliseconds:.2} ms"),
        10_000..1_000_000 => format!("{milliseconds:.0} ms"),
        _ => format!("{:.1} s", milliseconds / 1000.0),
    }
}

fn time(ran: &Ran) -> u64 {
    ran.to.saturating_sub(ran.from)
}

fn folded<'a>(statements: &'a [String], runs: &[Ran]) -> Vec<Folded<'a>> {
    let mut folded: Vec<Folded<'_>> = Vec::new();
    for (number, statement) in statements.iter().enumerate() {
        let (sql, binds) = statement.split_once(" -- binds: ").unwrap_or((statement, "[]"));
        let took = runs.iter().find(|ran| ran.statement == Some(number)).map(time);
        match folded.last_mut() {
            Some(last) if last.sql == sql => {
                last.binds.push(binds);
                last.took = last.took.zip(took).map(|(before, took)| before + took);
            }
            _ => folded.push(Folded { sql, binds: vec![binds], took }),
        }
    }
    folded
}

fn item(number: usize, statement: &Folded<'_>, plans: &[Plan]) -> String {
    let mut after = String::new();
    let count = statement.binds.len();
    if count > 1 {
        after.push_str(&format!(" <b class=\"times\">{count} times</b>"));
    }
    if let Some(time) = statement.took {
        after.push_str(&format!(" <small class=\"took\">{}</small>", took(time)));
    }
    let mut binds: Vec<_> = statement.binds.iter().filter(|binds| **binds != "[]").copied().collect();
    binds.dedup();
    if !binds.is_empty() {
        let more = if binds.len() > VALUES { ", …" } else { "" };
        binds.truncate(VALUES);
        after.push_str(&format!("<span class=\"binds\">with {}{more}</span>", escaped(&binds.join(", "))));
    }
    if let Some(plan) = plans.iter().find(|plan| plan.sql == statement.sql) {
        after.push_str(&format!(
            "<details class=\"plan\" id=\"plan-{number}\"><summary>How the database runs it</summary>\
             <pre tabindex=\"0\" role=\"group\" aria-label=\"Plan of statement {number}\">{}</pre></details>",
            escaped(&plan.steps.join("\n"))
        ));
    }
    // Anything but a statement is a remark on the one before.
    let class = if statement.sql.starts_with("--") { " class=\"remark\"" } else { "" };
    format!("<li{class}><code>{}</code>{after}</li>\n", highlighted(statement.sql, "sql"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(statement: usize, from: u64, to: u64) -> Ran {
        Ran { statement: Some(statement), connection: 1, from, to, is_refused: false }
    }

    #[test]
    fn a_repeated_statement_is_one_item() {
        let one = |id: u8| format!("SELECT `id` FROM `books` WHERE `id` < ? -- binds: [{id}]");
        let statements = [one(7), one(7), one(8), "COMMIT".to_owned()];
        let html = items(&statements, &[], &[]);
        assert_eq!(html.matches("<li>").count(), 2, "{html}");
        assert!(
            html.contains("3 times") && html.contains("with [7], [8]<") && html.contains("&lt;"),
            "{html}"
        );
        assert!(!html.contains("took"), "nobody has measured: {html}");
        let many: Vec<_> = (0..9).map(one).collect();
        assert!(items(&many, &[], &[]).contains("with [0], [1], [2], …<"));
    }

    #[test]
    fn times_are_added_up_and_plans_are_folded() {
        let statements = ["SELECT 1", "SELECT 1", "COMMIT"].map(str::to_owned);
        let runs = [ran(0, 100, 350), ran(1, 400, 550), ran(2, 600, 12_600)];
        let plans = [Plan { sql: "SELECT 1".to_owned(), steps: vec!["SCAN <books>".to_owned()] }];
        let html = items(&statements, &runs, &plans);
        for text in ["0.40 ms", "12 ms", "<details class=\"plan\" id=\"plan-1\">", "SCAN &lt;books&gt;"] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert_eq!(html.matches("<details").count(), 1, "{html}");
        assert_eq!(total(&runs).as_deref(), Some("12 ms"));
        assert_eq!(total(&[]), None);
        assert_eq!(took(2_340_000), "2.3 s");
    }
}
