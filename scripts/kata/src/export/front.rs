//! The page that everybody reads first, in a copy that leaves files out.

use crate::course::layout;
use crate::links;

/// The page that everybody reads first. For students it has no rows about what they do not get.
pub const FRONT: &str = "README.md";

/// The page without the rows of its tables that link to a file that is left out.
pub fn front_for_students(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !is_about_left_out(line)).collect()
}

/// Whether a line is a row with such a link.
fn is_about_left_out(line: &str) -> bool {
    line.starts_with("| ") && links::of(line).any(layout::is_left_out)
}

#[cfg(test)]
mod tests {
    use super::front_for_students;

    #[test]
    fn rows_that_link_to_files_left_out_are_dropped() {
        let text = "Read [this](INSTRUCTOR.md).\r\n\n| a | [b](lessons/README.md) |\n| c | \
                    [d](INSTRUCTOR.md#grading) |\n| e | [f](a.md), [g](scripts/grade/README.md#x) |\nEnd";
        let expected = "Read [this](INSTRUCTOR.md).\r\n\n| a | [b](lessons/README.md) |\nEnd";
        assert_eq!(front_for_students(text), expected);
    }
}
