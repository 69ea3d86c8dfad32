//! The pages on which something is taken back or sold out, and the log of it.

use super::{Pages, small};
use crate::restaurant::{add, assign, line, press, take_back};

#[test]
fn a_line() {
    let (open, mut pages) = (small(), Pages::default());
    let mut robin = open.robin();
    assign(&mut robin, "Table 4", "Robin");
    add(&mut robin, "Table 4", &["Jambalaya"]);
    pages.see("one of a dish", &line(&mut robin, 1, "Jambalaya"));
    add(&mut robin, "Table 4", &["Jambalaya"]);
    let page = line(&mut robin, 1, "Jambalaya");
    pages.see("two of it", &page);
    let form = page.form("Save").fill("How many", "1");
    pages.see("no reason", &robin.submit(&form));
    let mistakes = page.form("Save").fill("How many", "few").fill("In your own words", &"x".repeat(101));
    pages.see("mistakes in two fields, and a reason", &robin.submit(&mistakes.check("Took too long")));
    add(&mut robin, "Table 4", &["Jambalaya"]);
    pages.see("somebody was faster", &robin.submit(&form.check("Took too long")));
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_log() {
    let (open, mut pages) = (small(), Pages::default());
    let (mut margot, mut robin) = (open.margot(), open.robin());
    pages.get("empty", &mut margot, "/log");
    assign(&mut robin, "Table 4", "Robin");
    add(&mut robin, "Table 4", &["Jambalaya"]);
    let form = line(&mut robin, 1, "Jambalaya").form("Save").fill("How many", "3");
    robin.submit(&form);
    let form = line(&mut robin, 1, "Jambalaya").form("Save").fill("How many", "2").check("Took too long");
    robin.submit(&form);
    open.wait(600);
    let form = take_back(&mut robin, 1, "Jambalaya").fill("In your own words", "<b>it was cold</b>");
    let answer = robin.submit(&form);
    let bill = robin.follow(&answer);
    robin.submit(&bill.form("Undo"));
    let form = robin.get("/orders/1").form("Move").choose("To table", "Table 7");
    robin.submit(&form);
    let form = robin.get("/orders/1").form("Hand over").choose("To server", "Margot");
    robin.submit(&form);
    press(&mut margot, "/", "Table 7", "Close table");
    press(&mut margot, "/orders/1", "", "Open again");
    let form = margot.get("/menu/2").form("Save item").fill("Price", "23");
    margot.submit(&form);
    press(&mut robin, "/sold-out", "Jambalaya", "Sold out");
    press(&mut robin, "/sold-out", "Jambalaya", "Serve again");
    pages.get("of everything", &mut margot, "/log");
    pages.get("of one order", &mut margot, "/log?order=1");
    pages.get("of a day without entries", &mut margot, "/log?day=2026-02-13");
    pages.get("mistakes in both fields", &mut margot, "/log?day=soon&order=mine");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn sold_out() {
    let (open, mut pages) = (small(), Pages::default());
    let mut robin = open.robin();
    pages.get("everything is there", &mut robin, "/sold-out");
    assign(&mut robin, "Table 4", "Robin");
    let form = robin.get("/").form_in("Table 4", "Add to order").check("Jambalaya");
    press(&mut robin, "/sold-out", "Jambalaya", "Sold out");
    pages.get("one dish is not", &mut robin, "/sold-out");
    pages.see("the board, after it was ordered from an old page", &robin.submit(&form));
    insta::assert_snapshot!(pages.0);
}
