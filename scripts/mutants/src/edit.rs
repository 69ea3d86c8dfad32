//! A change of a text, before it is known whose text it is.

use std::ops::Range;

use crate::operators::Operator;

pub struct Edit {
    pub operator: Operator,
    pub range: Range<usize>,
    pub after: String,
}
