//! A bill in parts: each guest pays some of its lines, or some of a line.
//!
//! Nothing of it is stored: the guests pay one bill. The sums of the parts are those of the whole, to the cent.

use std::collections::BTreeMap;
use std::fmt;

use crate::house::House;
use crate::models::order_detail::OrderDetail;
use crate::money::Cents;

/// How many of each line a guest pays, by the line's id. As text, in the address of a page, it reads `12x2-13x1`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Share(BTreeMap<i32, i32>);

impl Share {
    pub fn add(&mut self, line: i32, quantity: i32) {
        *self.0.entry(line).or_default() += quantity;
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids of the lines, and how many of each.
    pub fn lines(&self) -> impl Iterator<Item = (i32, i32)> {
        self.0.iter().map(|(line, quantity)| (*line, *quantity))
    }

    /// Reads what an address holds.
    pub fn parse(text: &str) -> Option<Self> {
        let lines = text.split('-').map(|line| {
            let (id, quantity) = line.split_once('x')?;
            let quantity = quantity.parse().ok().filter(|quantity| *quantity > 0)?;
            Some((id.parse().ok()?, quantity))
        });
        let lines: Vec<(i32, i32)> = lines.collect::<Option<_>>()?;
        let share: BTreeMap<_, _> = lines.iter().copied().collect();
        // Of a line that is named twice, one would be lost.
        (share.len() == lines.len()).then_some(Self(share))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.lines().map(|(line, quantity)| format!("{line}x{quantity}")).collect();
        f.write_str(&lines.join("-"))
    }
}

/// All of these lines.
impl<'a> FromIterator<&'a OrderDetail> for Share {
    fn from_iter<I: IntoIterator<Item = &'a OrderDetail>>(lines: I) -> Self {
        Self(lines.into_iter().map(|line| (line.id, line.quantity)).collect())
    }
}

/// A part of a bill, as a bill of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub lines: Vec<OrderDetail>,
    pub total: Cents,
    /// How much of the total is tax.
    pub tax: Option<Cents>,
}

/// The parts of a bill, and what is left of it.
#[derive(Debug, PartialEq)]
pub struct Split {
    pub parts: Vec<Part>,
    pub rest: Part,
}

impl Split {
    /// A bill of which nobody has paid a part.
    pub fn none(lines: &[OrderDetail], house: &House) -> Self {
        Self { parts: Vec::new(), rest: part(lines.to_vec(), &mut Cents(0), house) }
    }
}

/// Splits the lines of a bill. `None` if the shares are not of these lines, or take more of them than there is: the
/// order has changed since.
pub fn split(lines: &[OrderDetail], shares: &[Share], house: &House) -> Option<Split> {
    let mut left = lines.to_vec();
    let mut before = Cents(0);
    let mut parts = Vec::new();
    for share in shares {
        let mut taken = Vec::new();
        for line in &mut left {
            let Some(&quantity) = share.0.get(&line.id) else { continue };
            line.quantity = line.quantity.checked_sub(quantity).filter(|left| *left >= 0)?;
            taken.push(OrderDetail { quantity, ..line.clone() });
        }
        if taken.len() < share.0.len() {
            return None;
        }
        parts.push(part(taken, &mut before, house));
    }
    left.retain(|line| line.quantity > 0);
    Some(Split { parts, rest: part(left, &mut before, house) })
}

/// The part with these lines, after parts that come to `before`.
///
/// Each part rounded by itself, the taxes might come to a cent more or less than that of the whole. So a part has what
/// the tax grows by when the part is added to those before it.
fn part(lines: Vec<OrderDetail>, before: &mut Cents, house: &House) -> Part {
    let total: Cents = lines.iter().map(OrderDetail::total).sum();
    let with_it = Cents(before.0 + total.0);
    let tax =
        house.tax_in(with_it).zip(house.tax_in(*before)).map(|(with, without)| Cents(with.0 - without.0));
    *before = with_it;
    Part { lines, total, tax }
}
