//! What stands beside a failure: why it is one, and what should not have been edited.

use super::background::Background;
use super::page::Page;
use super::style::BOLD;
use crate::report::Explanation;

/// What the gate's own words mean, which follow.
pub fn why(page: &mut Page, explanation: &Explanation) {
    let place = page.place(&explanation.file.display().to_string(), Some(explanation.line));
    page.line(format_args!("{BOLD}Why:{BOLD:#} {place}"));
    page.blank();
    for line in &explanation.lines {
        page.line(line);
    }
    page.blank();
}

/// Files that are never the place to edit, where they have been edited.
pub fn given(page: &mut Page, background: &Background) {
    let [first, rest @ ..] = &background.edited[..] else { return };
    let first = page.place(first, None);
    let more = match rest.len() {
        0 => String::new(),
        1 => " and another file".to_owned(),
        more => format!(" and {more} other files"),
    };
    page.line(format_args!(
        "{BOLD}You have edited the course's own files:{BOLD:#} {first}{more}. Your work is graded with the originals, which \
         are in .kata/base."
    ));
    page.blank();
}
