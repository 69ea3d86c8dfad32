//! A board as a person reads it, whatever it is made of.

use std::fmt::{self, Write};
use std::panic::Location;

use scraper::ElementRef;

use super::browser::Answer;
use super::page::{caption, selector, text};

/// What a board says. Two boards that look different and say the same are equal.
#[derive(Debug, PartialEq)]
pub struct Board {
    /// What came in place of a board.
    pub instead: Option<String>,
    /// What can be chosen as `Table` beside the button `Assign table`.
    pub open_tables: Vec<String>,
    /// What can be chosen as `Server` there.
    pub servers: Vec<String>,
    pub orders: Vec<Order>,
    /// What the elements with the role `alert` say.
    pub messages: Vec<String>,
}

/// The part of a board around one button `Close table`.
#[derive(Debug, PartialEq)]
pub struct Order {
    /// The heading.
    pub table: String,
    /// The list items or rows that begin with a quantity, as in `2 × French fries $7.00`.
    pub lines: Vec<String>,
    /// The amounts that are in no line.
    pub totals: Vec<String>,
}

impl Answer {
    /// The board that this page shows.
    #[track_caller]
    pub fn board(&self) -> Board {
        self.save(Location::caller());
        let page = self.page();
        let assign = self.has_button("Assign table").then(|| self.form("Assign table"));
        let options = |label| assign.as_ref().map(|form| form.options(label)).unwrap_or_default();
        // A table reads `Table 4`, perhaps with more behind it.
        let number = |option: String| option.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let buttons = selector("button");
        let closers = page.select(&buttons).filter(|it| caption(*it) == "Close table");
        let shows_a_page = self.status.is_success() || self.status.is_client_error();
        let instead = (!shows_a_page).then(|| match self.location() {
            Some(place) => format!("{}, on to {place}", self.status),
            None => format!("{}: {}", self.status, self.first_words()),
        });
        Board {
            instead,
            open_tables: options("Table").into_iter().map(number).collect(),
            servers: options("Server"),
            orders: closers.map(order).collect(),
            messages: page.select(&selector("[role=alert]")).map(text).collect(),
        }
    }

    /// The order that this page is about, with its lines and total.
    #[track_caller]
    pub fn bill(&self) -> String {
        self.save(Location::caller());
        let page = self.page();
        let heading = page.select(&selector(HEADINGS)).find(is_table).map(text);
        let Some(heading) = heading.filter(|_| self.status.is_success()) else {
            return format!("no bill: {}: {}", self.status, self.first_words());
        };
        let body = page.select(&selector("body")).next().expect("every parsed page has a body");
        let (lines, totals) = lines_and_totals(body);
        let mut bill = format!("{heading}, {}", list(&totals));
        for line in lines {
            // A bill may say more of a line, such as the price of one.
            let name =
                line.split(" at $").next().and_then(|line| line.split(" $").next()).unwrap_or_default();
            let amount = amounts(&line).pop().unwrap_or_default();
            let _ = write!(bill, "\n    {name} {amount}");
        }
        bill
    }

    /// What the menu of this board offers: the boxes of the form that the menu is.
    #[track_caller]
    pub fn menu(&self) -> Vec<String> {
        self.save(Location::caller());
        let page = self.page();
        let (labels, boxes) = (selector("label"), selector("[type=checkbox]"));
        let mut menu = Vec::new();
        for part in page.select(&selector("fieldset")) {
            menu.extend(part.select(&selector("legend")).map(text));
            let items = part.select(&labels).filter(|it| it.select(&boxes).count() == 1);
            menu.extend(items.map(|it| format!("    {}", text(it))));
        }
        menu
    }
}

const HEADINGS: &str = "h1, h2, h3, h4, h5, h6";

fn is_table(heading: &ElementRef<'_>) -> bool {
    text(*heading).starts_with("Table ")
}

/// The smallest part of the page around a button that has a heading for a table.
fn order(button: ElementRef<'_>) -> Order {
    let headings = selector(HEADINGS);
    let part = button
        .ancestors()
        .filter_map(ElementRef::wrap)
        .find(|part| part.select(&headings).any(|heading| is_table(&heading)));
    let Some(part) = part else {
        let table = "(no heading `Table …` around the button)".to_owned();
        return Order { table, lines: Vec::new(), totals: Vec::new() };
    };
    let table = part.select(&headings).find(is_table).map(text).unwrap_or_default();
    let (lines, totals) = lines_and_totals(part);
    Order { table, lines, totals }
}

/// The lines of an order, and the amounts that are in no line.
fn lines_and_totals(part: ElementRef<'_>) -> (Vec<String>, Vec<String>) {
    let is_line =
        |line: &String| line.split_once(" × ").is_some_and(|(quantity, _)| quantity.parse::<u32>().is_ok());
    let lines: Vec<_> = part.select(&selector("li, tr")).map(text).filter(is_line).collect();
    let in_lines: Vec<_> = lines.iter().flat_map(|line| amounts(line)).collect();
    let mut totals = amounts(&text(part));
    // A menu that is repeated for each order has prices of its own.
    let on_menus: Vec<_> = part.select(&selector("fieldset")).flat_map(|menu| amounts(&text(menu))).collect();
    for amount in in_lines.into_iter().chain(on_menus) {
        if let Some(at) = totals.iter().position(|total| *total == amount) {
            totals.remove(at);
        }
    }
    (lines, totals)
}

/// The amounts in a text, without what stands around them: `$7.00` of `($7.00),`.
fn amounts(text: &str) -> Vec<String> {
    let is_part = |char: char| char.is_ascii_digit() || char == '.' || char == ',';
    let amount = |after: &str| {
        let end = after.find(|char| !is_part(char)).unwrap_or(after.len());
        format!("${}", after[..end].trim_end_matches(['.', ',']))
    };
    text.split('$').skip(1).map(amount).collect()
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "(none)".to_owned() } else { items.join(", ") }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(instead) = &self.instead {
            return writeln!(f, "no board     {instead}");
        }
        writeln!(f, "open tables  {}", list(&self.open_tables))?;
        writeln!(f, "servers      {}", list(&self.servers))?;
        for order in &self.orders {
            writeln!(f, "order        {}, {}", order.table, list(&order.totals))?;
            for line in &order.lines {
                writeln!(f, "                 {line}")?;
            }
        }
        if self.orders.is_empty() {
            writeln!(f, "orders       (none)")?;
        }
        for message in &self.messages {
            writeln!(f, "message      {message}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_without_the_text_around_them() {
        assert_eq!(amounts("2 × Fries $7.00, or ($1,234.50). Nothing: $"), ["$7.00", "$1,234.50", "$"]);
    }
}
