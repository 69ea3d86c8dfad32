//! The picture of the guide in the course's README, made by the guide itself. The test only makes it; this writes it,
//! too:
//!
//!     WRITE_PICTURES=1 cargo test -p kata --test it picture

use std::fmt::Write;
use std::path::Path;

use crate::course::Copy;
use crate::terminal::Terminal;

const PICTURE: &str = "scripts/page/pictures/guide.svg";
/// Pixels of the picture.
const CELL: (usize, usize) = (9, 20);
const MARGIN: usize = 20;

/// The first sixteen colors of a terminal, to be read on a dark ground.
const COLORS: [&str; 16] = [
    "#1d1a16", "#f28c7c", "#8fd3a5", "#f0c184", "#9bc8ef", "#e3a3d8", "#8fd0cf", "#efe6d7", "#8b8172",
    "#f2a48d", "#a9e2bb", "#f6d3a4", "#b9daf5", "#edbde5", "#aee0df", "#ffffff",
];

/// What the picture may weigh.
const MOST: usize = 20_000;

#[test]
fn a_picture_of_the_guide_can_be_made() {
    let course = Copy::new();
    course.solve("05-crud", "src/books.rs");
    course.edit("lessons/05-crud/src/books.rs", "0 => Err(diesel::NotFound),\n", "0 => Ok(()),\n");
    course.kata(&["goto", "5"]);
    let terminal = Terminal::run(&course, 84, 32, &["--no-warm"]);
    terminal.judged("✗ Gate 13");
    let svg = course.masked(&terminal.with_screen(drawn));
    for text in [
        "Gate 13: Delete a book that is not there",
        "expected │",
        "got │",
        "lessons/05-crud/src/books.rs:",
        "hint",
    ] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    assert!(svg.len() <= MOST, "{} bytes", svg.len());
    if std::env::var_os("WRITE_PICTURES").is_some() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        std::fs::write(workspace.join(PICTURE), svg).unwrap();
    }
}

/// The screen as SVG: text that can be selected and read out.
fn drawn(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let (width, height) =
        (usize::from(columns) * CELL.0 + 2 * MARGIN, usize::from(rows) * CELL.1 + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"The guide in a terminal\">\n<rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"#1d1a16\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\" fill=\"#efe6d7\" \
         xml:space=\"preserve\">\n"
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let Some(first) = screen.cell(row, column) else { break };
            let style = style(first);
            let (start, mut text) = (column, String::new());
            while let Some(cell) = screen.cell(row, column).filter(|cell| self::style(cell) == style) {
                text.push_str(if cell.has_contents() { cell.contents() } else { " " });
                column += 1;
            }
            if text.trim().is_empty() {
                continue;
            }
            // Blanks at the ends would be spread with the letters.
            let indent = text.chars().take_while(|c| *c == ' ').count();
            let text = text.trim_matches(' ');
            let (x, y) =
                ((usize::from(start) + indent) * CELL.0 + MARGIN, usize::from(row) * CELL.1 + MARGIN + 15);
            let length = text.chars().count() * CELL.0;
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\"{style}>{text}</text>");
        }
    }
    svg + "</g>\n</svg>\n"
}

fn style(cell: &vt100::Cell) -> String {
    let mut style = String::new();
    if let vt100::Color::Idx(index) = cell.fgcolor()
        && let Some(color) = COLORS.get(usize::from(index))
    {
        style.push_str(&format!(" fill=\"{color}\""));
    }
    if cell.bold() {
        style.push_str(" font-weight=\"700\"");
    }
    if cell.dim() {
        style.push_str(" opacity=\"0.7\"");
    }
    style
}
