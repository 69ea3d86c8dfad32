//! Which task a place in a file is about.

use crate::derive::tasks;

/// The task that a line belongs to: one in the function that it is in, the last one above it first; or the last one
/// above; or the only one in the file, which may be below.
pub fn task_near(text: &str, line: usize) -> Option<String> {
    let lines: Vec<_> = text.lines().collect();
    let line = line.min(lines.len());
    let (above, below) = lines.split_at(line);
    // A function of the file, or one in an `impl`.
    let is_end = |line: &&str| matches!(line.trim_end(), "}" | "    }");
    let start = above.iter().rposition(is_end).map_or(0, |at| at + 1);
    let end = below.iter().position(is_end).unwrap_or(below.len());
    let has_function = |lines: &[&str]| lines.iter().any(|line| line.contains("fn "));
    let task = |line: &&str| tasks::task(line).map(str::to_owned);
    let is_in_function = has_function(&lines[start..line + end]);
    let inside = above[start..].iter().rev().find_map(task);
    let inside = inside.or_else(|| below[..end].iter().find_map(task).filter(|_| is_in_function));
    let only = || {
        let mut all = lines.iter().filter_map(task);
        all.next().filter(|_| all.next().is_none())
    };
    inside.or_else(|| above.iter().rev().find_map(task)).or_else(only)
}

#[cfg(test)]
mod tests {
    use super::task_near;

    const TEXT: &str = "\
use a::b;

/// One.
fn one(
    c: d,
) {
    // Task: Do one.
    e()
}

/// Two.
fn two(c: d) {
    // Task: Do two.
    e()
}

fn given() {}
";

    #[test]
    fn an_error_belongs_to_the_task_of_its_function_even_above_the_task() {
        let number = |line: usize| task_near(TEXT, line);
        assert_eq!(number(5).as_deref(), Some("Do one."));
        assert_eq!(number(8).as_deref(), Some("Do one."));
        assert_eq!(number(12).as_deref(), Some("Do two."));
        assert_eq!(number(14).as_deref(), Some("Do two."));
        assert_eq!(number(99).as_deref(), Some("Do two."));
    }

    #[test]
    fn an_import_above_all_tasks_belongs_to_the_only_task() {
        assert_eq!(
            task_near("use a;\n\nconst B: u8 = 1;\n\nfn c() {}\n\nfn d() {\n    // Task: Do d.\n}\n", 1)
                .as_deref(),
            Some("Do d.")
        );
        assert_eq!(task_near("use a;\n}\n// Task: One.\n}\n// Task: Two.\n", 1), None);
        assert_eq!(task_near("", 7), None);
    }
}
