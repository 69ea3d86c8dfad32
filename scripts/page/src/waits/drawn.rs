//! The picture, as SVG.

use super::{Kind, Lane, Waits};
use crate::escaped;
use crate::sql::took;

/// Pixels of the picture's own.
const LETTER: usize = 8;
const LINE: u64 = 30;
const BAR: u64 = 16;
const WIDTH: u64 = 440;
const MARGIN: u64 = 8;
const AXIS: u64 = 28;
/// What is briefer is still seen.
const THINNEST: u64 = 3;

impl Waits {
    /// A line for each connection, from left to right as time went by.
    pub fn picture(&self) -> String {
        let longest = self.lanes.iter().map(|lane| lane.name.chars().count()).max().unwrap_or(0);
        let left = MARGIN + u64::try_from(longest * LETTER).unwrap_or(0) + 14;
        let (width, height) = (left + WIDTH + 60, MARGIN + LINE * self.count() + AXIS);
        let mut svg = format!(
            "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
             aria-label=\"Who waited for whom: {}\" class=\"waiting\">\n{HATCHED}",
            escaped(&self.words.join(" "))
        );
        for (y, lane) in (0..).map(|index| MARGIN + index * LINE).zip(&self.lanes) {
            svg.push_str(&self.line(lane, left, y));
        }
        let base = MARGIN + LINE * self.count();
        svg.push_str(&format!("<line x1=\"{left}\" x2=\"{}\" y1=\"{base}\" y2=\"{base}\"/>\n", left + WIDTH));
        for part in [0, 1, 2] {
            let (x, y) = (left + WIDTH * part / 2, base + 18);
            let time = if part == 0 { "0".to_owned() } else { took(self.end * part / 2) };
            svg.push_str(&format!("<text class=\"time\" x=\"{x}\" y=\"{y}\">{time}</text>\n"));
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn count(&self) -> u64 {
        u64::try_from(self.lanes.len()).unwrap_or(0)
    }

    fn line(&self, lane: &Lane, left: u64, y: u64) -> String {
        let at = |time: u64| left + time * WIDTH / self.end.max(1);
        let mut svg = format!("<text x=\"{MARGIN}\" y=\"{}\">{}</text>", y + BAR - 3, escaped(&lane.name));
        for span in &lane.spans {
            let (x, class) = (at(span.from), class(span.kind));
            let width = (at(span.to) - x).max(THINNEST);
            svg.push_str(&format!(
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BAR}\" rx=\"2\"/>"
            ));
            if span.kind == Kind::Refused {
                svg.push_str(&format!(
                    "<text class=\"refused\" x=\"{}\" y=\"{}\">refused</text>",
                    x + width + 5,
                    y + BAR - 3
                ));
            }
        }
        svg.push('\n');
        svg
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Waits => "waits",
        Kind::Holds => "holds",
        Kind::Refused => "refused",
    }
}

/// The bars of those who wait differ from the others by more than their color.
const HATCHED: &str = "<defs><pattern id=\"hatched\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
                       patternTransform=\"rotate(45)\"><rect class=\"gap\" width=\"6\" height=\"6\"/><line class=\"stroke\" \
                       x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>\n";
