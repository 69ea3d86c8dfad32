//! Figures: medians, and small tables of them.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

/// The middle one; of an even number, the mean of the two in the middle.
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}

pub fn highest(figures: &[f64]) -> f64 {
    figures.iter().copied().fold(f64::NAN, f64::max)
}

/// The smallest and the largest, which show how far apart the turns were.
pub fn spread(figures: &[f64]) -> String {
    let smallest = figures.iter().copied().fold(f64::NAN, f64::min);
    format!("{} … {}", number(smallest), number(highest(figures)))
}

/// Three significant digits.
pub fn number(figure: f64) -> String {
    let decimals = match figure.abs() {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{figure:.decimals$}")
}

pub fn times(figure: f64) -> String {
    format!("{} ×", number(figure))
}

/// Prints a table whose first column is text and whose others are figures.
pub fn print<const N: usize>(heading: [&str; N], rows: &[[String; N]]) {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(heading).add_rows(rows.iter().cloned());
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}\n");
}
