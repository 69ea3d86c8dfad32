//! The tables in what a gate writes down: a label, names of columns, and rows, each cell as text.

/// A table as a gate has read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid<'a> {
    pub label: &'a str,
    pub columns: Vec<&'a str>,
    pub rows: Vec<Vec<&'a str>>,
}

const BETWEEN: &str = " | ";

/// The tables in the text of a snapshot. One with a cell that looks like two is left out.
pub fn grids(snapshot: &str) -> Vec<Grid<'_>> {
    let mut grids = Vec::new();
    let mut lines = snapshot.lines().peekable();
    while let Some(label) = lines.next() {
        if label.starts_with(' ') {
            continue;
        }
        let Some(head) = lines.peek().copied().and_then(|line| line.strip_prefix("    ")) else { continue };
        if !head.contains(BETWEEN) {
            continue;
        }
        let columns: Vec<_> = head.split(BETWEEN).collect();
        // The words of a label are not names of columns.
        if columns.iter().any(|name| name.is_empty() || name.contains(' ')) {
            continue;
        }
        lines.next();
        let mut rows = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with("    ")) {
            rows.push(line[4..].split(BETWEEN).collect::<Vec<_>>());
        }
        if rows.iter().all(|row| row.len() == columns.len()) {
            grids.push(Grid { label, columns, rows });
        }
    }
    grids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_between_other_text() {
        let text = "delete_book(84)\n    Ok(())\n\nthe books\n    id | title\n    42 | Emma\n    50 | Salt, \"x\"\n\n\
                    a | b\n    c d | e\n\nodd\n    id | title\n    1 | a | b\n\nnone\n    id | title\n";
        let found = grids(text);
        let books = Grid {
            label: "the books",
            columns: vec!["id", "title"],
            rows: vec![vec!["42", "Emma"], vec!["50", "Salt, \"x\""]],
        };
        let none = Grid { label: "none", columns: vec!["id", "title"], rows: Vec::new() };
        assert_eq!(found, [books, none]);
    }
}
