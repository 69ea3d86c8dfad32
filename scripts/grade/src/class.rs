//! A class: who takes part, what counts, and what each has reached.

pub mod alike;
pub mod attempt;
pub mod counted;
pub mod export;
pub mod fault;
pub mod grades;
pub mod gradescope;
pub mod handed_in;
pub mod matching;
pub mod names;
pub mod overrides;
pub mod points;
pub mod policy;
pub mod record;
pub mod roster;
pub mod rules;
pub mod times;
