//! Fields and columns in another order than each other, as the rows show that a gate has seen.

use super::code::Code;
use super::failure::Failure;
use super::found::Found;
use super::text::{listed, parts};

/// A row as `{:?}` shows it: the struct's name, and its fields with their values.
type Shown<'a> = (&'a str, Vec<(&'a str, &'a str)>);

/// The rows of a text, in its order.
fn rows(text: &str) -> Vec<Shown<'_>> {
    fn row(line: &str) -> Option<Shown<'_>> {
        let start = line.find(" { ")?;
        let name = line[..start].rsplit(|c: char| !c.is_alphanumeric()).next()?;
        let inside = line[start + 3..].split(" }").next()?;
        let fields = parts(inside).into_iter().map(|field| field.split_once(": "));
        Some((&line[start - name.len()..start], fields.collect::<Option<Vec<_>>>()?))
    }
    // A text may hold anything, even what looks like the end of a row. Such a row is not evidence.
    text.lines().filter(|line| line.matches(" { ").count() == 1).filter_map(row).collect()
}

/// The rows that differ, each with what was expected in its place.
fn differing<'a>(failure: &Failure<'a>) -> Option<Vec<(Shown<'a>, Shown<'a>)>> {
    let expected = rows(failure.report.expected.as_deref()?);
    let got = rows(failure.got());
    if expected.len() != got.len() || got.is_empty() {
        return None;
    }
    let pairs: Vec<_> = expected.into_iter().zip(got).filter(|(expected, got)| expected != got).collect();
    (!pairs.is_empty() && pairs.iter().all(|(expected, got)| expected.0 == got.0)).then_some(pairs)
}

/// Two columns of a type that have each other's values, since a query without `select` goes by places.
pub fn exchanged(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let pairs = differing(failure)?;
    let swapped = |(expected, got): &(Shown<'_>, Shown<'_>)| {
        let places = expected.1.iter().zip(&got.1).enumerate();
        let places: Vec<_> = places.filter(|(_, (one, other))| one != other).map(|(at, _)| at).collect();
        let [one, other] = places[..] else { return None };
        let is_swap = expected.1[one].1 == got.1[other].1 && expected.1[other].1 == got.1[one].1;
        let is_named = expected.1.iter().zip(&got.1).all(|(expected, got)| expected.0 == got.0);
        (is_swap && is_named).then(|| (expected.1[one].0.to_owned(), expected.1[other].0.to_owned()))
    };
    let swaps: Vec<_> = pairs.iter().map(swapped).collect::<Option<_>>()?;
    let (one, other) = swaps.first()?;
    if swaps.iter().any(|swap| (&swap.0, &swap.1) != (one, other)) {
        return None;
    }
    let model = code.model(pairs[0].0.0)?;
    let table = code.table(model.table.as_deref()?)?;
    let field = |name: &str| model.fields.iter().position(|field| field.name == name);
    let column = |name: &str| table.columns.iter().position(|column| column.name == name);
    let (fields, columns) = ((field(one)?, field(other)?), (column(one)?, column(other)?));
    if (fields.0 < fields.1) == (columns.0 < columns.1) {
        return None;
    }
    let first = &table.columns[columns.0.min(columns.1)];
    let file = table.file.rsplit('/').next()?;
    Some(
        Found::new([
            format!("The values of `{one}` and `{other}` are swapped: `table!` lists them in a different order than `{}`.", model.name),
            "Without `select`, a query fills the fields by position; with it, by name:".to_owned(),
            String::new(),
            format!("    .select({}::as_select())", model.name),
            String::new(),
            format!("Give the columns in `{file}` the same order, too."),
        ])
        .at(&table.file, first.line),
    )
}

/// All values are right, and the struct shows its fields in another order.
pub fn fields(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let pairs = differing(failure)?;
    let is_other_order = |(expected, got): &(Shown<'_>, Shown<'_>)| {
        let (mut one, mut other) = (expected.1.clone(), got.1.clone());
        one.sort_unstable();
        other.sort_unstable();
        one == other
    };
    if !pairs.iter().all(is_other_order) {
        return None;
    }
    let (expected, got) = pairs.first()?;
    let model = code.model(got.0)?;
    let own: Vec<_> = model.fields.iter().map(|field| field.name.as_str()).collect();
    let shown: Vec<_> = got.1.iter().map(|(name, _)| *name).collect();
    let right: Vec<_> = expected.1.iter().map(|(name, _)| *name).collect();
    let at = (0..own.len()).find(|at| own.get(*at) != right.get(*at))?;
    (own == shown).then(|| {
        Found::new([
            format!("All values are correct, but the fields of `{}` are in a different order. The table's order is:", model.name),
            format!("{}.", listed(&right)),
            String::new(),
            "Without `.select(…)`, a query fills the fields by position, so they must be in the order of the columns.".to_owned(),
        ])
        .at(&model.file, model.fields[at].line)
    })
}
