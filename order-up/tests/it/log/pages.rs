//! The page with the log: how it is searched, and who may see it.

use super::{sentences, serving};
use crate::Open;
use crate::restaurant::{assign, press};

/// So many entries about order 1, the newest of which is the last.
fn entries(open: &mut Open, count: usize) {
    for number in 1..=count {
        let from = format!("{{\"moved\":{{\"from\":{number}}}}}");
        let insert = format!(
            "INSERT INTO log_entries (logged_at, employee_id, employee_name, order_id, table_number, event) \
             VALUES ({number}, 1, 'Margot', 1, 4, '{from}')"
        );
        assert_eq!(open.database.run(&insert), "done, 1 row(s)");
    }
}

#[test]
fn a_long_log_has_pages_and_repeats_no_entry_while_it_grows() {
    let (mut open, mut margot) = serving();
    entries(&mut open, 100);
    for start in ["/log", "/log?order=1", "/log?day=1970-01-01&order=", "/log?day=1969-12-31&order=1"] {
        // 1970 began while it was the evening of 1969 in New York.
        let expected = if start.contains("1970") { 0 } else { 100 };
        let (mut place, mut read, mut pages) = (start.to_owned(), Vec::new(), 0);
        loop {
            let page = margot.get(&place);
            read.extend(sentences(&page));
            pages += 1;
            if page.all("section > a").is_empty() {
                break;
            }
            place = page.link_in("", "Older entries");
            let insert = "INSERT INTO log_entries (logged_at, employee_id, employee_name, event) \
                          VALUES (1771111800, 1, 'Margot', '\"closed\"')";
            open.database.run(insert);
        }
        read.retain(|sentence| sentence.starts_with("Margot moved"));
        assert_eq!(read.len(), expected, "{start}");
        let newest_first =
            (0..expected).map(|earlier| format!("Margot moved table {} to table 4", 100 - earlier));
        assert_eq!(read, newest_first.collect::<Vec<_>>(), "{start}");
        assert!(expected == 0 || pages > 1, "{start}: {pages}");
    }
}

/// The fiftieth entry fills a page, and the next begins another.
#[test]
fn a_page_has_fifty_entries() {
    for (count, older) in [(50, 0), (51, 1)] {
        let (mut open, mut margot) = serving();
        entries(&mut open, count);
        let page = margot.get("/log");
        assert_eq!((sentences(&page).len(), page.all("section > a").len()), (50, older));
    }
}

#[test]
fn the_log_can_be_searched_by_business_day_and_by_order() {
    let (open, mut margot) = serving();
    assign(&mut margot, "Table 5", "Margot");
    // 03:59:59 in New York, and 04:00:00.
    open.wait(34_199);
    press(&mut margot, "/", "Table 4", "Close table");
    open.wait(1);
    let mut margot = open.margot();
    press(&mut margot, "/", "Table 5", "Close table");
    for (search, expected) in [
        ("day=2026-02-14", vec!["Margot closed table 4"]),
        ("day=2026-02-15", vec!["Margot closed table 5"]),
        ("day=2026-02-16", vec![]),
        ("order=1", vec!["Margot closed table 4"]),
        ("order=2&day=2026-02-15", vec!["Margot closed table 5"]),
        ("order=1&day=2026-02-15", vec![]),
        ("order=99", vec![]),
        ("order=&day=", vec!["Margot closed table 5", "Margot closed table 4"]),
    ] {
        let page = margot.get(&format!("/log?{search}"));
        assert_eq!(sentences(&page), expected, "{search}");
        assert_eq!(page.all(".empty").is_empty(), !expected.is_empty(), "{search}");
    }
    assert_eq!(margot.get("/history?day=2026-02-14").link_in("", "Log"), "/log?day=2026-02-14");
    assert_eq!(margot.get("/orders/1").link_in("", "Log"), "/log?order=1");
}

#[test]
fn p13_an_invalid_search_is_explained_beside_its_field() {
    let (_open, mut margot) = serving();
    for (field, label, error, wrong) in [
        ("day", "Business day", "Enter a day like 2026-02-14.", ["soon", "2026-02-30", "99999-01-01"]),
        ("order", "Order", "Enter a whole number from 1 to 2147483647.", ["x", "0", "2147483648"]),
    ] {
        for wrong in wrong {
            let page = margot.get(&format!("/log?{field}={wrong}"));
            let form = page.form("Show");
            assert_eq!((page.status.as_u16(), form.error(label)), (422, error.to_owned()), "{wrong}");
            assert_eq!(form.value(label), wrong);
        }
    }
    // The last and the first day of the calendar.
    for day in ["9999-12-31", "-9999-01-01"] {
        assert!([200, 422].contains(&margot.get(&format!("/log?day={day}")).status.as_u16()), "{day}");
    }
    assert_eq!(margot.get("/log?before=x").status, 404);
}

#[test]
fn only_managers_can_open_the_log() {
    let (open, _) = serving();
    let mut robin = open.robin();
    assign(&mut robin, "Table 5", "Robin");
    assert_eq!(robin.get("/log").status, 403);
    assert!(!robin.get("/orders/2").text().contains("Log of"));
    assert!(robin.get("/orders/2").all("a[href^='/log']").is_empty());
}

/// A log that cannot be read is not shown as an empty one.
#[test]
fn an_entry_of_an_unknown_kind_is_an_error() {
    let (mut open, mut margot) = serving();
    let insert = "INSERT INTO log_entries (logged_at, employee_id, employee_name, event) VALUES (0, 1, 'M', '{\"eaten\":{}}')";
    assert_eq!(open.database.run(insert), "done, 1 row(s)");
    assert_eq!(margot.get("/log").status, 500);
}
