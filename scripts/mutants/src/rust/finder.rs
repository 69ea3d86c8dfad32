//! Collects the changes of a source file, each with the text of the node that it replaces.

use std::collections::BTreeSet;
use std::ops::Range;

use syn::spanned::Spanned;

use crate::edit::Edit;
use crate::operators::Operator;

pub struct Finder<'a> {
    text: &'a str,
    pub edits: Vec<Edit>,
    /// Where calls of `eq` begin and end that give a column its value.
    pub assigned: BTreeSet<(usize, usize)>,
}

impl<'a> Finder<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, edits: Vec::new(), assigned: BTreeSet::new() }
    }

    pub fn range(node: &impl Spanned) -> Range<usize> {
        node.span().byte_range()
    }

    pub fn text_of(&self, node: &impl Spanned) -> &'a str {
        &self.text[Self::range(node)]
    }

    pub fn replace(&mut self, operator: Operator, node: &impl Spanned, after: impl Into<String>) {
        self.edits.push(Edit { operator, range: Self::range(node), after: after.into() });
    }

    pub fn replace_range(&mut self, operator: Operator, range: Range<usize>, after: impl Into<String>) {
        self.edits.push(Edit { operator, range, after: after.into() });
    }
}
